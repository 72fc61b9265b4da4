import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readServices} from '../../api/insight';
import {askPower, type PowerAnswer, readHypotheses, registerHypothesis} from '../../api/loop';
import {readSegments} from '../../api/segments';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {metricName} from '../../ui/metric';
import {cardId, cardOf, type Draft, powerOf} from '../../model/hypotheses';
import type {Problem} from '../../model/result';
import {digits, told} from '../../model/study_report';
import {count} from '../../ui/format';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {errorState, loaded, pageHead} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kPause = 350;
const kDays = 60;
/** What the sample size rests on. */
const kSizing: readonly (keyof Draft)[] = ['metric', 'effect', 'segment', 'alpha', 'power', 'share', 'service_id', 'window_days', 'design', 'direction'];

/** A card is written: what, until when, how large an effect, and how many people that takes; registered it never changes. */
@customElement('rp-hypothesis-form')
export class HypothesisForm extends Screen {
  @state() private draft: Draft = {if: '', then: '', by: new Date(Date.now() + kDays * 86_400_000).toISOString().slice(0, 10), metric: '', direction: 'up', effect: '', window_days: '', segment: '', service_id: '',
    worth: '', guard: '', guard_bound: '', design: 'assignment', share: '50', alpha: '0.05', power: '0.8'};
  @state() private power: PowerAnswer | undefined;
  @state() private powerProblem: Problem | undefined;
  @state() private problem: Problem | undefined;
  private waiting = 0;
  private asking: AbortController | undefined;
  private readonly known = new Load(this, () => 'all', readHypotheses);
  private readonly segments = new Load(this, () => 'all', readSegments);
  private readonly services = new Load(this, () => 'all', readServices);

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.clearTimeout(this.waiting);
    this.asking?.abort();
  }

  private set(name: keyof Draft, value: string): void {
    this.draft = {...this.draft, [name]: value};
    if (name === 'metric') {
      const metric = this.known.value?.metrics.find((one) => one.metric === value);
      if (metric) this.draft = {...this.draft, direction: metric.better};
    }
    if (kSizing.includes(name)) {
      window.clearTimeout(this.waiting);
      this.waiting = window.setTimeout(() => void this.compute(), kPause);
    }
  }
  private async compute(): Promise<void> {
    const {metric, effect} = this.draft;
    this.asking?.abort();
    if (!metric || !(Number(effect) > 0)) return;
    const mine = (this.asking = new AbortController());
    const got = await askPower(powerOf(this.draft), mine.signal);
    if (mine.signal.aborted) return;
    this.power = got.ok ? got.value : undefined;
    this.powerProblem = got.ok ? undefined : got.error;
  }
  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const id = cardId(this.draft.then, new Date());
    const got = await registerHypothesis(id, cardOf(this.draft));
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('hypotheses.registered'));
    go(`/hypotheses/${encodeURIComponent(id)}`);
  };

  private input(name: keyof Draft, type: string, required = false): TemplateResult {
    return html`<div class="field"><label for="h-${name}">${named('hypothesis', name)}</label><input class="input" id="h-${name}" type=${type} step="any" maxlength="300" autocomplete="off" ?required=${required}
      .value=${this.draft[name]} @input=${(event: Event) => this.set(name, (event.target as HTMLInputElement).value)}></div>`;
  }
  private choice(name: keyof Draft, options: [value: string, text: string][], required = false): TemplateResult {
    return html`<div class="field"><label for="h-${name}">${named('hypothesis', name)}</label><select class="input" id="h-${name}" ?required=${required} @change=${(event: Event) => this.set(name, (event.target as HTMLSelectElement).value)}>
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === this.draft[name]}>${text}</option>`)}</select></div>`;
  }
  private needed(): TemplateResult {
    const {power} = this;
    if (this.powerProblem) return errorState(this.powerProblem);
    if (!power) return html`<p class="muted">${t('hypotheses.power_first')}</p>`;
    return html`<p class="headline" role="status">${t('hypotheses.per_arm', {n: count(power.per_arm)})}</p>
      <p class="soft">${t('hypotheses.power_why', {baseline: digits(power.baseline, currentLanguage()), n: count(power.n), available: count(power.available)})}</p>
      ${power.enough ? html`<p><span class="chip good">${t('hypotheses.enough')}</span></p>` : html`<p><span class="chip warn">${t('hypotheses.too_few')}</span></p>`}`;
  }

  private form(): TemplateResult {
    const metrics = this.known.value?.metrics ?? [];
    const of = (empty: string): [string, string][] => [['', empty], ...metrics.map(({metric}): [string, string] => [metric, metricName(metric)])];
    const segments = (this.segments.value?.segments ?? []).map(({name, members}): [string, string] => [name, `${named('class', name)} (${count(members)})`]);
    const services = (this.services.value?.services ?? []).map((one): [string, string] => [one.service_id, currentLanguage() === 'en' ? (one.name_en ?? one.name) : one.name]);
    const metric = metrics.find((one) => one.metric === this.draft.metric);
    return html`<form class="grid side" @submit=${this.save}><div class="stack">
        <section class="card stack"><header><h2>${t('hypotheses.what')}</h2></header><div class="fields">${this.input('if', 'text', true)}${this.input('then', 'text', true)}${this.input('by', 'date', true)}
          ${this.choice('service_id', [['', t('hypotheses.any_service')], ...services])}</div></section>
        <section class="card stack"><header><h2>${t('hypotheses.measured')}</h2></header><div class="fields">${this.choice('metric', of(t('study.choose')), true)}
          ${metric ? html`<p class="hint soft small whole">${told(metric.definition, currentLanguage())}${metric.of_service && !this.draft.service_id ? ` ${t('hypotheses.needs_service')}` : ''}</p>` : nothing}
          ${this.choice('direction', [['up', t('hypotheses.up')], ['down', t('hypotheses.down')]])}${this.input('effect', 'number', true)}${this.input('window_days', 'number')}
          ${this.choice('segment', [['', t('hypotheses.everybody')], ...segments])}${this.draft.service_id ? this.input('worth', 'number') : nothing}${this.choice('guard', of(t('hypotheses.no_guard')))}${this.input('guard_bound', 'number')}</div></section>
        <section class="card stack"><header><h2>${t('hypotheses.how')}</h2></header><div class="fields">${this.choice('design', [['assignment', t('hypotheses.by_lot')], ['segment', t('hypotheses.by_segment')]])}
          ${this.input('share', 'number')}${this.input('alpha', 'number')}${this.input('power', 'number')}</div></section></div>
      <section class="card stack"><header><h2>${t('hypotheses.size')}</h2></header>${this.needed()}
        ${this.problem ? errorState(this.problem) : nothing}<p class="soft small">${t('hypotheses.for_good')}</p><p><button class="button main">${t('hypotheses.register')}</button></p></section></form>`;
  }

  override render(): TemplateResult {
    return html`${pageHead(t('hypotheses.new'), t('hypotheses.form_lead'))}<p><a href="/hypotheses">${t('hypotheses.all')}</a></p>${loaded(this.known, () => this.form(), 10)}`;
  }
}
