import {html, svg, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import type {Matrix} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {type Circle, circles, fullest} from '../../model/matrix';
import {count, percent} from '../../ui/format';
import {go} from '../../ui/navigate';
import {dataTable} from '../../ui/parts';
import {Screen} from '../../ui/view';

const kSide = 320;
const kLeft = 34;
const kBelow = 30;

/** Everybody by lifetime value and urgency; a circle's area is its number of customers, its colour the leading class. */
@customElement('rp-matrix')
export class MatrixPart extends Screen {
  @property({attribute: false}) matrix!: Matrix;
  @state() private asTable = false;

  private target(circle: Circle): string {
    const only = this.filter('class');
    return `/customers?value_bin=${circle.value}&urgency_bin=${circle.urgency}${only ? `&class=${only}` : ''}`;
  }

  private words(circle: Circle): string {
    return t('matrix.bin', {n: count(circle.customers), value: `${circle.value * 10}–${circle.value * 10 + 10}`,
      urgency: `${circle.urgency * 10}–${circle.urgency * 10 + 10}`, class: named('class', circle.leading)});
  }

  private picture(all: Circle[]): TemplateResult {
    const ticks = [0, 2, 4, 6, 8, 10];
    return html`<svg class="matrix" viewBox="0 0 ${kSide + kLeft + 14} ${kSide + kBelow + 8}" role="img" aria-label=${t('segments.matrix')}>
      <g transform="translate(${kLeft} 6)">
        <rect width=${kSide} height=${kSide} class="ground"></rect><line x1=${kSide / 2} x2=${kSide / 2} y1="0" y2=${kSide}></line><line y1=${kSide / 2} y2=${kSide / 2} x1="0" x2=${kSide}></line>
        ${ticks.map((n) => svg`<text x=${n * kSide / 10} y=${kSide + 14} text-anchor="middle">${n * 10}</text><text x="-7" y=${kSide - n * kSide / 10 + 4} text-anchor="end">${n * 10}</text>`)}
        <text class="axis" x=${kSide / 2} y=${kSide + 29} text-anchor="middle">${t('score.urgency')} →</text>
        <text class="axis" transform="translate(${-kLeft + 10} ${kSide / 2}) rotate(-90)" text-anchor="middle">${t('score.value')} →</text>
        ${all.map((circle) => svg`<circle class="bin" data-class=${circle.leading} cx=${circle.x} cy=${circle.y} r=${circle.r}
          @click=${() => go(this.target(circle))}><title>${this.words(circle)}</title></circle>`)}
      </g></svg>`;
  }

  override render(): TemplateResult {
    const all = circles(this.matrix.bins, kSide, this.filter('class'));
    const most = fullest(this.matrix.bins);
    const reading = most ? t('matrix.reading', {share: percent(most.share, 0), value: t(`matrix.value_${most.value}`), urgency: t(`matrix.urgency_${most.urgency}`)}) : t('matrix.empty');
    const rows = [...all].sort((a, b) => b.customers - a.customers);
    return html`<div class="stack tight"><div class="row spread"><p class="reading">${reading}</p>
        <button class="button tiny noprint" aria-pressed=${this.asTable} @click=${() => (this.asTable = !this.asTable)}>${t('chart.table')}</button></div>
      ${this.asTable ? dataTable(t('segments.matrix'), [
        {head: t('score.value'), cell: (row: Circle) => `${row.value * 10}–${row.value * 10 + 10}`},
        {head: t('score.urgency'), cell: (row: Circle) => `${row.urgency * 10}–${row.urgency * 10 + 10}`},
        {head: t('customers.classes'), cell: (row: Circle) => named('class', row.leading)},
        {head: t('segments.members'), number: true, cell: (row: Circle) => html`<a href=${this.target(row)}>${count(row.customers)}</a>`},
      ], rows) : this.picture(all)}</div>`;
  }
}
