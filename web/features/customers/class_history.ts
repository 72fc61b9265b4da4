import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Cell, runSql} from '../../api/data';
import {t} from '../../i18n/i18n';
import {Load} from '../../ui/load';
import {moment} from '../../ui/format';
import {classChip, loaded} from '../../ui/parts';
import {View} from '../../ui/view';

const kMost = 60;

/** When the customer entered and left which class, newest first; asked for when it is opened. */
@customElement('rp-class-history')
export class ClassHistory extends View {
  @property() customer = '';
  @state() private open = false;
  // The id is of our own making (c_<n>), and nothing else is let through.
  private readonly flips = new Load(this, () => this.open && /^c_\d+$/.test(this.customer) ? this.customer : undefined,
    (signal) => runSql(`SELECT segment, entered, valid_time, origin FROM flips WHERE customer_id = '${this.customer}' ORDER BY valid_time DESC LIMIT ${kMost}`, signal));

  private row([segment, entered, at]: Cell[]): TemplateResult {
    return html`<li class="row spread"><span class="row">${entered ? t('live.entered') : t('live.left')} ${classChip(String(segment))}</span>
      <span class="small muted">${moment(`${String(at)}Z`)}</span></li>`;
  }

  override render(): TemplateResult {
    return html`<details @toggle=${(event: Event) => (this.open = (event.target as HTMLDetailsElement).open)}><summary>${t('customer.history')}</summary>
      ${this.open ? loaded(this.flips, ({rows}) => rows.length === 0 ? html`<p class="small muted">${t('customer.no_history')}</p>`
        : html`<ul class="lines small">${rows.map((row) => this.row(row))}</ul>`, 3) : nothing}</details>`;
  }
}
