import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import type {Key} from '../../i18n/en';
import {t} from '../../i18n/i18n';
import type {Place} from '../../model/route';
import {may} from '../../shell/session';
import {LazyPages} from '../../ui/lazy';
import {pageHead, tabs} from '../../ui/parts';
import {Screen} from '../../ui/view';

interface Page {
  id: string;
  title: Key;
  lead: Key;
  needs: string;
  load: () => Promise<unknown>;
  draw: (place: Place) => TemplateResult;
}

const kPages: readonly Page[] = [
  {id: 'live', title: 'data.live', lead: 'live.lead', needs: 'read', load: () => import('./live'), draw: (place) => html`<rp-live .place=${place}></rp-live>`},
  {id: 'import', title: 'data.import', lead: 'import.lead', needs: 'administer', load: () => import('./import'), draw: (place) => html`<rp-import .place=${place}></rp-import>`},
  {id: 'dead-letters', title: 'data.dead', lead: 'dead.lead', needs: 'read', load: () => import('./dead_letters'), draw: (place) => html`<rp-dead-letters .place=${place}></rp-dead-letters>`},
  {id: 'catalogue', title: 'data.catalogue', lead: 'catalogue.lead', needs: 'read', load: () => import('./catalogue'), draw: (place) => html`<rp-catalogue .place=${place}></rp-catalogue>`},
  {id: 'words', title: 'data.words', lead: 'words.lead', needs: 'read', load: () => import('./words'), draw: (place) => html`<rp-words .place=${place}></rp-words>`},
  {id: 'sql', title: 'data.sql', lead: 'sql.lead', needs: 'read', load: () => import('./sql'), draw: (place) => html`<rp-sql .place=${place}></rp-sql>`},
  {id: 'keys', title: 'data.keys', lead: 'keys.lead', needs: 'administer', load: () => import('./keys'), draw: (place) => html`<rp-keys .place=${place}></rp-keys>`},
  {id: 'webhooks', title: 'data.webhooks', lead: 'webhooks.lead', needs: 'administer', load: () => import('./webhooks'), draw: (place) => html`<rp-webhooks .place=${place}></rp-webhooks>`},
  {id: 'health', title: 'data.health', lead: 'health.lead', needs: 'read', load: () => import('./health'), draw: (place) => html`<rp-health .place=${place}></rp-health>`},
];

/** What comes in and what goes out, one page each. */
@customElement('rp-data')
export class DataScreen extends Screen {
  private readonly pages = new LazyPages(this);

  private page(): Page {
    return kPages.find(({id}) => id === this.place.params['page']) ?? kPages[0]!;
  }

  override render(): TemplateResult {
    const page = this.page();
    const open = kPages.filter(({needs}) => may(needs));
    return html`${pageHead(t(page.title), t(page.lead), nothing)}
      ${tabs(t('nav.data'), open.map(({id, title}) => ({href: `/data/${id}`, text: t(title), current: id === page.id})))}
      ${this.pages.show(page.id, page.load, () => page.draw(this.place))}`;
  }
}
