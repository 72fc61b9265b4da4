import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './reviews';
import {serviceTabs} from './tabs';
import './worth';

/** Beside the catalogue: what services are worth, and when they are looked at again. */
@customElement('rp-services-more')
export class ServicesMore extends Screen {
  override render(): TemplateResult {
    const reviews = this.place.path.endsWith('/reviews');
    return html`${pageHead(reviews ? t('services.reviews') : t('services.worth'), reviews ? t('worth.reviews_lead') : t('worth.lead'), html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>`)}
      ${serviceTabs(reviews ? 'reviews' : 'worth')}
      ${reviews ? html`<rp-service-reviews .place=${this.place}></rp-service-reviews>` : html`<rp-services-worth .place=${this.place}></rp-services-worth>`}`;
  }
}
