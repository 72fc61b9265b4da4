import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type Matrix, readMatrix, readSegments, type Segment} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {kClassesByLife, type UserClass} from '../../model/classes';
import {may} from '../../shell/session';
import {saveExcel} from '../../ui/excel';
import {count, decimal} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {type Column, dataTable, emptyState, loaded, meter, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './flows';
import './matrix';

const kSix = kClassesByLife.filter((name): name is Exclude<UserClass, 'other'> => name !== 'other');

/** The six classes: where they stand, how people move between them, what each needs; and the shop's own segments. */
@customElement('rp-segments')
export class Segments extends Screen {
  private readonly matrix = new Load<Matrix>(this, () => 'matrix', readMatrix);
  private readonly segments = new Load<{segments: Segment[]}>(this, () => 'segments', readSegments);

  private card(name: Exclude<UserClass, 'other'>): TemplateResult {
    const rule = this.segments.value?.segments.find((segment) => segment.name === name);
    const stats = this.matrix.value?.classes.find((one) => one.name === name);
    return html`<article class="card classcard" data-class=${name}>
      <header><h3><i class="dot"></i> <a class="plain" href="/segments/${name}">${named('class', name)}</a></h3>
        <a class="bignumber" href="/customers?segment=${name}" aria-label="${named('class', name)}: ${count(rule?.members)}">${count(rule?.members)}</a></header>
      ${rule?.undetermined ? html`<p class="small muted">${t('customer.undetermined', {reason: rule.undetermined})}</p>` : nothing}
      <div class="row small"><span class="muted">${t('score.value')}</span>${meter(stats && Math.round(stats.mean_value))}<span class="muted">${t('score.urgency')}</span>${meter(stats && Math.round(stats.mean_urgency), 'var(--class-churn_risk)')}</div>
      <dl class="classwords"><dt>${t('segments.needs')}</dt><dd>${t(`need.${name}`)}</dd><dt>${t('segments.pains')}</dt><dd>${t(`pain.${name}`)}</dd>
        <dt>${t('segments.action')}</dt><dd>${t(`act.${name}`)}</dd></dl></article>`;
  }

  private own(segments: Segment[]): TemplateResult {
    const own = segments.filter((segment) => !segment.shipped);
    const columns: Column<Segment>[] = [
      {head: t('segments.name'), cell: (row) => html`<a href="/segments/${encodeURIComponent(row.name)}">${row.name}</a>`},
      {head: t('segments.rule'), cell: (row) => html`<code>${row.rule}</code>`},
      {head: t('segments.members'), number: true, cell: (row) => html`<a href="/customers?segment=${encodeURIComponent(row.name)}">${count(row.members)}</a>`},
    ];
    return html`<section class="card flush"><header><h2>${t('segments.own')}</h2>${may('publish')
      ? html`<a class="button tiny" href="/segments/new?write=1">${icon('plus', 15)}${t('segments.write')}</a>` : nothing}</header>
      ${own.length === 0 ? emptyState(t('segments.no_own'), t('segments.no_own_text'), nothing, 'segments') : dataTable(t('segments.own'), columns, own)}</section>`;
  }

  private readonly excel = (): void => {
    const rows = (this.segments.value?.segments ?? []).map((segment) => {
      const stats = this.matrix.value?.classes.find(({name}) => name === segment.name);
      return [named('class', segment.name), segment.members, stats?.mean_value ?? null, stats?.mean_urgency ?? null, segment.rule];
    });
    void saveExcel('segments', ['segment', 'customers', 'mean_value', 'mean_urgency', 'rule'], rows);
  };

  override render(): TemplateResult {
    const actions = html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      <button class="button" ?disabled=${!this.segments.value} @click=${this.excel}>${icon('download', 16)}${t('action.excel')}</button>`;
    const people = this.matrix.value?.customers ?? this.matrix.value?.bins.reduce((sum, bin) => sum + bin.customers, 0);
    return html`${pageHead(t('nav.segments'), people === undefined ? t('segments.lead') : t('segments.lead_n', {n: count(people), position: decimal(this.matrix.value?.known_at, 0)}), actions)}
      <div class="grid matrixgrid">
        <section class="card"><header><h2>${t('segments.matrix')}</h2></header>${loaded(this.matrix, (matrix) => html`<rp-matrix .matrix=${matrix} .place=${this.place}></rp-matrix>`, 20)}</section>
        <section class="card"><header><h2>${t('segments.flows')}</h2><p>${t('segments.flows_when')}</p></header>${loaded(this.matrix, (matrix) => html`<rp-flows .flows=${matrix.flows}></rp-flows>`, 14)}</section>
      </div>
      <section class="stack"><h2>${t('segments.six')}</h2><div class="grid three">${kSix.map((name) => this.card(name))}</div></section>
      ${loaded(this.segments, ({segments}) => this.own(segments), 3)}`;
  }
}
