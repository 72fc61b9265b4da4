import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {deskTabs} from './names';
import './policies';
import './queue';

/** The service desk: the queue, and what is promised. */
@customElement('rp-desk')
export class Desk extends Screen {
  override render(): TemplateResult {
    const policies = this.place.path === '/desk/policies';
    return html`${pageHead(t('desk.title'), policies ? t('policies.lead') : t('desk.lead'))}${deskTabs(policies ? 'policies' : 'queue')}
      ${policies ? html`<rp-desk-policies .place=${this.place}></rp-desk-policies>` : html`<rp-desk-queue .place=${this.place}></rp-desk-queue>`}`;
  }
}
