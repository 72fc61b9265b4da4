import {LitElement} from 'lit';
import {property} from 'lit/decorators.js';

import {whenLanguageChanges} from '../i18n/i18n';
import type {Place} from '../model/route';

/**
 * What every screen and part of ours is: drawn into the page itself, so that labels, headings and styles reach across parts,
 * and drawn anew when the language changes.
 */
export class View extends LitElement {
  private unlisten: (() => void) | undefined;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    this.unlisten = whenLanguageChanges(() => this.requestUpdate());
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unlisten?.();
  }
}

/** A screen: knows where the reader is. */
export class Screen extends View {
  @property({attribute: false}) place: Place = {path: '/', params: {}, query: new URLSearchParams()};

  protected filter(name: string): string {
    return this.place.query.get(name) ?? '';
  }
}
