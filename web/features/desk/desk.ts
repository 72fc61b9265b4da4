import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {deskTabs} from './names';
import './knowledge';
import './policies';
import './queue';

/** The service desk: the queue, and what is promised. */
@customElement('rp-desk')
export class Desk extends Screen {
  override render(): TemplateResult {
    const page = this.place.path === '/desk/policies' ? 'policies' : this.place.path === '/desk/knowledge' ? 'knowledge' : 'queue';
    const lead = page === 'policies' ? t('policies.lead') : page === 'knowledge' ? t('knowledge.lead') : t('desk.lead');
    return html`${pageHead(t('desk.title'), lead)}${deskTabs(page)}
      ${page === 'policies' ? html`<rp-desk-policies .place=${this.place}></rp-desk-policies>`
        : page === 'knowledge' ? html`<rp-knowledge .place=${this.place}></rp-knowledge>` : html`<rp-desk-queue .place=${this.place}></rp-desk-queue>`}`;
  }
}
