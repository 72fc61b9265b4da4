import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {runSql} from '../../api/data';
import {readNouns} from '../../api/nouns';
import {readCatalogue} from '../../api/studio';
import {t} from '../../i18n/i18n';
import {kMeeting, meets, type Need, needsOf, needsSql} from '../../model/needs';
import type {OfferLine} from '../../model/offer';
import {good, type Result} from '../../model/result';
import {count, decimal} from '../../ui/format';
import {Load} from '../../ui/load';
import {categoryName} from '../../ui/nouns';
import {dataTable} from '../../ui/parts';
import {View} from '../../ui/view';
import {kindName, mayCurate, titleIn} from './names';

const kOffers = 200;
const kShown = 3;
interface Met {
  need: Need;
  offers: OfferLine[];
}

/** What the models say people need, and what the catalogue has for it; needs without an offer first. Nothing where no need is predicted. */
@customElement('rp-needs')
export class NeedsPart extends View {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly needs = new Load<Met[]>(this, () => 'all', (signal) => this.read(signal));

  private async read(signal: AbortSignal): Promise<Result<Met[]>> {
    const told = await runSql(needsSql(shopNow()), signal);
    if (!told.ok) return told;
    const needs = needsOf(told.value.rows);
    if (needs.length === 0) return good([]);
    const offers: OfferLine[] = [];
    for (const kind of kMeeting) {
      const got = await readCatalogue({kind, state: 'on_offer', limit: kOffers}, signal);
      if (!got.ok) return got;
      offers.push(...got.value.items);
    }
    const met: Met[] = [];
    for (const need of needs) {
      const products = await readCatalogue({kind: 'product', category: need.need, limit: kOffers}, signal);
      if (!products.ok) return products;
      const ids = new Set(products.value.items.map(({id}) => id));
      met.push({need, offers: offers.filter((offer) => meets(offer, need.need, ids))});
    }
    return good(met.sort((a, b) => Number(a.offers.length > 0) - Number(b.offers.length > 0)));
  }

  override render(): TemplateResult | typeof nothing {
    const met = this.needs.value;
    if (!met?.length) return nothing;
    const missing = met.filter(({offers}) => offers.length === 0).length;
    return html`<section class="card flush" id="needs"><header><h2>${t('needs.title')}</h2><p>${t('needs.lead')}</p></header>
      <p class="tablereading"><span class="chip ${missing ? 'warn' : 'good'}">${missing ? t('needs.missing', {n: missing}) : t('needs.all_met')}</span></p>
      ${dataTable(t('needs.title'), [
        {head: t('needs.need'), cell: ({need}: Met) => html`<strong>${categoryName(this.nouns.value, need.need)}</strong>`},
        {head: t('needs.customers'), number: true, cell: ({need}: Met) => html`<a href="/customers?tag=${encodeURIComponent(`need:${need.need}`)}">${count(need.customers)}</a>`},
        {head: t('needs.strength'), number: true, cell: ({need}: Met) => (need.strength === null ? '–' : decimal(need.strength, 2))},
        {head: t('needs.offers'), cell: ({offers}: Met) => (offers.length === 0 ? html`<span class="chip warn">${t('needs.none')}</span>${mayCurate() ? html` ${kMeeting.map((kind) => html`<a class="button tiny" href="/studio/catalogue/${kind}/new" aria-label="${t('needs.make')} ${kindName(kind)}">${kindName(kind)}</a> `)}` : nothing}`
          : html`<ul>${offers.slice(0, kShown).map((offer) => html`<li><a href="/studio/catalogue/${offer.kind}/${encodeURIComponent(offer.id)}">${titleIn(offer, this.nouns.value)}</a> <span class="small muted">${kindName(offer.kind)}</span></li>`)}${offers.length > kShown ? html`<li class="small muted">+ ${count(offers.length - kShown)}</li>` : nothing}</ul>`)},
      ], met)}</section>`;
  }
}
