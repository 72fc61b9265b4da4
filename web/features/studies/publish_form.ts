import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {readServices} from '../../api/insight';
import {type Publishing, publishStudy} from '../../api/loop';
import type {StudyQuestion} from '../../api/studies';
import {currentLanguage, t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

/** Makes a study known: the server runs it once more and keeps what it found, so that nobody publishes numbers of his own. */
@customElement('rp-publish-form')
export class PublishForm extends View {
  @property() method = '';
  @property({attribute: false}) question!: StudyQuestion;
  /** What the file is called, of a study made over one. */
  @property() file = '';
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private readonly services = new Load(this, () => 'all', readServices);

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const study: Publishing = {...this.question, method: this.method};
    if (this.file) study.file = this.file;
    if (text('service')) study.service_id = text('service');
    if (text('service') && ((text('amount') && text('se')) || text('worth'))) {
      const told = text('worth') ? {worth: Number(text('worth'))} : {amount: Number(text('amount')), se: Number(text('se'))};
      study.benefit = {...told, ...(text('cost') ? {cost: Number(text('cost'))} : {}), ...(text('cost_se') ? {cost_se: Number(text('cost_se'))} : {}), ...(text('days') ? {days: Number(text('days'))} : {})};
    }
    this.busy = true;
    const got = await publishStudy(text('id'), study);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('published.done'));
    go(`/studies/published/${encodeURIComponent(text('id'))}`);
  };

  private number(name: string, label: string): TemplateResult {
    return html`<div class="field"><label for="p-${name}">${label}</label><input class="input" id="p-${name}" name=${name} type="number" step="any" autocomplete="off"></div>`;
  }
  private body(): TemplateResult {
    const services = this.services.value?.services ?? [];
    const id = `${this.method}-${new Date().toISOString().slice(0, 10)}-${Date.now().toString(36).slice(-4)}`;
    return html`<form class="stack" id="publishform" @submit=${this.save}>${this.problem ? errorState(this.problem) : nothing}
      <div class="field"><label for="p-id">${t('surveys.id')}</label><input class="input mono" id="p-id" name="id" required pattern="[A-Za-z0-9][A-Za-z0-9_.\\-]*" maxlength="64" value=${id}></div>
      <div class="field"><label for="p-service">${t('published.service')}</label><select class="input" id="p-service" name="service"><option value="">${t('hypotheses.any_service')}</option>
        ${services.map((one) => html`<option value=${one.service_id}>${currentLanguage() === 'en' ? (one.name_en ?? one.name) : one.name}</option>`)}</select></div>
      <p class="soft small">${t('published.benefit_text')}</p>
      ${this.method === 'causal' ? html`<p class="soft small">${t('published.worth_text')}</p><div class="fields">${this.number('worth', t('published.worth'))}</div>` : nothing}
      <div class="fields">${this.number('amount', t('published.amount'))}${this.number('se', t('published.amount_se'))}${this.number('cost', t('published.cost'))}${this.number('cost_se', t('published.cost_se'))}${this.number('days', t('published.days'))}</div></form>`;
  }
  override render(): TemplateResult {
    return html`<rp-dialog wide heading=${t('published.publish')} @done=${() => this.dispatchEvent(new CustomEvent('done'))} .body=${this.body()}
      .foot=${html`<button class="button main" form="publishform" ?disabled=${this.busy}>${t('published.publish')}</button>`}></rp-dialog>`;
  }
}
