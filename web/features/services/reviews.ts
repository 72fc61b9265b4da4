import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readServiceReviews, type ServiceReview} from '../../api/loop';
import {readNouns} from '../../api/nouns';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {day} from '../../ui/format';
import {Load} from '../../ui/load';
import {serviceName} from '../../ui/nouns';
import {emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {adviceLine} from './advice';

/** When each service is looked at again, and what warns of it meanwhile. */
@customElement('rp-service-reviews')
export class ServiceReviews extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly reviews = new Load(this, () => 'all', readServiceReviews);

  private line(one: ServiceReview): TemplateResult {
    return html`<li class="stack tight"><div class="row spread base"><a href="/services/${encodeURIComponent(one.service_id)}"><strong>${this.nouns.value ? serviceName(this.nouns.value, one.service_id) : one.name}</strong></a>
        <span class="row small">${one.overdue ? html`<span class="chip warn">${t('worth.overdue')}</span>` : nothing}<span class="muted">${t('worth.last', {when: day(one.last_review)})} · ${t('worth.next', {when: day(one.next_review)})}</span></span></div>
      ${adviceLine(one.advice)}
      ${one.warnings.length === 0 ? html`<p class="small muted">${t('worth.no_warning')}</p>` : one.warnings.map(({kind, detail}) => html`<p class="row base small"><span class="chip warn">${named('servicewarning', kind)}</span><span class="soft grow">${told(detail, currentLanguage())}</span></p>`)}</li>`;
  }
  override render(): TemplateResult {
    return loaded(this.reviews, ({services}) => services.length === 0 ? emptyState(t('services.none'), t('services.none_text'), nothing, 'services')
      : html`<section class="card"><ul class="lines">${[...services].sort((a, b) => Number(b.overdue) - Number(a.overdue) || b.warnings.length - a.warnings.length).map((one) => this.line(one))}</ul></section>`, 10);
  }
}
