import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readMethods} from '../../api/studies';
import {named, t} from '../../i18n/i18n';
import type {Method} from '../../model/study_form';
import {grouped} from '../../model/study_groups';
import {kStarters} from '../../model/study_starters';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded} from '../../ui/parts';
import {icon} from '../../ui/icons';
import {Screen} from '../../ui/view';

/** Every method by the question that it answers. */
@customElement('rp-gallery')
export class Gallery extends Screen {
  private readonly methods = new Load(this, () => 'all', readMethods);

  private card(method: Method): TemplateResult {
    const starter = kStarters[method.name];
    const onShop = method.sql !== '' || (starter !== undefined && !starter.source && starter.sql !== '');
    return html`<li class="card method"><h3><a class="plain" href="/studies/run/${method.name}">${named('question', method.name)}</a></h3>
      <p class="soft small">${named('methodname', method.name)}</p>
      <p class="muted small">${named('rows', method.name)}</p>
      <p class="row small">${onShop ? html`<span class="chip good">${t('studies.on_shop')}</span>` : starter?.source ? html`<span class="chip">${t('studies.example')}</span>` : nothing}</p></li>`;
  }
  /** Whether the words of the method, in the reader's language or its own name, hold what is looked for. */
  private fits(method: Method, find: string): boolean {
    const words = [method.name, method.purpose, named('question', method.name), named('methodname', method.name)].join(' ').toLowerCase();
    return find.toLowerCase().split(/\s+/).every((word) => words.includes(word));
  }

  override render(): TemplateResult {
    const find = this.filter('find').trim();
    const look = (event: Event): void => setFilters({find: (event.target as HTMLInputElement).value}, {replace: true});
    return html`<label class="searchbox narrow noprint"><span class="unseen">${t('studies.find')}</span>${icon('search', 16)}
        <input class="input" type="search" placeholder=${t('studies.find')} .value=${find} @input=${look}></label>
      ${loaded(this.methods, ({methods}) => {
        const shown = grouped(methods.filter((method) => !find || this.fits(method, find)));
        if (shown.length === 0) return emptyState(t('studies.none_found'), t('studies.none_found_text'), nothing, 'search');
        return html`${shown.map((one) => html`<section class="stack tight"><h2>${named('studygroup', one.group)}</h2><ul class="grid three">${one.methods.map((method) => this.card(method))}</ul></section>`)}`;
      }, 14)}`;
  }
}
