import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import type {Key} from '../../i18n/en';
import {t} from '../../i18n/i18n';
import type {StudyKey} from '../../i18n/studies/en';
import type {Place} from '../../model/route';
import {icon} from '../../ui/icons';
import {LazyPages} from '../../ui/lazy';
import {pageHead, tabs} from '../../ui/parts';
import {Screen} from '../../ui/view';

interface Page {
  id: string;
  href: string;
  title: Key | StudyKey;
  lead: Key | StudyKey;
  load: () => Promise<unknown>;
  draw: (place: Place) => TemplateResult;
}

const kPages: readonly Page[] = [
  {id: 'methods', href: '/studies', title: 'studies.methods', lead: 'studies.lead', load: () => import('./gallery'), draw: (place) => html`<rp-gallery .place=${place}></rp-gallery>`},
  {id: 'claims', href: '/studies/claims', title: 'studies.claims', lead: 'claims.lead', load: () => import('./claims'), draw: (place) => html`<rp-claims .place=${place}></rp-claims>`},
  {id: 'published', href: '/studies/published', title: 'studies.published', lead: 'published.lead', load: () => import('./published'), draw: (place) => html`<rp-published .place=${place}></rp-published>`},
  {id: 'actions', href: '/studies/actions', title: 'studies.actions', lead: 'actions.lead', load: () => import('./actions'), draw: (place) => html`<rp-actions .place=${place}></rp-actions>`},
];

/** Everything about studies that is no single study: the methods, the claims board, what was published, what it led to. */
@customElement('rp-studies')
export class Studies extends Screen {
  private readonly pages = new LazyPages(this);

  private page(): Page {
    return kPages.find(({id}) => id === this.place.params['page']) ?? kPages[0]!;
  }

  override render(): TemplateResult {
    const page = this.page();
    const print = page.id === 'methods' ? nothing : html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>`;
    return html`${pageHead(page.id === 'methods' ? t('nav.studies') : t(page.title), t(page.lead), print)}
      ${tabs(t('nav.studies'), kPages.map(({id, href, title}) => ({href, text: t(title), current: id === page.id})))}
      ${this.pages.show(page.id, page.load, () => page.draw(this.place))}`;
  }
}
