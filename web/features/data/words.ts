import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type EverydayRule, publishEveryday, readEveryday} from '../../api/words';
import {named, t} from '../../i18n/i18n';
import {may} from '../../shell/session';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kLanguages = ['zh-CN', 'zh-TW', 'en'] as const;
const kRulesMost = 200;

/** The shop's own everyday words, edited as a list and published whole. */
@customElement('rp-words')
export class WordsScreen extends Screen {
  @state() private edited: EverydayRule[] | undefined;
  @state() private busy = false;
  private readonly published = new Load(this, () => 'all', readEveryday);

  private change(at: number, name: keyof EverydayRule, event: Event): void {
    const text = (event.target as HTMLInputElement).value.trim();
    const rules = [...this.rules()];
    const rule: EverydayRule = {...rules[at]!};
    if (name === 'from' || name === 'to') rule[name] = text === '' ? null : Number(text);
    else if (text || name === 'parameter') rule[name] = text;
    else delete rule[name];
    rules[at] = rule;
    this.edited = rules;
  }
  private rules(): EverydayRule[] {
    return this.edited ?? this.published.value?.rules ?? [];
  }
  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    this.busy = true;
    const got = await publishEveryday(this.rules());
    this.busy = false;
    if (!got.ok) {
      toast(problemText(got.error), {bad: true});
      return;
    }
    toast(t('words.published'));
    await this.published.reload();
    this.edited = undefined;
  };

  private field(at: number, rule: EverydayRule, name: keyof EverydayRule, label: string, type = 'text', required = false): TemplateResult {
    return html`<label class="field ${type === 'number' ? 'number-field' : 'grow'}"><span class="label">${label}</span><input class="input" type=${type} step="any" maxlength="120" ?required=${required} ?disabled=${!may('publish')}
      .value=${String(rule[name] ?? '')} @change=${(event: Event) => this.change(at, name, event)}></label>`;
  }
  private rule(rule: EverydayRule, at: number): TemplateResult {
    return html`<li><fieldset class="stack tight"><legend class="row"><strong>${t('words.rule', {n: at + 1})}</strong>
        ${may('publish') ? html`<button type="button" class="button quiet tiny square" aria-label=${t('words.drop', {n: at + 1})} title=${t('words.drop', {n: at + 1})}
          @click=${() => (this.edited = this.rules().filter((_, i) => i !== at))}>${icon('close', 15)}</button>` : nothing}</legend>
      <div class="row">${this.field(at, rule, 'parameter', t('words.parameter'), 'text', true)}${this.field(at, rule, 'unit', t('words.unit'))}${this.field(at, rule, 'category', t('words.category'))}
        ${this.field(at, rule, 'from', t('words.from'), 'number')}${this.field(at, rule, 'to', t('words.to'), 'number')}</div>
      <p class="small muted">${t('words.say')}</p>
      <div class="row">${kLanguages.map((language) => this.field(at, rule, language, named('words', language), 'text', language === 'zh-CN' && !rule['zh-TW'] && !rule.en))}</div></fieldset></li>`;
  }

  override render(): TemplateResult {
    return loaded(this.published, () => {
      const rules = this.rules();
      const add = html`<button type="button" class="button" ?disabled=${rules.length >= kRulesMost} @click=${() => (this.edited = [...rules, {parameter: ''}])}>${icon('plus', 16)}${t('words.add')}</button>`;
      if (rules.length === 0 && !this.edited) return emptyState(t('words.none'), t('words.none_text'), may('publish') ? add : nothing, 'chat');
      return html`<form class="card stack" @submit=${this.save}><ol class="lines">${rules.map((rule, at) => this.rule(rule, at))}</ol>
        ${may('publish') ? html`<div class="row">${add}<button class="button main" ?disabled=${this.busy || !this.edited}>${t('words.publish')}</button></div>` : nothing}</form>`;
    }, 8) as TemplateResult;
  }
}
