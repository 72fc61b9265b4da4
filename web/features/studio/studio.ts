import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {named, t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './catalogue';
import './models';
import {mayCurate} from './names';
import './replay';
import './rules';
import './scenes';
import {kPages, type Page, studioTabs} from './tabs';

/** Everything about recommendations, a page each. */
@customElement('rp-studio')
export class Studio extends Screen {
  private inner(page: Page): TemplateResult {
    switch (page) {
      case 'replay': return html`<rp-replay .place=${this.place}></rp-replay>`;
      case 'models': return html`<rp-models .place=${this.place}></rp-models>`;
      case 'rules': return html`<rp-rules .place=${this.place}></rp-rules>`;
      case 'catalogue': return html`<rp-catalogue .place=${this.place}></rp-catalogue>`;
      default: return html`<rp-scenes .place=${this.place}></rp-scenes>`;
    }
  }
  override render(): TemplateResult {
    const page = kPages.find((one) => one === this.place.params['page']) ?? 'scenes';
    const actions = page === 'scenes' && mayCurate() ? html`<a class="button main" href="/studio/scenes/new/edit">${icon('plus', 16)}${t('studio.new_scene')}</a>` : undefined;
    return html`${pageHead(t('studio.title'), named('studiolead', page), actions)}${studioTabs(page)}${this.inner(page)}`;
  }
}
