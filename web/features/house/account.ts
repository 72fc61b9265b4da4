import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {changeUser} from '../../api/session';
import {named, t} from '../../i18n/i18n';
import {session} from '../../shell/session';
import {icon} from '../../ui/icons';
import {go} from '../../ui/navigate';
import {pageHead, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';

const kPasswordLeast = 10;

/** One's own account: a password of one's own, which a newcomer by link has not yet. */
@customElement('rp-account')
export class Account extends Screen {
  @state() private wrong = '';

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const password = String(form.get('password'));
    this.wrong = password.length < kPasswordLeast ? t('setup.short', {n: kPasswordLeast}) : password !== String(form.get('again')) ? t('setup.mismatch') : '';
    const user = session()?.user;
    if (this.wrong || !user) return;
    const got = await changeUser(user.id, {password});
    if (!got.ok) return toast(problemText(got.error), {bad: true});
    toast(t('account.saved'));
    go('/overview');
  };

  override render(): TemplateResult {
    const user = session()?.user;
    // Whoever came by an administrator's link is nobody's account.
    const own = user && String(user.id) !== '0';
    return html`${pageHead(t('account.title'), `${user?.name || t('shell.administrator')} · ${named('role', user?.role ?? '')}`)}
      ${this.filter('new') && own ? html`<div class="note">${icon('key')}<span>${t('account.new')}</span></div>` : nothing}
      ${own ? html`<form class="card stack narrow" @submit=${this.save}>
        <div class="field"><label for="password">${t('account.password')}</label><input class="input" id="password" name="password" type="password" autocomplete="new-password" required minlength=${kPasswordLeast} aria-describedby="hint">
          <span class="hint" id="hint">${t('setup.hint', {n: kPasswordLeast})}</span></div>
        <div class="field"><label for="again">${t('setup.again')}</label><input class="input" id="again" name="again" type="password" autocomplete="new-password" required>
          ${this.wrong ? html`<span class="wrong" role="alert">${this.wrong}</span>` : nothing}</div>
        <div><button class="button main">${t('action.save')}</button></div></form>` : html`<p>${t('account.none')}</p>`}`;
  }
}
