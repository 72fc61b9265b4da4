import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {addKey, type ApiKey, readKeys, removeKey} from '../../api/data';
import {named, t} from '../../i18n/i18n';
import '../../ui/dialog';
import {day} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kKeyRoles = ['ingest', 'public', 'read', 'admin'];

/** The shop's keys: made, shown once, removed. */
@customElement('rp-keys')
export class Keys extends Screen {
  @state() private made = '';
  @state() private removing: ApiKey | undefined;
  private readonly keys = new Load(this, () => 'all', readKeys);

  private readonly add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const got = await addKey(String(fields.get('role')), String(fields.get('label')));
    if (!got.ok) return toast(problemText(got.error), {bad: true});
    this.made = got.value.key;
    form.reset();
    void this.keys.reload();
  };
  private readonly drop = async (): Promise<void> => {
    const key = this.removing;
    this.removing = undefined;
    if (!key) return;
    const got = await removeKey(key.id);
    toast(got.ok ? t('keys.removed') : problemText(got.error), {bad: !got.ok});
    void this.keys.reload();
  };
  private readonly copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(this.made);
    toast(t('action.copied'));
  };

  override render(): TemplateResult {
    return html`<form class="card row filterform" @submit=${this.add}>
        <div class="field"><label for="role">${t('keys.role')}</label><select class="input" id="role" name="role">${kKeyRoles.map((role) => html`<option value=${role}>${named('keyrole', role)}</option>`)}</select></div>
        <div class="field grow"><label for="label">${t('keys.label')}</label><input class="input" id="label" name="label" maxlength="80"></div>
        <button class="button main">${icon('plus', 16)}${t('keys.make')}</button></form>
      ${this.made ? html`<div class="note good" role="status">${icon('key')}<div class="grow"><p>${t('keys.once')}</p><p><code>${this.made}</code></p></div><button class="button tiny" @click=${this.copy}>${t('action.copy')}</button></div>` : nothing}
      ${loaded(this.keys, ({keys}) => keys.length === 0 ? emptyState(t('keys.none')) : html`<section class="card flush">${dataTable(t('data.keys'), [
        {head: t('keys.label'), cell: (key: ApiKey) => key.label || html`<span class="muted">–</span>`},
        {head: t('keys.role'), cell: (key: ApiKey) => named('keyrole', key.role)},
        {head: t('keys.created'), cell: (key: ApiKey) => day(key.created)},
        {head: '', cell: (key: ApiKey) => html`<button class="button tiny danger" aria-label="${t('action.remove')} ${key.label || named('keyrole', key.role)}" @click=${() => (this.removing = key)}>${t('action.remove')}</button>`},
      ], keys)}</section>`)}
      ${this.removing ? html`<rp-dialog heading=${t('keys.remove')} .body=${html`<p>${t('keys.remove_text', {label: this.removing.label || named('keyrole', this.removing.role)})}</p>`} @done=${() => (this.removing = undefined)}
        .foot=${html`<button class="button danger" @click=${this.drop}>${t('action.remove')}</button>`}></rp-dialog>` : nothing}`;
  }
}
