import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type PublishedStudy, readPublished} from '../../api/loop';
import {readNouns} from '../../api/nouns';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {count, day} from '../../ui/format';
import {Load} from '../../ui/load';
import {serviceName} from '../../ui/nouns';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';

/** What was found and made known, newest first. */
@customElement('rp-published')
export class Published extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly studies = new Load(this, () => 'all', readPublished);

  override render(): TemplateResult {
    return loaded(this.studies, ({studies}) => studies.length === 0 ? emptyState(t('published.none'), t('published.none_text'), html`<a class="button" href="/studies">${t('study.all_methods')}</a>`, 'studies')
      : html`<section class="card flush">${dataTable(t('studies.published'), [
        {head: t('published.study'), cell: (row: PublishedStudy) => html`<a href="/studies/published/${encodeURIComponent(row.study_id)}">${told(row.title, currentLanguage()) || row.study_id}</a><br><span class="small muted">${named('methodname', row.method)}</span>`},
        {head: t('published.reading'), cell: (row: PublishedStudy) => html`<span class="soft">${told(row.reading, currentLanguage())}</span>`},
        {head: t('report.n'), number: true, cell: (row: PublishedStudy) => count(row.n)},
        {head: t('published.service'), cell: (row: PublishedStudy) => row.service_id ? html`<a href="/services/${encodeURIComponent(row.service_id)}">${serviceName(this.nouns.value, row.service_id)}</a>` : nothing},
        {head: t('studies.actions'), number: true, cell: (row: PublishedStudy) => count(row.actions)},
        {head: t('published.when'), cell: (row: PublishedStudy) => html`<span class="nowrap">${day(row.published_at)}</span>`},
      ], studies)}</section>`, 8);
  }
}
