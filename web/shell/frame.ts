import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {readTail} from '../api/data';
import {chooseShop, type Session, signOut} from '../api/session';
import type {Key} from '../i18n/en';
import {named, t} from '../i18n/i18n';
import type {Place} from '../model/route';
import {icon, type Icon} from '../ui/icons';
import {zoneName} from '../ui/format';
import {go} from '../ui/navigate';
import {problemText} from '../ui/parts';
import {toast} from '../ui/toast';
import {View} from '../ui/view';
import {languagePicker, themeButton} from './pickers';
import {kRoutes} from './routes';

const kLooked = 50;

const kNav: {id: string; href: string; text: Key; icon: Icon}[] = [
  {id: 'overview', href: '/overview', text: 'nav.overview', icon: 'overview'},
  {id: 'customers', href: '/customers', text: 'nav.customers', icon: 'customers'},
  {id: 'segments', href: '/segments', text: 'nav.segments', icon: 'segments'},
  {id: 'services', href: '/services', text: 'nav.services', icon: 'services'},
  {id: 'journey', href: '/journey', text: 'nav.journey', icon: 'journey'},
  {id: 'desk', href: '/desk', text: 'nav.desk', icon: 'desk'},
  {id: 'parcels', href: '/parcels', text: 'nav.parcels', icon: 'box'},
  {id: 'feedback', href: '/feedback', text: 'nav.feedback', icon: 'chat'},
  {id: 'studio', href: '/studio', text: 'nav.studio', icon: 'star'},
  {id: 'studies', href: '/studies', text: 'nav.studies', icon: 'studies'},
  {id: 'surveys', href: '/surveys', text: 'nav.surveys', icon: 'surveys'},
  {id: 'hypotheses', href: '/hypotheses', text: 'nav.hypotheses', icon: 'hypotheses'},
  {id: 'programme', href: '/programme', text: 'nav.programme', icon: 'programme'},
  {id: 'data', href: '/data', text: 'nav.data', icon: 'data'},
  {id: 'house', href: '/people', text: 'nav.people', icon: 'key'},
];

/** Navigation, search and the place where a screen is drawn. */
@customElement('rp-frame')
export class Frame extends View {
  @property({attribute: false}) session!: Session;
  @property() nav = '';
  @property({attribute: false}) place!: Place;
  @property({attribute: false}) inside: TemplateResult | typeof nothing = nothing;
  @state() private menu = false;
  /** The log itself begins with things that say they are simulated, whatever the shop's clock is. */
  @state() private simulated = false;

  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this.menu) this.menu = false;
    const inField = (event.target as Element).closest?.('input, textarea, select, [contenteditable]');
    if (event.key === '/' && !inField && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.querySelector<HTMLInputElement>('.topbar input')?.focus();
    }
  };
  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('keydown', this.keys);
    void this.lookAtBeginning();
  }
  private async lookAtBeginning(): Promise<void> {
    if (this.session.simulated || !this.session.permissions.includes('read')) return;
    const got = await readTail(0, kLooked, 0, false);
    if (got.ok) this.simulated = got.value.events.some((event) => event.properties?.['simulated'] === true);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.keys);
  }
  override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('place')) this.menu = false;
  }

  private readonly search = (event: SubmitEvent): void => {
    event.preventDefault();
    const query = new FormData(event.target as HTMLFormElement).get('query');
    go(`/customers?query=${encodeURIComponent(String(query ?? '').trim())}`);
  };
  private readonly leave = async (): Promise<void> => {
    const got = await signOut();
    if (got.ok) window.location.assign('/login');
    else toast(problemText(got.error), {bad: true});
  };
  private readonly pickShop = async (event: Event): Promise<void> => {
    const got = await chooseShop((event.target as HTMLSelectElement).value);
    if (got.ok) window.location.assign('/');
    else toast(problemText(got.error), {bad: true});
  };

  private items(): TemplateResult[] {
    const there = new Set(kRoutes.map((route) => route.nav));
    return kNav.filter((item) => there.has(item.id)).filter((item) => item.id !== 'house' || this.session.permissions.includes('administer'))
      .map((item) => html`<li><a href=${item.href} aria-current=${item.id === this.nav ? 'page' : nothing}>${icon(item.icon)}${t(item.text)}</a></li>`);
  }

  private foot(): TemplateResult {
    const {user, shops, shop} = this.session;
    return html`<div class="foot">
      ${shops.length > 1 ? html`<label class="field"><span class="label">${t('shell.shop')}</span>
        <select class="input" @change=${this.pickShop}>${shops.map((name) => html`<option value=${name} ?selected=${name === shop}>${name}</option>`)}</select></label>`
        : html`<span>${t('shell.shop')}: <strong>${shop ?? '–'}</strong></span>`}
      <div class="row spread"><span><a class="plain" href="/account">${user?.name || t('shell.administrator')}</a><br><span class="muted">${named('role', user?.role ?? '')}</span></span>
        <button class="button quiet tiny square" title=${t('shell.sign_out')} aria-label=${t('shell.sign_out')} @click=${this.leave}>${icon('out', 16)}</button></div>
      <span class="small muted" data-zone>${t('shell.zone', {zone: zoneName()})}</span>
    </div>`;
  }

  override render(): TemplateResult {
    const query = this.place.path === '/customers' ? (this.place.query.get('query') ?? '') : '';
    return html`<a class="skip" href="#content">${t('shell.skip')}</a>
      <div class="frame" ?data-menu=${this.menu}>
        <nav class="sidebar" id="side" aria-label=${t('shell.navigation')}><a class="brand" href="/overview"><img src="/favicon.svg" alt="" width="26" height="26">Rapport</a>
          <ul>${this.items()}</ul>${this.foot()}</nav>
        ${this.menu ? html`<button class="veil" aria-label=${t('action.close')} @click=${() => (this.menu = false)}></button>` : nothing}
        <div class="stage">
          <header class="topbar">
            <button class="button quiet square menu" aria-label=${t('shell.menu')} aria-expanded=${this.menu} aria-controls="side"
              @click=${() => (this.menu = !this.menu)}>${icon('menu')}</button>
            <form role="search" @submit=${this.search}><label class="searchbox"><span class="unseen">${t('shell.search')}</span>${icon('search', 16)}
              <input class="input" name="query" type="search" autocomplete="off" placeholder=${t('shell.search')} .value=${query}></label></form>
            <div class="tools"><button class="button quiet tourbutton" @click=${() => window.dispatchEvent(new CustomEvent('rapport-tours'))} title=${t('tour.title')}>${icon('spark', 17)}<span class="words">${t('tour.title')}</span></button>${languagePicker()}${themeButton(this)}</div>
          </header>
          ${this.session.simulated || this.simulated ? html`<aside class="simulated" aria-label=${t('shell.notice')}>${t('shell.simulated')}</aside>` : nothing}
          <main class="page" id="content" tabindex="-1">${this.inside}</main>
        </div>
      </div>`;
  }
}
