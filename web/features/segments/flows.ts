import {html, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import type {Matrix} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {isClass} from '../../model/classes';
import {sankeyOf} from '../../model/matrix';
import '../../ui/chart';
import type {Ink, Plot} from '../../ui/chart';
import type {Option} from '../../ui/charts';
import {count} from '../../ui/format';
import {emptyState} from '../../ui/parts';
import {View} from '../../ui/view';

type Flow = Matrix['flows'][number];

function option(flows: Flow[], ink: Ink): Option {
  const {nodes, links} = sankeyOf(flows);
  return {
    tooltip: {renderMode: 'richText', backgroundColor: ink.surface, borderColor: ink.line, textStyle: {color: ink.ink, fontFamily: ink.font}},
    series: [{
      type: 'sankey', left: 4, right: 96, top: 8, bottom: 8, nodeGap: 12, nodeWidth: 12, draggable: false, layoutIterations: 64,
      label: {color: ink.ink, fontFamily: ink.font, fontSize: 12, formatter: (part: {name: string}) => named('class', part.name.split(' ')[1] ?? '')},
      lineStyle: {color: 'gradient', opacity: 0.28, curveness: 0.5},
      data: nodes.map((node) => ({name: node.name, depth: node.side === 'before' ? 0 : 1, itemStyle: {color: ink.of(isClass(node.of) ? `--class-${node.of}` : '--line-2'), borderWidth: 0}})),
      links,
    }],
  } as Option;
}

/** Who moved from which class to which in the last thirty days. */
@customElement('rp-flows')
export class Flows extends View {
  @property({attribute: false}) flows: Flow[] = [];

  override render(): TemplateResult {
    const moving = this.flows.filter((flow) => flow.from !== flow.to && flow.customers > 0).sort((a, b) => b.customers - a.customers);
    const first = moving.find((flow) => flow.from !== 'absent') ?? moving[0];
    if (!first) return emptyState(t('flows.none'), t('flows.none_text'), undefined, 'journey');
    const plot: Plot<Flow> = {
      title: t('segments.flows'),
      reading: t('flows.reading', {n: count(first.customers), from: named('class', first.from), to: named('class', first.to)}),
      option: (ink) => option(moving, ink),
      tall: 340,
      table: {rows: moving, columns: [
        {head: t('flows.from'), cell: (row) => named('class', row.from)},
        {head: t('flows.to'), cell: (row) => named('class', row.to)},
        {head: t('segments.members'), number: true, cell: (row) => html`<a href="/customers?class=${row.to}">${count(row.customers)}</a>`},
      ]},
      drill: ({name}) => name.startsWith('after ') ? `/customers?class=${name.slice(6)}` : undefined,
    };
    return html`<rp-chart .plot=${plot}></rp-chart>`;
  }
}
