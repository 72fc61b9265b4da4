import {html, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {icon} from './icons';
import {View} from './view';

interface Said {
  id: number;
  text: string;
  bad: boolean;
}

let last = 0;

/** Says something once, for a few seconds, also aloud. */
export function toast(text: string, options: {bad?: boolean} = {}): void {
  window.dispatchEvent(new CustomEvent<Said>('rapport-said', {detail: {id: ++last, text, bad: options.bad ?? false}}));
}

@customElement('rp-toasts')
export class Toasts extends View {
  @state() private said: Said[] = [];

  private readonly hear = (event: Event): void => {
    const one = (event as CustomEvent<Said>).detail;
    this.said = [...this.said, one];
    setTimeout(() => (this.said = this.said.filter((other) => other.id !== one.id)), one.bad ? 9_000 : 5_000);
  };
  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('rapport-said', this.hear);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('rapport-said', this.hear);
  }
  override render(): TemplateResult {
    return html`<div class="toasts" role="status" aria-live="polite">${this.said.map((one) => html`<div class="toast ${one.bad ? 'bad' : ''}">
      ${icon(one.bad ? 'warning' : 'check')}<span>${one.text}</span></div>`)}</div>`;
  }
}
