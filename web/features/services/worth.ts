import {html, nothing, svg, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {kQuadrants, readWorth, type Worth, type WorthAnswer} from '../../api/loop';
import {readNouns} from '../../api/nouns';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {placed, unsure} from '../../model/worth';
import {money, percent} from '../../ui/format';
import {Load} from '../../ui/load';
import {serviceName} from '../../ui/nouns';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {adviceLine, studyLink} from './advice';

const kSide = 420;
const kAround = 34;

/** The matrix of benefit and cost: where each service lies, how surely, and what that says to do with it. */
@customElement('rp-services-worth')
export class ServicesWorth extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly worth = new Load(this, () => 'all', readWorth);

  private name(one: {service_id: string; name?: string}): string {
    return this.nouns.value ? serviceName(this.nouns.value, one.service_id) : (one.name ?? one.service_id);
  }
  private matrix(answer: WorthAnswer): TemplateResult {
    const {services, lineX, lineY} = placed(answer.services, answer.benefit_line, answer.cost_line);
    const x = (value: number): number => Math.round(kAround + value * kSide);
    const y = (value: number): number => Math.round(kAround / 2 + (1 - value) * kSide);
    const corner = (quadrant: string, right: boolean, low: boolean): TemplateResult => svg`<text class="corner" x=${right ? x(0.985) : x(0.015)} y=${low ? y(0.02) : y(0.955)} text-anchor=${right ? 'end' : 'start'}>${named('val', quadrant)}</text>`;
    return html`<svg class="worth" viewBox="0 0 ${kSide + kAround * 2} ${kSide + kAround * 1.5}" role="img" aria-label=${t('worth.matrix')}>
      ${svg`<rect class="ground" x=${x(0)} y=${y(1)} width=${kSide} height=${kSide}></rect>`}
      ${lineX === null ? '' : svg`<line x1=${x(lineX)} x2=${x(lineX)} y1=${y(0)} y2=${y(1)}></line>`}${lineY === null ? '' : svg`<line x1=${x(0)} x2=${x(1)} y1=${y(lineY)} y2=${y(lineY)}></line>`}
      ${corner('widen', false, false)}${corner('invest', true, false)}${corner('keep_lean', false, true)}${corner('mend', true, true)}
      ${services.map((one) => svg`<g data-quadrant=${one.worth.quadrant}><line class="span" x1=${x(one.left)} x2=${x(one.right)} y1=${y(one.y)} y2=${y(one.y)}></line><line class="span" x1=${x(one.x)} x2=${x(one.x)} y1=${y(one.down)} y2=${y(one.up)}></line>
        <circle cx=${x(one.x)} cy=${y(one.y)} r="6"></circle><text x=${x(one.x) + (one.x > 0.7 ? -10 : 10)} y=${y(one.y) - 8} text-anchor=${one.x > 0.7 ? 'end' : 'start'}>${this.name(one.worth)}</text></g>`)}
      ${svg`<text class="axis" x=${x(0.5)} y=${kSide + kAround * 1.2} text-anchor="middle">${t('worth.cost')}</text><text class="axis" transform="translate(${kAround / 2} ${y(0.5)}) rotate(-90)" text-anchor="middle">${t('worth.benefit')}</text>`}</svg>`;
  }
  private reading(answer: WorthAnswer): string {
    const pays = answer.services.filter(({net_low}) => net_low > 0).map((one) => this.name(one));
    const loses = answer.services.filter(({net_high}) => net_high < 0).map((one) => this.name(one));
    const open = unsure(answer.services).map((one) => this.name(one));
    const list = (names: string[]): string => names.length ? names.join(currentLanguage() === 'en' ? ', ' : '、') : t('worth.none_of_them');
    return t('worth.reading', {pays: list(pays), loses: list(loses), open: list(open)});
  }
  private advised(answer: WorthAnswer): TemplateResult {
    return html`<section class="card stack tight"><h2>${t('worth.advised')}</h2><ul class="lines">${answer.services.map((one) => html`<li class="stack tight"><a href="/services/${encodeURIComponent(one.service_id)}">${this.name(one)}</a>${adviceLine(one.advice)}</li>`)}</ul></section>`;
  }
  private table(answer: WorthAnswer): TemplateResult {
    const amount = (value: number): string => money(value, answer.currency);
    return html`<section class="card flush"><header><h2>${t('worth.table')}</h2></header>${dataTable(t('worth.table'), [
      {head: t('published.service'), cell: (row: Worth) => html`<a href="/services/${encodeURIComponent(row.service_id)}">${this.name(row)}</a>`},
      {head: t('worth.place'), cell: (row: Worth) => html`<span class="chip main">${named('val', row.quadrant)}</span>`},
      {head: t('worth.benefit'), number: true, cell: (row: Worth) => html`${amount(row.benefit)} <span class="muted">± ${amount(1.96 * row.benefit_se)}</span>`},
      {head: t('worth.cost'), number: true, cell: (row: Worth) => html`${amount(row.cost)}${row.cost_se ? html` <span class="muted">± ${amount(1.96 * row.cost_se)}</span>` : nothing}`},
      {head: t('worth.net'), number: true, cell: (row: Worth) => html`<strong>${amount(row.net)}</strong> <span class="muted">${t('report.between', {low: amount(row.net_low), high: amount(row.net_high)})}</span>`},
      {head: t('worth.pays'), number: true, cell: (row: Worth) => percent(row.pays_probability)},
      {head: t('worth.roi'), number: true, cell: (row: Worth) => row.roi === null ? '–' : percent(row.roi, 0)},
      ...kQuadrants.map((quadrant) => ({head: t('worth.chance', {of: named('val', quadrant)}), number: true, cell: (row: Worth) => percent(row.probability[quadrant], 0)})),
      {head: t('worth.advice'), cell: (row: Worth) => html`<span class="chip">${named('advice', row.advice.action)}</span>`},
      {head: t('actions.study'), cell: (row: Worth) => html`${row.study_id ? studyLink(row.study_id) : nothing} <span class="muted small">${told(row.basis_text, currentLanguage())}</span>`},
    ], answer.services)}</section>`;
  }

  override render(): TemplateResult {
    return loaded(this.worth, (answer) => html`${answer.services.length === 0 ? emptyState(t('worth.none'), t('worth.none_text'), html`<a class="button" href="/studies">${t('study.all_methods')}</a>`, 'services')
      : html`<section class="card stack"><p class="reading">${this.reading(answer)}</p><p class="muted small">${t('worth.by_month')}</p>${this.matrix(answer)}</section>${this.advised(answer)}${this.table(answer)}`}
      ${answer.unmeasured.length ? html`<section class="card stack tight"><h2>${t('worth.unmeasured')}</h2><ul class="lines small">${answer.unmeasured.map((one) => html`<li><a href="/services/${encodeURIComponent(one.service_id)}">${this.name(one)}</a> <span class="chip">${named('advice', one.advice.action)}</span> <span class="soft">${told(one.reason_text, currentLanguage())}</span></li>`)}</ul></section>` : nothing}`, 14);
  }
}
