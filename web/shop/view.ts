import {LitElement} from 'lit';

import {shop} from './state';

/** A part of the page: drawn into the page itself (no shadow), and anew when the visitor's state changes. */
export abstract class ShopView extends LitElement {
  private readonly redraw = (): void => this.requestUpdate();

  protected override createRenderRoot(): HTMLElement {
    return this;
  }
  override connectedCallback(): void {
    super.connectedCallback();
    shop.addEventListener('changed', this.redraw);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    shop.removeEventListener('changed', this.redraw);
  }
}
