import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Session, setUp, signIn, signInByLink} from '../../api/session';
import {t} from '../../i18n/i18n';
import type {Problem, Result} from '../../model/result';
import {languagePicker, themeButton} from '../../shell/pickers';
import {errorState, problemText, skeleton} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {icon} from '../../ui/icons';
import './doors';

const kPasswordLeast = 10;

/** Everything in front of the console: signing in, one-time links, the first administrator, and the three doors. */
@customElement('rp-gate')
export class Gate extends Screen {
  @property({attribute: false}) session!: Session;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  @state() private mismatch = '';
  private token = '';

  override willUpdate(): void {
    if (this.place.path !== '/welcome') return;
    const token = this.place.query.get('token') ?? '';
    if (token && token !== this.token) {
      this.token = token;
      void this.take(signInByLink(token));
    }
  }

  private async take(asked: Promise<Result<Session>>): Promise<void> {
    this.busy = true;
    this.problem = undefined;
    const got = await asked;
    this.busy = false;
    if (!got.ok) {
      this.problem = got.error;
      return;
    }
    if (got.value.setup_needed) history.replaceState(null, '', '/setup');
    window.dispatchEvent(new CustomEvent('rapport-session', {detail: got.value}));
    if (got.value.setup_needed) window.dispatchEvent(new CustomEvent('rapport-moved', {detail: {keepFocus: true}}));
  }

  private readonly login = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    void this.take(signIn(String(form.get('name')), String(form.get('password'))));
  };
  private readonly create = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const password = String(form.get('password'));
    this.mismatch = password.length < kPasswordLeast ? t('setup.short', {n: kPasswordLeast})
      : password !== String(form.get('again')) ? t('setup.mismatch') : '';
    if (!this.mismatch) void this.take(setUp(String(form.get('name')), password));
  };

  private said(): TemplateResult | typeof nothing {
    if (!this.problem) return nothing;
    const {code, status, retryAfter} = this.problem;
    const text = status === 429 ? t('login.slow', {n: retryAfter ?? 60}) : status === 401
      ? t(this.place.path === '/welcome' ? 'welcome.spent' : 'login.wrong') : problemText(this.problem);
    return code === 'unreachable' ? errorState(this.problem) : html`<div class="note bad" role="alert">${icon('warning')}<span>${text}</span></div>`;
  }

  private loginForm(): TemplateResult {
    return html`<h1 tabindex="-1">${t('login.title')}</h1>${this.said()}
      <form @submit=${this.login}>
        <div class="field"><label for="name">${t('login.name')}</label>
          <input class="input" id="name" name="name" autocomplete="username" required autofocus></div>
        <div class="field"><label for="password">${t('login.password')}</label>
          <input class="input" id="password" name="password" type="password" autocomplete="current-password" required></div>
        <button class="button main" ?disabled=${this.busy}>${t('login.enter')}</button>
      </form>
      ${this.session.setup_needed ? html`<div class="note">${icon('key')}<span>${t('login.no_owner')} <code>rapport link --data DIR</code></span></div>` : nothing}`;
  }

  private welcome(): TemplateResult {
    if (this.busy) return html`<h1 tabindex="-1">${t('welcome.title')}</h1>${skeleton(3)}`;
    return html`<h1 tabindex="-1">${t('welcome.title')}</h1>${this.problem ? this.said() : html`<p>${t('welcome.no_token')}</p>`}
      <p class="soft">${t('welcome.again')} <code>rapport link --data DIR</code></p><p><a href="/login">${t('login.title')}</a></p>`;
  }

  private setup(): TemplateResult {
    return html`<div><h1 tabindex="-1">${t('setup.title')}</h1><p class="soft">${t('setup.lead')}</p></div>${this.said()}
      <form @submit=${this.create}>
        <div class="field"><label for="name">${t('login.name')}</label>
          <input class="input" id="name" name="name" autocomplete="username" maxlength="64" required autofocus></div>
        <div class="field"><label for="password">${t('login.password')}</label>
          <input class="input" id="password" name="password" type="password" autocomplete="new-password" minlength=${kPasswordLeast} required aria-describedby="hint">
          <span class="hint" id="hint">${t('setup.hint', {n: kPasswordLeast})}</span></div>
        <div class="field"><label for="again">${t('setup.again')}</label>
          <input class="input" id="again" name="again" type="password" autocomplete="new-password" required aria-invalid=${this.mismatch ? 'true' : 'false'}>
          ${this.mismatch ? html`<span class="wrong" role="alert">${this.mismatch}</span>` : nothing}</div>
        <button class="button main" ?disabled=${this.busy}>${t('setup.create')}</button>
      </form>`;
  }

  override render(): TemplateResult {
    const signedIn = Boolean(this.session.user);
    const doors = signedIn && this.place.path === '/start' && !this.session.setup_needed;
    const inner = doors ? html`<rp-doors .session=${this.session}></rp-doors>`
      : signedIn && this.session.setup_needed ? this.setup()
        : this.place.path === '/welcome' ? this.welcome() : this.loginForm();
    return html`<div class="gate"><main class=${doors ? 'wide' : ''} id="content">
      <span class="brand"><img src="/favicon.svg" alt="" width="26" height="26">Rapport</span>
      ${inner}
      <div class="foot"><span>${languagePicker()}</span><span>${themeButton(this)}</span></div>
    </main></div>`;
  }
}
