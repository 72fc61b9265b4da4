import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {publishMacro} from '../../api/desk';
import {kTongues} from '../../api/knowledge';
import {named, t} from '../../i18n/i18n';
import {kTicketStates} from '../../model/desk';
import {type ActionKind, kActionKinds, type Macro, macroBody, macroFault, unfilled} from '../../model/desk_actions';
import {kFeedbackClasses} from '../../model/feedback';
import {PolicyForm} from './policy_form';

/** A written answer: its texts with their placeholders, and what is set and proposed when it is sent. */
@customElement('rp-macro-form')
export class MacroForm extends PolicyForm {
  /** What is edited; nothing for a new one. */
  @property({attribute: false}) macro: Macro | undefined;
  @property({attribute: false}) placeholders: string[] = [];
  @property({attribute: false}) taken: string[] = [];
  @state() private draft: Macro = {macro_id: '', title: '', texts: {}, closed: false};

  override connectedCallback(): void {
    super.connectedCallback();
    if (this.macro) this.draft = {...this.macro, texts: {...this.macro.texts}};
  }
  protected override heading(): string {
    return this.macro ? `/${this.macro.macro_id}` : t('macros.new');
  }
  protected override fault(): string | undefined {
    const fault = macroFault(this.draft, this.macro ? [] : this.taken, this.placeholders);
    if (fault !== 'placeholder') return fault && named('macrofault', fault);
    const wrong = Object.values(this.draft.texts).flatMap(unfilled).filter((name) => !this.placeholders.includes(name));
    return t('macros.unknown', {names: [...new Set(wrong)].map((name) => `{${name}}`).join(', ')});
  }
  protected override publish(): ReturnType<typeof publishMacro> {
    return publishMacro(this.draft.macro_id.trim(), macroBody(this.draft));
  }
  private change(change: Partial<Macro>): void {
    this.draft = {...this.draft, ...change};
  }
  private propose(kind: string): void {
    const {action: before, ...rest} = this.draft;
    this.draft = kind ? {...rest, action: {...(before?.action === kind ? before : {}), action: kind as ActionKind}} : rest;
  }
  protected override fields(): TemplateResult {
    const {draft} = this;
    const none: [string, string] = ['', t('macros.as_it_is')];
    return html`<div class="row filterform">${this.macro ? nothing : this.write(t('macros.id'), draft.macro_id, (text) => this.change({macro_id: text.trim()}), 12, 'late')}${this.write(t('macros.name'), draft.title, (title) => this.change({title}), 28)}</div>
      ${kTongues.map((tongue) => html`<label class="field"><span class="label">${named('replylanguage', tongue)}</span><textarea class="input" rows="3" maxlength="1300" .value=${draft.texts[tongue] ?? ''} placeholder=${tongue === 'zh-Hant' ? t('macros.hant_hint') : ''}
        @input=${(event: Event) => this.change({texts: {...draft.texts, [tongue]: (event.target as HTMLTextAreaElement).value}})}></textarea></label>`)}
      <p class="small muted">${t('macros.fills')} ${this.placeholders.map((name) => html`<code>{${name}}</code> ${named('placeholder', name)}; `)}${t('macros.brace')}</p>
      <div class="row filterform">${this.choose(t('macros.state'), draft.state ?? '', [none, ...kTicketStates.map((one): [string, string] => [one, named('state', one)])], (state) => this.change({state}))}
        ${this.choose(t('feedback.class'), draft.class ?? '', [none, ...kFeedbackClasses.map((one): [string, string] => [one, named('value.class', one)])], (value) => this.change({class: value}))}
        ${this.choose(t('macros.proposal'), draft.action?.action ?? '', [['', t('policies.nothing')], ...kActionKinds.map((one): [string, string] => [one, named('act', one)])], (kind) => this.propose(kind))}
        ${draft.action?.action === 'coupon' ? this.write(t('desk.amount'), String(draft.action.value ?? ''), (value) => this.change({action: {action: 'coupon', ...(value.trim() ? {value: value.trim()} : {})}}), 7) : nothing}</div>
      <p class="small muted">${t('macros.proposal_text')}</p>`;
  }
}
