import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {readLabels} from '../../api/customers';
import {fillMacro, readQueue, readTicket} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {turnsOf} from '../../model/desk';
import type {FilledMacro, Macro} from '../../model/desk_actions';
import {shortLabel} from '../../ui/format';
import '../../ui/dialog';
import {Load} from '../../ui/load';
import {emptyState, loaded} from '../../ui/parts';
import {View} from '../../ui/view';

const kTickets = 50;
const kLanguages = ['', 'zh-Hans', 'zh-Hant', 'en'] as const;

/** A written answer on an open ticket: what its customer said, and the answer as it would go out. Nothing is sent. Fires `done`. */
@customElement('rp-macro-try')
export class MacroTry extends View {
  @property({attribute: false}) macro!: Macro;
  @state() private chosen = '';
  @state() private language = '';
  private readonly queue = new Load(this, () => 'open', (signal) => readQueue({queue: 'open', sort: 'opened', limit: kTickets}, signal));
  private readonly labels = new Load(this, () => this.people().join() || undefined, (signal) => readLabels(this.people(), signal));
  private readonly ticket = new Load(this, () => this.asked() || undefined, (signal) => readTicket(this.asked(), signal));
  private readonly filled = new Load<FilledMacro>(this, () => (this.asked() ? `${this.asked()}/${this.language}` : undefined), (signal) => fillMacro(this.asked(), this.macro.macro_id, signal, this.language));

  private asked(): string {
    return this.chosen || (this.queue.value?.tickets[0]?.ticket_id ?? '');
  }
  private people(): string[] {
    return (this.queue.value?.tickets ?? []).flatMap(({customer}) => (customer ? [customer] : []));
  }
  private pick(label: string, value: string, options: readonly [string, string][], change: (value: string) => void): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>${options.map(([one, text]) => html`<option value=${one} ?selected=${one === value}>${text}</option>`)}</select></label>`;
  }
  private body(): TemplateResult {
    return loaded(this.queue, ({tickets}) => {
      if (tickets.length === 0) return emptyState(t('macros.no_ticket'), t('macros.no_ticket_text'), nothing, 'chat');
      const line = (one: (typeof tickets)[number]): [string, string] => [one.ticket_id, [one.customer ? shortLabel(this.labels.value?.get(one.customer) ?? '') || one.customer : t('desk.no_customer'), one.class ? named('value.class', one.class) : '', one.ticket_id].filter(Boolean).join(' · ')];
      const said = turnsOf(this.ticket.value?.history ?? []).filter(({from, text}) => from === 'customer' && text).at(-1);
      return html`<div class="row filterform">${this.pick(t('macros.ticket'), this.asked(), tickets.map(line), (value) => (this.chosen = value))}${this.pick(t('reply.language'), this.language, kLanguages.map((one) => [one, one ? named('replylanguage', one) : t('macros.her_language')]), (value) => (this.language = value))}</div>
        <h3>${t('macros.she_said')}</h3>${said ? html`<blockquote class="saidtext soft">${said.text}</blockquote>` : html`<p class="small muted">${t('macros.said_nothing')}</p>`}
        <h3>${t('macros.it_says')}</h3>${loaded(this.filled, (filled) => html`<p class="saidtext turn" data-from="agent">${filled.text}</p>
          ${filled.missing.length ? html`<p class="small wrongly">${t('desk.macro_missing', {names: filled.missing.join(', ')})}</p>` : nothing}`, 2)}`;
    }, 4) as TemplateResult;
  }
  override render(): TemplateResult {
    return html`<rp-dialog wide heading="${t('macros.try')} /${this.macro.macro_id}" .body=${html`<div class="stack">${this.body()}<p class="small muted">${t('macros.try_text')}</p></div>`} @done=${() => this.dispatchEvent(new CustomEvent('done'))}></rp-dialog>`;
  }
}
