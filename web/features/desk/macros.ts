import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {publishMacro, readMacros} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {type Macro, macroBody} from '../../model/desk_actions';
import {may} from '../../shell/session';
import {count} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import './macro_form';
import './macro_try';

/** Written answers: what agents send by `/` in the reply box. Seen by all, written and retired by those who publish. */
@customElement('rp-desk-macros')
export class DeskMacros extends Screen {
  @state() private editing: Macro | 'new' | undefined;
  @state() private trying: Macro | undefined;
  private readonly macros = new Load(this, () => 'all', readMacros);

  private async close(macro: Macro, closed: boolean): Promise<void> {
    const got = await publishMacro(macro.macro_id, macroBody({...macro, closed}));
    if (got.ok) toast(t(closed ? 'macros.retired' : 'macros.back_again'));
    else toast(problemText(got.error), {bad: true});
    await this.macros.reload();
  }
  private one(macro: Macro): TemplateResult {
    const texts = Object.entries(macro.texts);
    return html`<li class="voice" data-macro=${macro.macro_id}><div class="row spread base"><span class="row base"><strong class="mono">/${macro.macro_id}</strong><span>${macro.title}</span></span>
        <span class="row">${may('reveal') && !macro.closed ? html`<button class="button tiny" aria-label="${t('macros.try')} /${macro.macro_id}" @click=${() => (this.trying = macro)}>${t('macros.try')}</button>` : nothing}
          ${may('publish') ? html`<button class="button tiny" aria-label="${t('policies.edit')} /${macro.macro_id}" @click=${() => (this.editing = macro)}>${t('policies.edit')}</button>
            <button class="button tiny" aria-label="${t(macro.closed ? 'macros.bring_back' : 'macros.retire')} /${macro.macro_id}" @click=${() => this.close(macro, !macro.closed)}>${t(macro.closed ? 'macros.bring_back' : 'macros.retire')}</button>` : nothing}</span></div>
      <dl class="pairs small">${texts.map(([language, text]) => html`<dt>${named('replylanguage', language)}</dt><dd class="saidtext">${text}</dd>`)}</dl>
      <div class="chips">${macro.state ? html`<span class="chip">${t('macros.sets', {what: named('state', macro.state)})}</span>` : nothing}${macro.class ? html`<span class="chip">${t('macros.sets', {what: named('value.class', macro.class)})}</span>` : nothing}
        ${macro.action?.action ? html`<span class="chip">${t('macros.proposes', {what: `${named('act', macro.action.action)} ${macro.action.value ?? macro.action.amount ?? ''}`.trim()})}</span>` : nothing}</div></li>`;
  }
  private page({macros}: {macros: Macro[]}): TemplateResult {
    const retired = this.filter('retired') !== '';
    const shown = macros.filter(({closed}) => closed === retired);
    const buttons = ([false, true] as const).map((one) => html`<button class="button" aria-pressed=${retired === one} @click=${() => setFilters({retired: one ? '1' : ''})}>${t(one ? 'macros.those_retired' : 'macros.in_use')}<strong>${count(macros.filter(({closed}) => closed === one).length)}</strong></button>`);
    const write = may('publish') ? html`<button class="button main" @click=${() => (this.editing = 'new')}>${icon('plus', 16)}${t('macros.new')}</button>` : nothing;
    return html`<div class="row spread"><div class="chips" role="group" aria-label=${t('desk.macros')}>${buttons}</div>${write}</div>
      ${shown.length === 0 ? emptyState(t(retired ? 'macros.none_retired' : 'macros.none'), retired ? nothing : t('macros.none_text'), nothing, 'chat') : html`<section class="card flush" aria-label=${t('desk.macros')}><ul class="plain voices">${shown.map((one) => this.one(one))}</ul></section>`}`;
  }
  override render(): TemplateResult {
    const {editing} = this;
    return html`${loaded(this.macros, (answer) => this.page(answer), 8)}
      ${editing && this.macros.value ? html`<rp-macro-form .macro=${editing === 'new' ? undefined : editing} .placeholders=${this.macros.value.placeholders} .taken=${this.macros.value.macros.map(({macro_id: id}) => id)}
        @saved=${() => { this.editing = undefined; void this.macros.reload(); }} @done=${() => (this.editing = undefined)}></rp-macro-form>` : nothing}
      ${this.trying ? html`<rp-macro-try .macro=${this.trying} @done=${() => (this.trying = undefined)}></rp-macro-try>` : nothing}`;
  }
}
