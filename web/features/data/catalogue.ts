import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type CatalogueEvent, type CatalogueProperty, readCatalogue} from '../../api/data';
import {named, t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {type Column, dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';

/** Every event the shop's front may send, with its properties, as the server itself knows them. */
@customElement('rp-catalogue')
export class Catalogue extends Screen {
  private readonly catalogue = new Load(this, () => 'all', readCatalogue);

  private event(event: CatalogueEvent): TemplateResult {
    const columns: Column<CatalogueProperty>[] = [
      {head: t('catalogue.property'), cell: (row) => html`<code>${row.name}</code>`},
      {head: t('catalogue.type'), cell: (row) => html`${row.type}${row.words ? html` <span class="muted small">${row.words.join(' · ')}</span>` : nothing}`},
      {head: t('catalogue.notes'), cell: (row) => html`<span class="chips">${row.required ? html`<span class="chip good">${t('catalogue.required')}</span>` : nothing}
        ${row.personal ? html`<span class="chip warn">${t('catalogue.personal')}</span>` : nothing}</span> ${row.doc}`},
      {head: t('catalogue.example'), cell: (row) => row.example === undefined ? nothing : html`<code>${JSON.stringify(row.example)}</code>`},
    ];
    return html`<details class="card" ?open=${this.filter('event') === event.name}><summary><strong>${event.name}</strong> <span class="muted">${named('event', event.name) === event.name ? '' : named('event', event.name)} — ${event.doc}</span></summary>
      ${event.properties.length ? dataTable(event.name, columns, event.properties) : nothing}</details>`;
  }

  override render(): TemplateResult {
    const search = this.filter('find').toLowerCase();
    return html`<label class="searchbox narrow"><span class="unseen">${t('catalogue.find')}</span>${icon('search', 16)}<input class="input" type="search" placeholder=${t('catalogue.find')} .value=${this.filter('find')}
        @input=${(event: Event) => setFilters({find: (event.target as HTMLInputElement).value}, {replace: true})}></label>
      ${loaded(this.catalogue, ({events}) => {
        const shown = events.filter((event) => !search || event.name.toLowerCase().includes(search) || named('event', event.name).includes(search)
          || event.properties.some((property) => property.name.includes(search)));
        return shown.length ? html`<div class="stack tight">${shown.map((event) => this.event(event))}</div>` : emptyState(t('catalogue.none'));
      }, 12)}`;
  }
}
