import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {askVerdict, assignTo, type Hypothesis, readHypothesis, type Verdict} from '../../api/loop';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {metricName} from '../../ui/metric';
import {columnOf} from '../../model/hypotheses';
import type {Problem} from '../../model/result';
import {digits, told} from '../../model/study_report';
import {may} from '../../shell/session';
import {count, day, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {errorState, loaded, pageHead} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {verdictTone} from './hypotheses';

/** One card: what was registered, how full its arms are, and, from its date on, the verdict. */
@customElement('rp-hypothesis')
export class HypothesisScreen extends Screen {
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private readonly card = new Load(this, () => this.cardId(), (signal) => readHypothesis(this.cardId(), signal));

  private cardId(): string {
    return this.place.params['id'] ?? '';
  }
  private readonly assign = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const most = Number(new FormData(event.target as HTMLFormElement).get('most') ?? 1000);
    this.busy = true;
    const got = await assignTo(this.cardId(), {most});
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) toast(t('hypotheses.drawn', {n: count(got.value.assigned), already: count(got.value.already)}));
    void this.card.reload();
  };
  private readonly decide = async (): Promise<void> => {
    this.busy = true;
    const got = await askVerdict(this.cardId());
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) void this.card.reload();
  };

  private verdict(verdict: Verdict): TemplateResult {
    const language = currentLanguage();
    return html`<section class="card stack tight"><header><h2>${t('hypotheses.verdict')}</h2><span class="chip ${verdictTone(verdict.verdict)}">${named('verdictword', verdict.verdict)}</span></header>
      <p class="headline">${told(verdict.reading, language)}</p>
      <div class="grid figures">${(['control', 'treatment'] as const).map((arm) => html`<div><p class="muted small">${named('arm', arm)}</p><p class="bignumber">${digits(verdict[arm].mean, language)} <small>n = ${count(verdict[arm].n)}</small></p></div>`)}
        <div><p class="muted small">${t('hypotheses.difference')}</p><p class="bignumber">${digits(verdict.lift, language)} <small>${t('report.between', {low: digits(verdict.ci_low, language), high: digits(verdict.ci_high, language)})}</small></p></div>
        <div><p class="muted small">p</p><p class="bignumber">${digits(verdict.p, language)}</p></div></div>
      <p class="small muted">${t('hypotheses.decided', {when: day(verdict.decided_at)})}${verdict.sample_ratio_p === null || verdict.sample_ratio_p === undefined ? '' : ` · ${t('hypotheses.ratio', {p: digits(verdict.sample_ratio_p, language)})}`}</p></section>`;
  }
  private registered(card: Hypothesis): TemplateResult {
    const lines: [string, string][] = [
      [t('hypothesis.metric'), metricName(card.metric)], [t('hypothesis.direction'), card.direction === 'up' ? t('hypotheses.up') : t('hypotheses.down')], [t('hypothesis.effect'), digits(card.effect, currentLanguage())],
      [t('hypotheses.baseline'), digits(card.baseline, currentLanguage())], [t('hypothesis.segment'), card.segment ? named('class', card.segment) : t('hypotheses.everybody')],
      [t('hypothesis.design'), card.design === 'assignment' ? t('hypotheses.by_lot') : t('hypotheses.by_segment')], [t('hypothesis.share'), percent(card.share / 100, 0)],
      [t('hypotheses.size'), card.per_arm === null ? '–' : t('hypotheses.per_arm', {n: count(card.per_arm)})], [t('hypothesis.alpha'), digits(card.alpha, currentLanguage())], [t('hypothesis.power'), digits(card.power, currentLanguage())],
      [t('hypothesis.guard'), card.guardrail ? t('hypotheses.guarded', {metric: metricName(card.guardrail.metric), bound: digits(card.guardrail.worse_by_most, currentLanguage())}) : t('hypotheses.no_guard')],
      [t('hypothesis.by'), day(card.by)], [t('hypotheses.since'), day(card.registered_at)]];
    return html`<section class="card stack tight"><header><h2>${t('hypotheses.as_registered')}</h2></header><dl class="pairs">${lines.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
  }
  private arms(card: Hypothesis): TemplateResult {
    return html`<section class="card stack"><header><h2>${t('hypotheses.arms')}</h2></header>
      <div class="grid figures">${(['control', 'treatment'] as const).map((arm) => html`<div><p class="muted small">${named('arm', arm)}</p><p class="bignumber">${count(card.assigned[arm])}</p></div>`)}</div>
      ${card.status === 'running' && may('publish') && card.design === 'assignment' ? html`<form class="row noprint" @submit=${this.assign}><label class="row"><span class="muted">${t('surveys.most')}</span><input class="input least" name="most" type="number" min="1" max="100000" value="1000"></label>
        <button class="button" ?disabled=${this.busy}>${t('hypotheses.draw')}</button></form>` : nothing}</section>`;
  }

  override render(): TemplateResult {
    const card = this.card.value;
    const title = card ? t('hypotheses.sentence', {cause: card.if, effect: card.then}) : this.cardId();
    const actions = card ? html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>` : nothing;
    return html`${pageHead(title, card ? html`<span class="chip">${named('hypothesisstate', columnOf(card))}</span>` : nothing, actions)}<p class="noprint"><a href="/hypotheses">${t('hypotheses.all')}</a></p>
      ${loaded(this.card, (one) => html`${one.verdict ? this.verdict(one.verdict) : nothing}
        ${one.status === 'due' && !one.verdict && may('publish') ? html`<p class="noprint"><button class="button main" ?disabled=${this.busy} @click=${this.decide}>${t('hypotheses.decide')}</button></p>` : nothing}
        ${this.problem ? errorState(this.problem) : nothing}<div class="grid two">${this.registered(one)}${this.arms(one)}</div>`, 10)}`;
  }
}
