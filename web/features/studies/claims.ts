import {html, svg, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {runStudy} from '../../api/studies';
import {named, t} from '../../i18n/i18n';
import {type Claim, claimsOf, reasonOf, share} from '../../model/claims';
import type {Report} from '../../model/study_report';
import {count, decimal, percent} from '../../ui/format';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {skeleton} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {refusal} from './refusal';

const kWidth = 240;
const kTone: Record<string, string> = {borne_out: 'good', larger: 'good', smaller: 'warn', opposite: 'bad', none_seen: 'warn', open: '', cannot_tell: ''};

/** Each claim of the sources with the shop's own figure and its interval, or why the data cannot tell. */
@customElement('rp-claims')
export class Claims extends Screen {
  private readonly board = new Load<Report>(this, () => this.filter('least'), (signal) => runStudy('claims', {options: this.filter('least') ? {least: this.filter('least')} : {}}, signal));

  private value(claim: Claim, value: number | null): string {
    if (value === null) return '–';
    if (claim.claim === 'consulting_trust') return percent(value);
    const signed = value > 0 ? '+' : '';
    return share(claim.claim) ? `${signed}${percent(value)}` : `${signed}${decimal(value, 2)}`;
  }
  private reason(text: string): TemplateResult {
    const reason = reasonOf(text);
    return html`${t('claims.why_not')}: ${!reason ? html`<span lang="en">${text}</span>` : reason.kind === 'no_column' ? t('claims.no_column', {what: reason.what.split(' and ').map((name) => named('claimneeds', name)).join(t('claims.and'))})
      : reason.kind === 'few_with' ? t('claims.few_with', {...reason}) : reason.kind === 'few_without' ? t('claims.few_without', {...reason}) : t('claims.few', {...reason})}`;
  }
  /** The shop's interval as a line, what is claimed as a hollow mark, nothing as a dashed line. */
  private drawn(claim: Claim): TemplateResult {
    const {low, high, figure, claimed} = claim;
    const ends = [low, high, figure, claimed, 0].filter((one): one is number => one !== null);
    const from = Math.min(...ends);
    const room = (Math.max(...ends) - from || 1) * 1.12;
    const x = (value: number): number => Math.round(((value - from + room * 0.05) / room) * kWidth);
    return html`<svg class="interval claimline" viewBox="0 0 ${kWidth} 30" aria-hidden="true">${svg`<line x1=${x(0)} x2=${x(0)} y1="2" y2="28" class="zero"></line>
      ${low !== null && high !== null ? svg`<line x1=${x(low)} x2=${x(high)} y1="15" y2="15" class="range"></line>` : ''}
      ${figure !== null ? svg`<circle cx=${x(figure)} cy="15" r="4.5"></circle>` : ''}
      ${claimed !== null ? svg`<rect class="claimed" x=${x(claimed) - 5} y="10" width="10" height="10"></rect>` : ''}`}</svg>`;
  }
  private card(claim: Claim): TemplateResult {
    return html`<li class="card stack tight claim"><header><h2>${named('claim', claim.claim)}</h2><span class="chip ${kTone[claim.verdict] ?? ''}">${named('claimverdict', claim.verdict)}</span></header>
      ${claim.figure === null ? html`<p class="soft small">${this.reason(claim.reason)}</p>` : html`
        <p class="row base"><span class="bignumber">${this.value(claim, claim.figure)}</span><span class="muted small">${t('claims.interval')} ${this.value(claim, claim.low)} … ${this.value(claim, claim.high)}</span></p>
        ${this.drawn(claim)}
        <p class="small muted">${t('claims.claimed')}: ${claim.claimed === null ? t('claims.no_number') : this.value(claim, claim.claimed)} · ${claim.exposed < claim.n ? t('claims.n_with', {n: count(claim.n), m: count(claim.exposed)}) : t('claims.n', {n: count(claim.n)})} · ${named('claimevidence', claim.evidence)}</p>`}</li>`;
  }

  override render(): TemplateResult {
    const set = (event: Event): void => setFilters({least: (event.target as HTMLInputElement).value});
    return html`<label class="row noprint"><span class="muted">${t('claims.least')}</span><input class="input least" type="number" min="5" max="10000" .value=${this.filter('least') || '30'} @change=${set}></label>${this.answer()}`;
  }
  private answer(): TemplateResult {
    if (this.board.error) return refusal(this.board.error);
    if (!this.board.value) return skeleton(14);
    const claims = claimsOf(this.board.value);
    const told = claims.filter(({figure}) => figure !== null);
    const borne = told.filter(({verdict}) => verdict === 'borne_out' || verdict === 'larger').length;
    const loose = told.some(({evidence}) => evidence === 'goes together');
    return html`<section class="card stack tight"><p class="headline">${told.length ? t('claims.told', {told: told.length, borne, open: claims.length - told.length}) : t('claims.none_hold')}</p>
        ${loose ? html`<p class="soft small">${t('claims.together')}</p>` : ''}<p class="noprint"><a class="button" href="/studies/run/claims">${t('claims.study')}</a></p></section>
      <ul class="grid three">${told.map((claim) => this.card(claim))}</ul>
      <ul class="grid three">${claims.filter(({figure}) => figure === null).map((claim) => this.card(claim))}</ul>`;
  }
}
