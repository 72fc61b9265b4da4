import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {readPublishedReport} from '../../api/loop';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {may} from '../../shell/session';
import {day} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './action_form';
import {actionLine} from './actions';
import './report';

/** A published study as it was found, and what it led to. */
@customElement('rp-published-study')
export class PublishedStudyScreen extends Screen {
  @state() private acting: '' | 'action' | 'warned' = '';
  private readonly study = new Load(this, () => this.studyId(), (signal) => readPublishedReport(this.studyId(), signal));

  private studyId(): string {
    return this.place.params['id'] ?? '';
  }
  private readonly acted = (): void => {
    this.acting = '';
    void this.study.reload();
  };

  override render(): TemplateResult {
    const got = this.study.value;
    const title = told(got?.study.title ?? got?.report?.title, currentLanguage()) || this.studyId();
    const warns = got?.report?.tables.some(({key, rows}) => key === 'warned_customers' && rows.length > 0) ?? false;
    const actions = html`<button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      ${may('publish') ? html`<button class="button main" ?disabled=${!got} @click=${() => (this.acting = 'action')}>${t('actions.make')}</button>
      ${warns ? html`<button class="button" @click=${() => (this.acting = 'warned')}>${t('actions.warn')}</button>` : nothing}` : nothing}`;
    return html`${pageHead(title, got ? html`${named('methodname', got.study.method)} · ${t('published.on', {when: day(got.study.published_at)})}` : nothing, actions)}<p class="noprint"><a href="/studies/published">${t('published.all')}</a></p>
      ${loaded(this.study, ({report, actions: done}) => html`${done?.length ? html`<section class="card"><header><h2>${t('studies.actions')}</h2></header><ul class="lines">${done.map((one) => actionLine(one))}</ul></section>` : nothing}
        ${report ? html`<rp-study-report .report=${report}></rp-study-report>` : emptyState(t('published.no_report'), nothing, nothing, 'studies')}`, 12)}
      ${this.acting && got ? html`<rp-action-form .studyId=${this.studyId()} .reading=${told(got.report?.reading, currentLanguage())} .service=${got.study.service_id ?? ''} @saved=${this.acted} ?warned=${this.acting === 'warned'} @done=${() => (this.acting = '')}></rp-action-form>` : nothing}`;
  }
}
