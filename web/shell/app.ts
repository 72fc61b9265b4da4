import {html, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {whenSessionLost} from '../api/http';
import {readSession, type Session} from '../api/session';
import '../features/gate/gate';
import {currentLanguage, t} from '../i18n/i18n';
import type {Problem} from '../model/result';
import {type Place, safeNext} from '../model/route';
import {go, setFilters} from '../ui/navigate';
import {emptyState, errorState, skeleton} from '../ui/parts';
import '../ui/toast';
import {View} from '../ui/view';
import {fetchAhead} from './ahead';
import './frame';
import {findRoute, type Route} from './routes';
import {setSession} from './session';
import type {Standing} from '../tour/tour';

function here(): Place {
  const url = new URL(window.location.href);
  return {path: url.pathname.replace(/(.)\/$/, '$1'), params: {}, query: url.searchParams};
}

/** Knows who is here and where, and draws the gate or the screen. */
@customElement('rp-app')
export class App extends View {
  @state() private place: Place = here();
  @state() private session: Session | undefined;
  @state() private problem: Problem | undefined;
  @state() private route: Route | undefined;
  @state() private ready = false;
  @state() private tour: Standing | undefined;
  @state() private tours = false;
  private focusNext = false;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('popstate', () => this.move(false));
    window.addEventListener('rapport-moved', (event) => this.move((event as CustomEvent<{keepFocus: boolean}>).detail.keepFocus));
    window.addEventListener('rapport-go', (event) => go((event as CustomEvent<string>).detail));
    window.addEventListener('rapport-session', (event) => this.enter((event as CustomEvent<Session>).detail));
    window.addEventListener('rapport-tours', () => void this.showTours());
    document.addEventListener('click', this.followLink);
    whenSessionLost(() => this.enter(this.session ? {...this.session, user: null, csrf: null} : undefined));
    void this.start();
  }

  /** The tour's code and stories are fetched when somebody wants them, or was in the middle of one. */
  private async showTours(): Promise<void> {
    await Promise.all([import('../features/house/tour_menu'), import('../tour/tour')]);
    this.tours = true;
  }
  private async resumeTour(): Promise<void> {
    if (this.tour || !sessionStorage.getItem('rapport.tour')) return;
    this.tour = (await import('../tour/tour')).kept('console');
  }
  private readonly play = (event: CustomEvent<string>): void => {
    this.tours = false;
    this.tour = {story: event.detail, at: 0, paths: {}};
  };

  private async start(): Promise<void> {
    const got = await readSession();
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) this.enter(got.value);
  }

  private enter(session: Session | undefined): void {
    this.session = session;
    setSession(session);
    if (session?.user) void this.resumeTour();
    if (session?.user && !session.setup_needed && ['/login', '/welcome', '/setup'].includes(this.place.path)) {
      const fresh = this.place.path === '/setup';
      // A newcomer by link has no password yet; whoever came as the folder's administrator never has one.
      const invited = this.place.path === '/welcome' && String(session.user.id) !== '0';
      go(fresh ? '/start' : invited ? '/account?new=1' : safeNext(this.place.query.get('next')), {replace: true});
    } else {
      void this.find();
    }
  }

  private move(keepFocus: boolean): void {
    const before = this.place.path;
    this.place = here();
    if (before !== this.place.path && !keepFocus) this.focusNext = true;
    void this.find();
  }

  private async find(): Promise<void> {
    if (this.place.query.has('tours') && this.session?.user) {
      setFilters({tours: ''}, {replace: true});
      void this.showTours();
      return;
    }
    if (this.place.path === '/' && this.session?.user) {
      go('/overview', {replace: true});
      return;
    }
    const found = findRoute(this.place);
    if (found?.route === this.route && this.ready) {
      if (found) this.place = {...this.place, params: found.params};
      return;
    }
    this.route = found?.route;
    if (!found) return;
    this.place = {...this.place, params: found.params};
    this.ready = false;
    try {
      await found.route.load();
    } catch {
      if (this.route === found.route) this.problem = {code: 'unreachable', status: 0, detail: ''};
      return;
    }
    if (this.route !== found.route) return;
    this.ready = true;
    if (this.session?.user && !this.session.setup_needed) fetchAhead(found.route);
  }

  /** Ordinary links move within the console; everything else is left to the browser. */
  private readonly followLink = (event: MouseEvent): void => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = (event.target as Element).closest?.('a');
    if (!link?.href || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== window.location.origin || url.pathname.includes('.') || /^\/(v1|shop|metrics|livez|readyz)\b/.test(url.pathname)) return;
    event.preventDefault();
    if (url.hash && url.pathname === window.location.pathname) {
      const target = document.getElementById(url.hash.slice(1));
      target?.scrollIntoView({block: 'start'});
      target?.focus({preventScroll: true});
      return;
    }
    go(url.pathname + url.search);
    if (url.pathname !== this.place.path) window.scrollTo(0, 0);
  };

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    const title = this.session?.user && this.route ? t(this.route.title) : undefined;
    document.title = title ? `${title} · Rapport` : 'Rapport';
    if (this.focusNext && this.ready) {
      this.focusNext = false;
      requestAnimationFrame(() => this.querySelector<HTMLElement>('main h1')?.focus({preventScroll: true}));
    }
  }

  override render(): TemplateResult {
    if (this.problem) {
      return html`<div class="gate"><main>${errorState(this.problem, () => void this.start())}</main></div><rp-toasts></rp-toasts>`;
    }
    if (!this.session) return html`<div class="gate"><main>${skeleton(4)}</main></div>`;
    if (!this.session.user || this.session.setup_needed || ['/setup', '/start'].includes(this.place.path)) {
      return html`<rp-gate .place=${this.place} .session=${this.session}></rp-gate><rp-toasts></rp-toasts>`;
    }
    return html`<rp-frame .session=${this.session} .nav=${this.route?.nav ?? ''} .place=${this.place} .inside=${this.inside()}></rp-frame>
      ${this.tours ? html`<rp-tour-menu @chosen=${this.play} @done=${() => (this.tours = false)}></rp-tour-menu>` : nothing}
      ${this.tour ? html`<rp-tour .language=${currentLanguage()} .begin=${this.tour} .go=${(path: string) => go(path)} .others=${() => void this.showTours()}
        @ended=${() => (this.tour = undefined)}></rp-tour>` : nothing}
      <rp-toasts></rp-toasts>`;
  }

  private inside(): TemplateResult | typeof nothing {
    if (!this.route) return emptyState(t('lost.title'), t('lost.text'), html`<a class="button" href="/">${t('lost.home')}</a>`);
    if (!this.ready) return skeleton(10);
    return this.route.draw(this.place);
  }
}
