import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {t} from '../i18n/i18n';
import {icon} from './icons';
import type {Part} from './parts';
import {View} from './view';

/**
 * A modal dialog over the browser's own: traps focus, closes on Escape, gives focus back. Fires `done` when it closes.
 * Drawn from properties, as the page's own markup cannot be slotted without a shadow.
 */
@customElement('rp-dialog')
export class Dialog extends View {
  @property() heading = '';
  @property({type: Boolean}) wide = false;
  @property({attribute: false}) body: Part = nothing;
  @property({attribute: false}) foot: Part = nothing;

  override firstUpdated(): void {
    const dialog = this.querySelector('dialog');
    if (dialog && !dialog.open) dialog.showModal();
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.querySelector('dialog')?.close();
  }
  private readonly closed = (): void => {
    this.dispatchEvent(new CustomEvent('done'));
  };
  override render(): TemplateResult {
    return html`<dialog class="dialog ${this.wide ? 'wide' : ''}" aria-labelledby="dialog-heading" @close=${this.closed}>
      <header><h2 id="dialog-heading">${this.heading}</h2>
        <button class="button quiet tiny square" aria-label=${t('action.close')} @click=${() => this.querySelector('dialog')?.close()}>${icon('close', 16)}</button>
      </header>
      <div class="body">${this.body}</div>
      ${this.foot === nothing ? nothing : html`<footer>${this.foot}</footer>`}
    </dialog>`;
  }
}
