import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './packages';
import './profile';
import './reviews';
import {serviceTabs} from './tabs';
import './worth';

type Page = 'worth' | 'reviews' | 'packages' | 'profile';

/** Beside the catalogue: what services are worth, packages of them, how one profiles, and when they are looked at again. */
@customElement('rp-services-more')
export class ServicesMore extends Screen {
  private page(): Page {
    const last = this.place.path.split('/').pop();
    return last === 'reviews' || last === 'packages' || last === 'profile' ? last : 'worth';
  }
  private body(page: Page): TemplateResult {
    switch (page) {
      case 'reviews': return html`<rp-service-reviews .place=${this.place}></rp-service-reviews>`;
      case 'packages': return html`<rp-service-packages .place=${this.place}></rp-service-packages>`;
      case 'profile': return html`<rp-service-profile .place=${this.place}></rp-service-profile>`;
      default: return html`<rp-services-worth .place=${this.place}></rp-services-worth>`;
    }
  }
  override render(): TemplateResult {
    const page = this.page();
    const lead = page === 'worth' ? t('worth.lead') : page === 'reviews' ? t('worth.reviews_lead') : page === 'packages' ? t('packages.lead') : t('profile.lead');
    return html`${pageHead(t(`services.${page}`), lead, html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>`)}
      ${serviceTabs(page === 'profile' ? 'catalogue' : page)}${this.body(page)}`;
  }
}
