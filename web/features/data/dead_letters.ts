import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type DeadLetter, readDeadLetters, redriveDeadLetters} from '../../api/data';
import {t} from '../../i18n/i18n';
import {may} from '../../shell/session';
import {moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kPage = 100;

/** Events that were not taken, each with the reason and as it was sent. */
@customElement('rp-dead-letters')
export class DeadLetters extends Screen {
  @state() private busy = false;
  private readonly letters = new Load(this, () => `after ${this.filter('after')}`, (signal) => readDeadLetters(Number(this.filter('after')) || 0, kPage, signal));

  private readonly redrive = async (): Promise<void> => {
    this.busy = true;
    const got = await redriveDeadLetters();
    this.busy = false;
    if (got.ok) toast(t('dead.redriven', {accepted: got.value.accepted, wrong: got.value.still_wrong, duplicate: got.value.duplicate}));
    else toast(problemText(got.error), {bad: true});
    void this.letters.reload();
  };

  private letter(one: DeadLetter): TemplateResult {
    return html`<li><div class="row spread base"><strong>${one.message}</strong><span class="small muted">${moment(one.received_at)} · <span class="mono">${one.code}</span></span></div>
      <p class="small soft">${one.where ? html`${t('dead.where')}: <code>${one.where}</code> ` : nothing}${one.expected ? t('error.expected', {what: one.expected}) : nothing}</p>
      ${one.raw ? html`<details><summary>${t('dead.raw')}</summary><pre class="code">${one.raw}</pre></details>` : nothing}</li>`;
  }

  override render(): TemplateResult {
    return html`${loaded(this.letters, ({dead_letters: letters}) => letters.length === 0 ? emptyState(t('dead.none'), t('dead.none_text'), nothing, 'check')
      : html`<div class="row spread"><p class="muted">${t('dead.count', {n: letters.length})}</p>
        ${may('act') ? html`<button class="button" ?disabled=${this.busy} @click=${this.redrive}>${icon('refresh', 16)}${t('dead.redrive')}</button>` : nothing}</div>
        <section class="card"><ul class="lines">${letters.map((one) => this.letter(one))}</ul></section>
        ${letters.length === kPage ? html`<button class="button" @click=${() => setFilters({after: String(letters.at(-1)?.id ?? '')})}>${t('action.more')}</button>` : nothing}`)}`;
  }
}
