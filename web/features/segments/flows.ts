import {html, svg, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import type {Matrix} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {kClassesByLife} from '../../model/classes';
import {type FlowBand, layFlows} from '../../model/flow_layout';
import {count} from '../../ui/format';
import {go} from '../../ui/navigate';
import {dataTable, emptyState} from '../../ui/parts';
import {View} from '../../ui/view';

type Flow = Matrix['flows'][number];

const kWidth = 480;
const kHeight = 340;
const kSide = 92;
const kOrder = ['absent', ...kClassesByLife];

/** Who moved from which class to which in the last thirty days, as a Sankey diagram; drawn by hand, so that it costs nothing to load. */
@customElement('rp-flows')
export class Flows extends View {
  @property({attribute: false}) flows: Flow[] = [];
  @state() private asTable = false;

  private words(band: Flow): string {
    return t('flows.band', {n: count(band.customers), from: named('class', band.from), to: named('class', band.to)});
  }
  private band(band: FlowBand): TemplateResult {
    const [left, right] = [kSide + 12, kWidth - kSide - 12];
    const middle = (left + right) / 2;
    return svg`<path class="band-of" data-class=${band.to} d="M${left} ${band.y0}C${middle} ${band.y0} ${middle} ${band.y1} ${right} ${band.y1}"
      stroke-width=${Math.max(1, band.thickness)} @click=${() => go(`/customers?class=${band.to}`)}><title>${this.words(band)}</title></path>` as TemplateResult;
  }

  private picture(flows: Flow[]): TemplateResult {
    const {nodes, bands} = layFlows(flows, kOrder, kHeight);
    return html`<svg class="flows" viewBox="0 -6 ${kWidth} ${kHeight + 12}" role="img" aria-label=${t('segments.flows')}>
      ${bands.map((band) => this.band(band))}
      ${nodes.map((node) => {
        const before = node.side === 'before';
        return svg`<rect class="node-of" data-class=${node.of} x=${before ? kSide : kWidth - kSide - 12} y=${node.y} width="12" height=${node.height} rx="2"></rect>
          <text x=${before ? kSide - 7 : kWidth - kSide + 7} y=${node.y + node.height / 2 + 4} text-anchor=${before ? 'end' : 'start'}>${named('class', node.of)}</text>`;
      })}</svg>`;
  }

  override render(): TemplateResult {
    const moving = this.flows.filter((flow) => flow.from !== flow.to && flow.customers > 0).sort((a, b) => b.customers - a.customers);
    const first = moving.find((flow) => flow.from !== 'absent') ?? moving[0];
    if (!first) return emptyState(t('flows.none'), t('flows.none_text'), undefined, 'journey');
    return html`<div class="stack tight"><div class="row spread"><p class="reading">${t('flows.reading', {n: count(first.customers), from: named('class', first.from), to: named('class', first.to)})}</p>
        <button class="button tiny noprint" aria-pressed=${this.asTable} @click=${() => (this.asTable = !this.asTable)}>${t('chart.table')}</button></div>
      ${this.asTable ? dataTable(t('segments.flows'), [
        {head: t('flows.from'), cell: (row: Flow) => named('class', row.from)},
        {head: t('flows.to'), cell: (row: Flow) => named('class', row.to)},
        {head: t('segments.members'), number: true, cell: (row: Flow) => html`<a href="/customers?class=${row.to}">${count(row.customers)}</a>`},
      ], moving) : this.picture(moving)}</div>`;
  }
}
