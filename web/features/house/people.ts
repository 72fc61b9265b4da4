import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {addUser, changeUser, kRoles, readUsers, removeUser, type User} from '../../api/session';
import {named, t} from '../../i18n/i18n';
import {session} from '../../shell/session';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, loaded, pageHead, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

/** Who may sign in, and as what. New people get a one-time link rather than a password. */
@customElement('rp-people')
export class People extends Screen {
  @state() private link = '';
  private readonly users = new Load(this, () => 'all', () => readUsers());

  private readonly add = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const got = await addUser(String(fields.get('name')), String(fields.get('role')), null);
    if (!got.ok) return toast(problemText(got.error), {bad: true});
    const token = got.value.token ?? got.value.link_token ?? '';
    this.link = got.value.link ?? `${window.location.origin}/welcome?token=${encodeURIComponent(token)}`;
    form.reset();
    void this.users.reload();
  };
  private async change(user: User, role: string): Promise<void> {
    const got = await changeUser(user.id, {role});
    toast(got.ok ? t('people.changed') : problemText(got.error), {bad: !got.ok});
    void this.users.reload();
  }
  private async drop(user: User): Promise<void> {
    const got = await removeUser(user.id);
    toast(got.ok ? t('people.removed', {name: user.name}) : problemText(got.error), {bad: !got.ok});
    void this.users.reload();
  }

  override render(): TemplateResult {
    const me = session()?.user?.id;
    return html`${pageHead(t('nav.people'), t('people.lead'))}
      <form class="card row filterform" @submit=${this.add}>
        <div class="field grow"><label for="name">${t('login.name')}</label><input class="input" id="name" name="name" required maxlength="64" autocomplete="off"></div>
        <div class="field"><label for="role">${t('people.role')}</label><select class="input" id="role" name="role">${kRoles.map((role) => html`<option value=${role} ?selected=${role === 'viewer'}>${named('role', role)}</option>`)}</select></div>
        <button class="button main">${icon('plus', 16)}${t('people.invite')}</button></form>
      ${this.link ? html`<div class="note good" role="status">${icon('link')}<div><p>${t('people.link')}</p><p><code>${this.link}</code></p></div></div>` : nothing}
      ${loaded(this.users, ({users}) => html`<section class="card flush">${dataTable(t('nav.people'), [
        {head: t('login.name'), cell: (user: User) => html`${user.name}${user.id === me ? html` <span class="chip">${t('people.you')}</span>` : nothing}`},
        {head: t('people.role'), cell: (user: User) => html`<select class="input" aria-label="${t('people.role')}: ${user.name}" ?disabled=${user.id === me} @change=${(event: Event) => void this.change(user, (event.target as HTMLSelectElement).value)}>
          ${kRoles.map((role) => html`<option value=${role} ?selected=${role === user.role}>${named('role', role)}</option>`)}</select>`},
        {head: t('people.may'), cell: (user: User) => html`<span class="soft">${named('maytext', user.role)}</span>`},
        {head: '', cell: (user: User) => user.id === me ? nothing : html`<button class="button tiny danger" aria-label="${t('action.remove')} ${user.name}" @click=${() => void this.drop(user)}>${t('action.remove')}</button>`},
      ], users)}</section>`)}`;
  }
}
