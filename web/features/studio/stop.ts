import {html, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import '../../ui/dialog';
import {View} from '../../ui/view';

/** The emergency stop asks for the scene's name, typed. Fires `agreed` and `done`. */
@customElement('rp-scene-stop')
export class SceneStop extends View {
  @property() scene = '';
  @property() override title = '';
  @state() private typed = '';

  override render(): TemplateResult {
    return html`<rp-dialog heading=${t('studio.stop_title', {title: this.title})} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<p>${t('studio.stop_text')}</p><div class="field"><label for="typed">${t('erase.type', {id: this.scene})}</label>
        <input class="input mono" id="typed" autocomplete="off" spellcheck="false" @input=${(event: Event) => (this.typed = (event.target as HTMLInputElement).value)}></div>`}
      .foot=${html`<button class="button danger" ?disabled=${this.typed.trim() !== this.scene} @click=${() => this.dispatchEvent(new CustomEvent('agreed'))}>${t('studio.stop')}</button>`}></rp-dialog>`;
  }
}
