import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {eraseCustomer} from '../../api/customers';
import {t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {go} from '../../ui/navigate';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

/** Erasing a person for good: asks for the customer's id, typed. */
@customElement('rp-erase')
export class Erase extends View {
  @property() customer = '';
  @property() name = '';
  @state() private typed = '';
  @state() private busy = false;
  @state() private problem: Problem | undefined;

  private readonly erase = async (): Promise<void> => {
    if (this.typed.trim() !== this.customer || this.busy) return;
    this.busy = true;
    const got = await eraseCustomer(this.customer);
    this.busy = false;
    if (!got.ok) {
      this.problem = got.error;
      return;
    }
    toast(t('erase.erased', {id: this.customer}));
    go('/customers', {replace: true});
  };

  override render(): TemplateResult {
    const ready = this.typed.trim() === this.customer;
    return html`<rp-dialog heading=${t('erase.title', {name: this.name})} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<p>${t('erase.text')}</p>${this.problem ? errorState(this.problem) : nothing}
        <div class="field"><label for="typed">${t('erase.type', {id: this.customer})}</label>
          <input class="input mono" id="typed" autocomplete="off" spellcheck="false" @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}></div>`}
      .foot=${html`<button class="button danger" ?disabled=${!ready || this.busy} @click=${this.erase}>${t('erase.erase')}</button>`}></rp-dialog>`;
  }
}
