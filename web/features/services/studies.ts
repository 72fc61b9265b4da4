import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import {readPublished} from '../../api/loop';
import {currentLanguage, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {count, day} from '../../ui/format';
import {Load} from '../../ui/load';
import {View} from '../../ui/view';

/** What studies found about one service. */
@customElement('rp-service-studies')
export class ServiceStudies extends View {
  @property() service = '';
  private readonly studies = new Load(this, () => this.service, readPublished);

  override render(): TemplateResult | typeof nothing {
    if (!this.studies.value) return nothing;
    const about = this.studies.value.studies.filter(({service_id}) => service_id === this.service);
    return html`<section class="card stack tight"><h2>${t('services.studies')}</h2>${about.length === 0 ? html`<p class="muted">${t('services.no_studies')} <a href="/studies/run/causal">${t('services.study_it')}</a></p>`
      : html`<ul class="lines">${about.map((one) => html`<li class="stack tight"><div class="row spread base"><a href="/studies/published/${encodeURIComponent(one.study_id)}">${told(one.title, currentLanguage()) || one.study_id}</a><span class="muted small">n = ${count(one.n)} · ${day(one.published_at)}</span></div>
        <p class="soft small">${told(one.reading, currentLanguage())}</p></li>`)}</ul>`}</section>`;
  }
}
