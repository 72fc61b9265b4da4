import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {addWebhook, readWebhooks, redriveWebhooks, removeWebhook, type Webhook} from '../../api/data';
import {named, t} from '../../i18n/i18n';
import {count} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kEvents = ['*', 'segment.entered', 'segment.left', 'survey.invited'];

/** Who is told when people enter or leave a segment, and how the calls fare. */
@customElement('rp-webhooks')
export class Webhooks extends Screen {
  @state() private secret = '';
  private readonly webhooks = new Load(this, () => 'all', readWebhooks);

  private readonly add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const got = await addWebhook(String(fields.get('url')), [String(fields.get('events'))]);
    if (!got.ok) return toast(problemText(got.error), {bad: true});
    this.secret = got.value.secret;
    form.reset();
    void this.webhooks.reload();
  };
  private readonly drop = async (hook: Webhook): Promise<void> => {
    const got = await removeWebhook(hook.id);
    toast(got.ok ? t('webhooks.removed') : problemText(got.error), {bad: !got.ok});
    void this.webhooks.reload();
  };
  private readonly redrive = async (): Promise<void> => {
    const got = await redriveWebhooks();
    toast(got.ok ? t('webhooks.redriven', {n: got.value.redriven}) : problemText(got.error), {bad: !got.ok});
    void this.webhooks.reload();
  };

  override render(): TemplateResult {
    return html`<form class="card row filterform" @submit=${this.add}>
        <div class="field grow"><label for="url">${t('webhooks.url')}</label><input class="input" id="url" name="url" type="url" required placeholder="https://example.com/hook"></div>
        <div class="field"><label for="events">${t('webhooks.events')}</label><select class="input" id="events" name="events">${kEvents.map((name) => html`<option value=${name}>${named('hook', name)}</option>`)}</select></div>
        <button class="button main">${icon('plus', 16)}${t('action.add')}</button></form>
      ${this.secret ? html`<div class="note good" role="status">${icon('key')}<div><p>${t('webhooks.once')}</p><p><code>${this.secret}</code></p></div></div>` : nothing}
      ${loaded(this.webhooks, ({webhooks}) => webhooks.length === 0 ? emptyState(t('webhooks.none'), t('webhooks.none_text'), nothing, 'link') : html`
        <section class="card flush">${dataTable(t('data.webhooks'), [
          {head: t('webhooks.url'), cell: (hook: Webhook) => html`<code>${hook.url}</code>`},
          {head: t('webhooks.events'), cell: (hook: Webhook) => hook.events.map((name) => named('hook', name)).join(', ')},
          {head: t('webhooks.delivered'), number: true, cell: (hook: Webhook) => count(hook.delivered)},
          {head: t('webhooks.pending'), number: true, cell: (hook: Webhook) => count(hook.pending)},
          {head: t('webhooks.dead'), number: true, cell: (hook: Webhook) => count(hook.dead)},
          {head: '', cell: (hook: Webhook) => html`<button class="button tiny danger" @click=${() => void this.drop(hook)} aria-label="${t('action.remove')} ${hook.url}">${t('action.remove')}</button>`},
        ], webhooks)}</section>
        ${webhooks.some((hook) => hook.dead) ? html`<button class="button" @click=${this.redrive}>${icon('refresh', 16)}${t('webhooks.redrive')}</button>` : nothing}`)}`;
  }
}
