import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {fillMacro, readMacros, replyToTicket} from '../../api/desk';
import {markAnswer} from '../../api/knowledge';
import type {Nouns} from '../../api/nouns';
import {readStaff} from '../../api/staff';
import {named, t} from '../../i18n/i18n';
import {type HistoryEvent, isAssistants, told, type TicketPage, type Turn, turnsOf} from '../../model/desk';
import {fittingMacros, type Macro, macroQuery, unfilled} from '../../model/desk_actions';
import {telling} from '../../model/timeline';
import type {Problem} from '../../model/result';
import {may, session} from '../../shell/session';
import {moment} from '../../ui/format';
import {Load} from '../../ui/load';
import {errorState} from '../../ui/parts';
import {saidPart} from '../../ui/said';
import {macroTitle, staffName} from '../../ui/staff';
import {View} from '../../ui/view';

/** Named by the ticket's own page. */
const kUntold = new Set(['source', 'model', 'decision_id', 'ticket_id', 'contact_id', 'text', 'about', 'case', 'action_id', 'key']);
const kParts = 6;

/** What was said and what happened, oldest first, and the answer to the customer. Fires `changed`. */
@customElement('rp-ticket-conversation')
export class TicketConversation extends View {
  @property({attribute: false}) ticket!: TicketPage;
  /** What was said and done, with what the ticket is about; oldest first. */
  @property({attribute: false}) story: HistoryEvent[] = [];
  @property({attribute: false}) nouns: Nouns | undefined;
  @state() private text = '';
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  /** Of the assistant's answers that were marked here, or whose mark was taken back: whether it stands. */
  @state() private marks: ReadonlyMap<number, boolean> = new Map();
  /** The macro that the text was made of. */
  @state() private macro = '';
  private readonly macros = new Load(this, () => (may('reveal') && may('act') ? 'all' : undefined), readMacros);

  /** Names of those who answered and acted. */
  private readonly staff = new Load(this, () => 'all', readStaff);

  private async use(macro: Macro): Promise<void> {
    const got = await fillMacro(this.ticket.ticket_id, macro.macro_id);
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    this.text = got.value.text;
    this.macro = macro.macro_id;
    if (got.value.action?.action) this.dispatchEvent(new CustomEvent('proposed', {detail: got.value.action.action}));
    this.querySelector('textarea')?.focus();
  }
  private picking(): TemplateResult | typeof nothing {
    const query = macroQuery(this.text);
    const missing = this.macro ? unfilled(this.text) : [];
    if (query === undefined) {
      if (!this.macro) return nothing;
      return html`<p class="small soft" role="status">${t('desk.macro_used', {name: macroTitle(this.macro)})}${missing.length ? html` <strong class="bad">${t('desk.macro_missing', {names: missing.join(', ')})}</strong>` : nothing}</p>`;
    }
    const fitting = fittingMacros(this.macros.value?.macros ?? [], query);
    if (fitting.length === 0) return html`<p class="small muted" role="status">${t('desk.no_macro')}</p>`;
    return html`<ul class="plain stack tight macros" aria-label=${t('desk.macros')}>${fitting.slice(0, 8).map((one) => html`<li><button type="button" class="button" @click=${() => this.use(one)}><span class="mono">/${one.macro_id}</span> ${one.title}</button></li>`)}</ul>`;
  }

  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const text = this.text.trim();
    if (this.busy || !text) return;
    this.busy = true;
    const got = await replyToTicket(this.ticket.ticket_id, text, session()?.user?.name ?? '', this.macro);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) this.text = this.macro = '';
    this.dispatchEvent(new CustomEvent('changed'));
  };

  private async mark(seq: number, wrong: boolean): Promise<void> {
    const got = await markAnswer(seq, wrong);
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) this.marks = new Map([...this.marks, [seq, wrong]]);
  }
  /** Beside what the assistant said: an agent may mark it as wrong, and take the mark back. */
  private marking({event, from}: Turn): TemplateResult | typeof nothing {
    if (from !== 'bot' || !isAssistants(event) || !may('act')) return nothing;
    if (this.marks.get(event.seq) ?? event.marked_wrong) return html`<span class="chip warn">${t('desk.marked_wrong')}</span> <button type="button" class="button quiet tiny" @click=${() => void this.mark(event.seq, false)}>${t('desk.unmark_wrong')}</button>`;
    return html`<button type="button" class="button quiet tiny" @click=${() => void this.mark(event.seq, true)}>${t('desk.mark_wrong')}</button>`;
  }
  private turn({event, from, text}: Turn): TemplateResult {
    const when = html`<time class="small muted" datetime=${event.at}>${moment(event.at)}</time>`;
    if (from) {
      const who = from === 'agent' ? staffName(told(event, 'agent')) || named('value.from', from) : named('value.from', from);
      const title = event.event === 'Message Posted' ? nothing : html` · ${named('event', event.event)}`;
      return html`<li class="turn" data-from=${from}><p class="small"><strong>${who}</strong>${title} ${when} ${this.marking({event, from, text})}</p><p class="saidtext">${text || html`<span class="muted small">${t('feedback.hidden')}</span>`}</p></li>`;
    }
    const parts = telling({...event, event_time: event.at, type: 'track'}, kParts).filter(({name, value}) => !kUntold.has(name) && !(name === 'order_id' && value === this.ticket.order_id));
    return html`<li class="happened small"><span>${named('event', event.event)}</span> ${parts.map((part) => html`<span class="part"><span class="muted">${named('prop', part.name)}</span> ${saidPart(this.nouns, part)}</span> `)}${when}</li>`;
  }
  override render(): TemplateResult {
    void this.staff.value;
    const answers = may('act');
    return html`<section class="card stack" id="conversation"><header><h2>${t('desk.conversation')}</h2></header>
      <ol class="turns">${turnsOf(this.story).map((turn) => this.turn(turn))}</ol>
      ${answers ? html`<form class="stack tight" @submit=${this.send}>${this.problem ? errorState(this.problem) : nothing}
        <label class="field"><span class="label">${t('desk.answer')}</span><textarea class="input" rows="3" maxlength="4000" .value=${this.text} @input=${(event: Event) => { this.text = (event.target as HTMLTextAreaElement).value; if (!this.text) this.macro = ''; }}></textarea></label>
        ${this.picking()}
        <div class="row spread"><span class="small muted">${t('desk.answer_hint')}</span><button class="button main" ?disabled=${this.busy || !this.text.trim()}>${t('desk.send')}</button></div></form>` : nothing}</section>`;
  }
}
