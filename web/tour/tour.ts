import {css, html, LitElement, nothing, type PropertyValues, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {say, type ElementLanguage} from '../widgets/runtime/words';
import {type ChromeKey, kChrome, pointed, saidIn, type Step, type Story, storyOf} from './story';

const kStored = 'rapport.tour';
const kLookEvery_ms = 400;
const kPatience_ms = 8_000;
const kRing = '3px solid light-dark(#b4540a, #ffb45e)';

export interface Standing {
  story: string;
  at: number;
  /** Where each step led that was reached by following a link. */
  paths: Record<number, string>;
}

/** Where the reader was, over a reload of the page. */
export function kept(where: Story['where']): Standing | undefined {
  try {
    const told = JSON.parse(sessionStorage.getItem(kStored) ?? 'null') as Standing | null;
    return told && storyOf(told.story)?.where === where ? told : undefined;
  } catch {
    return undefined;
  }
}
export function keep(standing: Standing | undefined): void {
  if (standing) sessionStorage.setItem(kStored, JSON.stringify(standing));
  else sessionStorage.removeItem(kStored);
}

/**
 * Plays a story: moves to each step's screen, rings what is meant and says in words what is seen. Never modal: the page can be used
 * meanwhile. Escape ends it. Fires `ended`.
 */
@customElement('rp-tour')
export class Tour extends LitElement {
  @property() language: ElementLanguage = 'en';
  /** Moves within the page that hosts us. */
  @property({attribute: false}) go: (path: string) => void = () => undefined;
  /** Where to begin; from there on the tour knows itself where it is. */
  @property({attribute: false}) begin!: Standing;
  /** How stories are called that go on from the end of this one. */
  @property({attribute: false}) others: (() => void) | undefined;
  @state() private standing!: Standing;
  @state() private found = true;
  @state() private elsewhere = false;
  private ringed: HTMLElement | undefined;
  private screen = '';
  private timer = 0;
  private focusing = 0;
  private since = 0;
  private scrolled = false;
  private back: Element | null = null;

  static override styles = css`
    :host { position: fixed; inset-block-end: 16px; inset-inline-end: 16px; z-index: 60; width: min(400px, calc(100vw - 32px)); font: inherit; line-height: 1.55; }
    section { display: grid; gap: 10px; padding: 16px 18px; border-radius: 14px; background: light-dark(#1e2529, #f3f1ea); color: light-dark(#f5f4ef, #16191b); box-shadow: 0 8px 40px rgb(0 0 0 / 35%); }
    .head { display: flex; justify-content: space-between; gap: 10px; align-items: start; }
    h2 { margin: 0; font-size: 1.0625em; line-height: 1.35; outline: none; }
    p { margin: 0; overflow-wrap: anywhere; } .small { font-size: .8125em; opacity: .85; }
    .row { display: flex; gap: 8px; flex-wrap: wrap; align-items: center; }
    button { font: inherit; font-size: .9375em; font-weight: 600; min-height: 36px; padding: 4px 14px; border-radius: 999px; border: 1px solid currentcolor; background: none; color: inherit; cursor: pointer; }
    button.main { background: light-dark(#ffc27a, #7a3800); color: light-dark(#1e1305, #fff); border-color: transparent; }
    button.plain { border-color: transparent; padding-inline: 4px; font-weight: 500; text-decoration: underline; text-underline-offset: 3px; }
    button.close { min-height: 28px; width: 28px; padding: 0; border-color: transparent; font-size: 1.125em; line-height: 1; }
    button:focus-visible, h2:focus-visible { outline: 2px solid light-dark(#ffc27a, #7a3800); outline-offset: 2px; }
    button:disabled { opacity: .45; cursor: default; }
    .grow { flex: 1; }
    @media (max-width: 560px) { :host { inset-inline: 8px; inset-block-end: 8px; width: auto; } section { padding: 12px 14px; gap: 8px; max-height: 46vh; overflow: auto; } }
    @media print { :host { display: none; } }
  `;

  private readonly keys = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !document.querySelector('dialog[open]')) this.end();
  };
  override connectedCallback(): void {
    super.connectedCallback();
    this.back = document.activeElement;
    document.addEventListener('keydown', this.keys);
    this.timer = window.setInterval(() => this.point(), kLookEvery_ms);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.keys);
    clearInterval(this.timer);
    clearTimeout(this.focusing);
    this.unring();
  }

  private get story(): Story {
    return storyOf(this.standing.story)!;
  }
  private get step(): Step {
    return this.story.steps[this.standing.at]!;
  }
  private words(key: ChromeKey, params: Record<string, string | number> = {}): string {
    return say(kChrome, this.language, key, params);
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('begin')) this.standing = {...this.begin, paths: {...this.begin.paths}};
    if (changed.has('begin') || changed.has('standing')) this.enter();
  }
  protected override updated(changed: PropertyValues): void {
    // The heading is read first, then the text; screens that take the focus when they arrive give it up again.
    if (changed.has('begin') || changed.has('standing')) this.focusHeading();
  }
  private focusHeading(): void {
    const focus = (): void => this.renderRoot.querySelector<HTMLElement>('h2')?.focus({preventScroll: true});
    focus();
    clearTimeout(this.focusing);
    this.focusing = window.setTimeout(focus, 350);
  }

  /** The address of the step; undefined when it is reached by a link that is not there. */
  private address(at: number): string | undefined {
    const known = this.standing.paths[at];
    if (known) return known;
    const step = this.story.steps[at]!;
    if (step.follow) {
      const link = pointed(document, step.follow);
      return link instanceof HTMLAnchorElement ? link.pathname + link.search : undefined;
    }
    return step.path ?? (at > 0 ? this.address(at - 1) : undefined);
  }
  private enter(): void {
    this.unring();
    const path = this.address(this.standing.at);
    this.scrolled = false;
    this.since = Date.now();
    this.found = path !== undefined;
    this.elsewhere = false;
    this.screen = path ?? '';
    if (path === undefined) return;
    this.standing.paths[this.standing.at] = path;
    keep(this.standing);
    if (here() !== path) this.go(path);
  }

  /** Rings the target when it is there, and again when the screen was drawn anew. */
  private point(): void {
    const {target} = this.step;
    this.elsewhere = this.screen !== '' && here().split('?')[0] !== this.screen.split('?')[0];
    if (!target || this.elsewhere || this.screen === '') {
      this.unring();
      return;
    }
    const element = pointed(document, target);
    if (!element) {
      this.unring();
      if (Date.now() - this.since > kPatience_ms) this.found = false;
      return;
    }
    this.found = true;
    if (element === this.ringed) return;
    this.unring();
    this.ringed = element;
    element.style.outline = kRing;
    element.style.outlineOffset = '4px';
    if (this.scrolled) return;
    this.scrolled = true;
    element.style.scrollMarginBlock = '110px';
    const tall = element.getBoundingClientRect().height > window.innerHeight * 0.5 || window.innerWidth < 600;
    element.scrollIntoView({block: tall ? 'start' : 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth'});
  }
  private unring(): void {
    if (this.ringed) {
      this.ringed.style.outline = '';
      this.ringed.style.outlineOffset = '';
    }
    this.ringed = undefined;
  }

  private move(by: number): void {
    this.standing = {...this.standing, at: this.standing.at + by};
  }
  private readonly meant = (): void => {
    this.point();
    const element = this.ringed;
    if (!element) return;
    clearTimeout(this.focusing);
    const inside = element.matches('a, button, input, select, summary') ? element : element.querySelector<HTMLElement>('a, button, input, select, summary');
    if (!inside) element.tabIndex = -1;
    (inside ?? element).focus();
  };
  private readonly end = (): void => {
    keep(undefined);
    this.dispatchEvent(new CustomEvent('ended'));
    if (this.back instanceof HTMLElement && this.back.isConnected) this.back.focus();
  };

  override render(): TemplateResult {
    const {story, step} = this;
    const {at} = this.standing;
    const last = at === story.steps.length - 1;
    return html`<section role="dialog" aria-labelledby="title" aria-describedby="text">
      <div class="head"><h2 id="title" tabindex="-1">${saidIn(step.title, this.language)}</h2>
        <button class="close" aria-label=${this.words('close')} title=${this.words('close')} @click=${this.end}>×</button></div>
      <p id="text">${saidIn(step.text, this.language)}</p>
      ${this.found ? nothing : html`<p class="small" role="status">${this.words('nobody')}</p>`}
      <p class="small">${saidIn(story.title, this.language)} · ${this.words('step', {at: at + 1, of: story.steps.length})}</p>
      <div class="row"><button ?disabled=${at === 0} @click=${() => this.move(-1)}>${this.words('back')}</button>
        ${last ? html`<button class="main" @click=${this.end}>${this.words('end')}</button>` : html`<button class="main" @click=${() => this.move(1)}>${this.words('next')}</button>`}
        <span class="grow"></span>
        ${this.elsewhere ? html`<button class="plain" @click=${() => this.go(this.screen)}>${this.words('again')}</button>`
          : step.target && this.found ? html`<button class="plain" @click=${this.meant}>${this.words('show')}</button>` : nothing}
        ${last && this.others ? html`<button class="plain" @click=${() => { this.end(); this.others?.(); }}>${this.words('choose')}</button>` : nothing}</div>
    </section>`;
  }
}

const here = (): string => location.pathname + location.search;
