import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Explanation, explainSegment, explainTag} from '../../api/customers';
import {named, t} from '../../i18n/i18n';
import {kClassesByLife} from '../../model/classes';
import type {Problem} from '../../model/result';
import {cssVars} from '../../ui/css_vars';
import '../../ui/dialog';
import {moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {errorState, type Part, skeleton} from '../../ui/parts';
import {View} from '../../ui/view';

const kEventsShown = 12;

/** A button "why" that opens the reasons: each part of the rule, what it came to, and the events behind it. */
@customElement('rp-why')
export class Why extends View {
  @property() customer = '';
  @property() segment = '';
  @property() tag = '';
  @property() about = '';
  @property() label = '';
  @state() private open = false;
  @state() private answer: Explanation | undefined;
  @state() private problem: Problem | undefined;

  private readonly show = async (): Promise<void> => {
    this.open = true;
    this.answer = undefined;
    this.problem = undefined;
    const got = await (this.segment ? explainSegment(this.customer, this.segment) : explainTag(this.customer, this.tag));
    if (got.ok) this.answer = got.value;
    else this.problem = got.error;
  };

  private events(seqs: number[]): Part {
    if (seqs.length === 0) return nothing;
    return html`<span class="seqs"><span class="small muted">${t('why.events', {n: seqs.length})}</span>${seqs.slice(-kEventsShown).reverse().map((seq) =>
      html`<a class="mono" href="/customers/${this.customer}?event=${seq}" @click=${() => (this.open = false)}>${seq}</a>`)}${seqs.length > kEventsShown ? '…' : ''}</span>`;
  }

  private reasons(answer: Explanation): TemplateResult {
    return html`<p class="row"><span class="chip ${answer.answer === 'yes' ? 'good' : answer.answer === 'undetermined' ? 'warn' : ''}">${named('answer', answer.answer)}</span>
        <span class="muted">${answer.until ? t('why.until', {when: moment(answer.until)}) : t('why.no_until')}</span></p>
      <ol class="steps">${answer.steps.map((step) => html`<li ${cssVars({'--depth': step.depth ?? 0})}><code>${step.rule}</code>
        <div class="row base"><span class="verdict ${step.value.startsWith('true') ? 'yes' : step.value.startsWith('false') ? 'no' : ''}">${step.value}</span>${this.events(step.events)}</div></li>`)}</ol>
      <p class="small muted">${t('why.known_at', {seq: answer.known_at, when: moment(answer.valid_at)})}</p>`;
  }

  override render(): TemplateResult {
    const about = this.about || named('class', this.segment || this.tag);
    const body: Part = this.problem ? errorState(this.problem) : this.answer ? this.reasons(this.answer) : skeleton(5);
    return html`<button class="button quiet tiny whybutton" @click=${this.show} aria-label="${this.label || t('why.why')} ${about}">${icon('why', 15)}<span class="words">${this.label || t('why.why')}</span></button>
      ${this.open ? html`<rp-dialog wide heading=${t('why.title', {about})} .body=${body} @done=${() => (this.open = false)}></rp-dialog>` : nothing}`;
  }
}

/** "Why not": the same reasons for a class that the customer is not in. */
@customElement('rp-why-not')
export class WhyNot extends View {
  @property() customer = '';
  @property({attribute: false}) has: string[] = [];
  @property({attribute: false}) names: readonly string[] = kClassesByLife.filter((name) => name !== 'other');
  @state() private chosen = '';

  override render(): TemplateResult {
    const missing = this.names.filter((name) => !this.has.includes(name));
    const chosen = missing.includes(this.chosen) ? this.chosen : (missing[0] ?? '');
    if (missing.length === 0) return html``;
    return html`<div class="row whynot"><label class="row"><span class="small muted">${t('why.not_in')}</span>
      <select class="input" @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}>${missing.map((name) =>
        html`<option value=${name} ?selected=${name === chosen}>${named('class', name)}</option>`)}</select></label>
      <rp-why .customer=${this.customer} .segment=${chosen} .label=${t('why.why_not')}></rp-why></div>`;
  }
}
