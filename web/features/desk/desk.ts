import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import {pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {deskTabs} from './names';
import './guard';
import './knowledge';
import './macros';
import './policies';
import './queue';
import './team';

/** The service desk: the queue, and what is promised. */
@customElement('rp-desk')
export class Desk extends Screen {
  override render(): TemplateResult {
    const path = this.place.path;
    const page = path === '/desk/policies' ? 'policies' : path === '/desk/team' ? 'team' : path === '/desk/knowledge' ? 'knowledge' : path === '/desk/macros' ? 'macros' : 'queue';
    const leads = {policies: t('policies.lead'), team: t('team.lead'), knowledge: t('knowledge.lead'), macros: t('macros.lead'), queue: t('desk.lead')};
    const shown = {
      policies: () => html`<rp-desk-policies .place=${this.place}></rp-desk-policies><rp-desk-guard></rp-desk-guard>`, team: () => html`<rp-desk-team .place=${this.place}></rp-desk-team>`,
      knowledge: () => html`<rp-knowledge .place=${this.place}></rp-knowledge>`, macros: () => html`<rp-desk-macros .place=${this.place}></rp-desk-macros>`, queue: () => html`<rp-desk-queue .place=${this.place}></rp-desk-queue>`,
    };
    return html`${pageHead(t('desk.title'), leads[page])}${deskTabs(page)}${shown[page]()}`;
  }
}
