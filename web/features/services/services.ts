import {html, nothing, svg, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readServices, type ServiceCard} from '../../api/insight';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {cssVars} from '../../ui/css_vars';
import {saveExcel} from '../../ui/excel';
import {count, decimal, money, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {satisfaction} from './satisfaction';
import './studies';
import {serviceTabs} from './tabs';

const kLayers = ['core', 'actual', 'augmented'] as const;
const kLife = ['offered', 'known', 'bought', 'booked', 'delivered', 'used', 'rated', 'renewed', 'lapsed'] as const;

/** The catalogue of services in the three-layer product; per service its life, who has it, and how satisfied they are. */
@customElement('rp-services')
export class Services extends Screen {
  private readonly services = new Load(this, () => 'all', readServices);

  private name(service: ServiceCard): string {
    return currentLanguage() === 'en' ? (service.name_en ?? service.name) : service.name;
  }

  private layers(services: ServiceCard[]): TemplateResult {
    const chosen = this.filter('layer');
    const radii = [46, 82, 118];
    const named_layers = kLayers.map((layer) => ({layer, n: services.filter((service) => (service.layer ?? 'augmented') === layer).length}));
    return html`<figure class="card layers"><svg viewBox="0 0 260 250" role="img" aria-label=${t('services.layers')}>
        ${[...named_layers].reverse().map(({layer}, i) => svg`<circle cx="130" cy="125" r=${radii[2 - i]!} class="layer ${layer} ${chosen === layer ? 'chosen' : ''}"></circle>`)}
        ${named_layers.map(({layer}, i) => svg`<text x="130" y=${i === 0 ? 129 : 125 - radii[i]! + 22} text-anchor="middle">${named('layer', layer)}</text>`)}</svg>
      <figcaption class="stack tight"><p class="reading">${t('services.layers_text')}</p><div class="chips noprint">${named_layers.map(({layer, n}) => html`<button class="button tiny" aria-pressed=${chosen === layer}
        ?disabled=${n === 0} @click=${() => setFilters({layer: chosen === layer ? '' : layer})}>${named('layer', layer)} · ${n}</button>`)}</div></figcaption></figure>`;
  }

  private life(service: ServiceCard): TemplateResult {
    const steps = kLife.map((stage) => ({stage, n: service[stage]}));
    const most = Math.max(1, ...steps.map(({n}) => n));
    return html`<table class="funnel small"><caption class="unseen">${t('services.life')}</caption><tbody>${steps.map(({stage, n}) => html`<tr><th scope="row">${named('stage', stage)}</th>
      <td class="wide"><i class="bar" ${cssVars({'--share': `${(n / most) * 100}%`})}></i></td><td class="number"><a href=${this.drill(service, stage)}>${count(n)}</a></td></tr>`)}</tbody></table>`;
  }
  private drill(service: ServiceCard, stage: string): string {
    const query = `SELECT customer_id, stage, first_at, last_at FROM service_life WHERE service_id = '${service.service_id.replaceAll("'", "''")}' AND ${stage} > 0 ORDER BY last_at DESC`;
    return `/data/sql?query=${encodeURIComponent(query)}`;
  }

  private card(service: ServiceCard): TemplateResult {
    const only = this.place.params['id'];
    return html`<article class="card stack servicecard" id=${service.service_id}>
      <header><h2>${only ? this.name(service) : html`<a class="plain" href="/services/${service.service_id}">${this.name(service)}</a>`}</h2>
        <span class="chip">${named('layer', service.layer ?? 'augmented')}</span></header>
      ${service.description ? html`<p class="soft">${currentLanguage() === 'en' ? (service.description_en ?? service.description) : service.description}</p>` : nothing}
      <div class="chips">${Object.entries(service.kinds ?? {}).map(([kind, value]) => html`<span class="chip"><span class="muted">${named('servicekind', kind)}</span>${named('servicevalue', value)}</span>`)}</div>
      <div class="grid figures">
        <div><p class="muted small">${t('services.attach')}</p><p class="bignumber">${percent(service.attach_rate)}</p></div>
        <div><p class="muted small">${t('services.rating')}</p><p class="bignumber">${decimal(service.mean_rating, 2)} <small>${t('services.of_ratings', {n: count(service.ratings)})}</small></p></div>
        <div><p class="muted small">${t('services.price_cost')}</p><p>${money(service.price, service.currency ?? 'CNY')} / ${money(service.cost, service.currency ?? 'CNY')}</p></div>
        <div><p class="muted small">${t('services.faults')}</p><p>${t('services.late_errors', {late: count(service.late), errors: count(service.errors)})}</p></div>
      </div>
      ${this.life(service)}${satisfaction(service)}
      <p class="row spread small"><span class="muted">${t('services.owner', {owner: named('department', service.owner ?? '–')})}</span><a href="/services/${encodeURIComponent(service.service_id)}/profile">${t('services.profile')}</a></p></article>`;
  }

  private readonly excel = (): void => {
    const rows = (this.services.value?.services ?? []).map((one) => [this.name(one), ...kLife.map((stage) => one[stage]), one.attach_rate, one.mean_rating]);
    void saveExcel('services', ['service', ...kLife, 'attach_rate', 'mean_rating'], rows);
  };

  override render(): TemplateResult {
    const actions = html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button><button class="button" @click=${this.excel}>${icon('download', 16)}${t('action.excel')}</button>`;
    const only = this.place.params['id'];
    return html`${pageHead(t('nav.services'), t('services.lead'), actions)}${loaded(this.services, ({services}) => {
      if (services.length === 0) return emptyState(t('services.none'), t('services.none_text'), nothing, 'services');
      const layer = this.filter('layer');
      const shown = services.filter((service) => (!only || service.service_id === only) && (!layer || (service.layer ?? 'augmented') === layer));
      return html`${only ? html`<p><a href="/services">${t('services.all')}</a></p>` : html`${serviceTabs('catalogue')}${this.layers(services)}`}
        <div class="grid ${only ? '' : 'two'}">${shown.map((service) => this.card(service))}</div>${only ? html`<rp-service-studies .service=${only}></rp-service-studies>` : nothing}`;
    }, 14)}`;
  }
}
