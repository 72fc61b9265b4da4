import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {checkRule, type RuleCheck} from '../../api/segments';
import {t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import {count} from '../../ui/format';
import {icon} from '../../ui/icons';
import {errorState, skeleton} from '../../ui/parts';
import {View} from '../../ui/view';

const kWait = 350;
const kExamples = 8;

export interface RuleWritten {
  text: string;
  /** Checked, and it holds for somebody or nobody; false while it is being checked. */
  ok: boolean;
}

/**
 * Where a rule is written: counted while one writes, with people whom it would hold. Fires `rule` with what was written, at each change
 * and when the check has answered.
 */
@customElement('rp-rule-field')
export class RuleField extends View {
  @property() text = '';
  @property() label = '';
  @property() name = 'rule';
  @property({type: Number}) rows = 6;
  @property({type: Boolean}) locked = false;
  @state() private check: RuleCheck | undefined;
  @state() private checking = false;
  @state() private problem: Problem | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | undefined;
  private asked: string | undefined;

  override willUpdate(): void {
    if (this.text === this.asked) return;
    this.ask(this.text);
    queueMicrotask(() => this.tell());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    this.running?.abort();
    this.asked = undefined;
  }

  private tell(): void {
    const detail: RuleWritten = {text: this.text, ok: !this.checking && this.check?.ok === true};
    this.dispatchEvent(new CustomEvent('rule', {detail}));
  }
  private ask(text: string): void {
    this.asked = text;
    clearTimeout(this.timer);
    this.running?.abort();
    if (!text.trim()) {
      this.check = undefined;
      this.problem = undefined;
      this.checking = false;
      return;
    }
    this.checking = true;
    this.timer = setTimeout(async () => {
      const mine = (this.running = new AbortController());
      const got = await checkRule(text, kExamples, mine.signal);
      if (mine.signal.aborted) return;
      this.checking = false;
      this.problem = got.ok ? undefined : got.error;
      if (got.ok) this.check = got.value;
      this.tell();
    }, kWait);
  }
  private readonly edit = (event: Event): void => {
    this.text = (event.target as HTMLTextAreaElement).value;
    this.ask(this.text);
    this.tell();
  };

  private verdict(): TemplateResult | typeof nothing {
    if (this.problem) return errorState(this.problem);
    if (!this.check) return this.checking ? skeleton(2) : html`<p class="muted">${t('rule.empty')}</p>`;
    if (!this.check.ok) {
      const {line, column, message, expected} = this.check;
      return html`<div class="note bad" role="status">${icon('warning')}<span>${t('rule.at', {line, column})}: ${message}${expected ? html`<br>${t('error.expected', {what: expected})}` : nothing}</span></div>`;
    }
    return html`<div class="stack tight" role="status"><p><strong class="bignumber">${count(this.check.count)}</strong> ${t('rule.count')}</p>
      ${this.check.examples.length ? html`<p class="muted small">${t('rule.examples')}</p><ul class="chips">${this.check.examples.map((one) => html`<li><a class="chip plain" href="/customers/${one.id}">${one.label || one.id}</a></li>`)}</ul>` : nothing}</div>`;
  }

  override render(): TemplateResult {
    return html`<div class="stack"><div class="field"><label for=${this.name}>${this.label || t('rule.text')}</label><textarea class="input mono" id=${this.name} rows=${this.rows} spellcheck="false" ?readonly=${this.locked}
      .value=${this.text} @input=${this.edit}></textarea></div>${this.verdict()}</div>`;
  }
}
