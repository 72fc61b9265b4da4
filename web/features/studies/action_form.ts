import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {readServices} from '../../api/insight';
import {addAction, kActions, readHypotheses, warnOfChurn} from '../../api/loop';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {metricName} from '../../ui/metric';
import type {Problem} from '../../model/result';
import {sentences} from '../../model/study_report';
import {count} from '../../ui/format';
import '../../ui/dialog';
import {Load} from '../../ui/load';
import {errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kDaysToRemeasure = 90;

/** "Make it an action": what is done, on which finding, what it should bring, what it must not harm, when it is measured again. */
@customElement('rp-action-form')
export class ActionForm extends View {
  @property() studyId = '';
  @property() reading = '';
  @property() service = '';
  /** The action is on those whom this churn study warns of: they become a segment. */
  @property({type: Boolean}) warned = false;
  @state() private problem: Problem | undefined;
  private readonly services = new Load(this, () => 'all', readServices);
  private readonly known = new Load(this, () => 'all', readHypotheses);

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const action: Record<string, unknown> = {action: text('action'), study_id: this.studyId, finding: text('own') || text('finding'), expected_value: Number(text('expected')), remeasure_at: `${text('remeasure')}T00:00:00Z`};
    if (text('service')) action['service_id'] = text('service');
    action['guardrail'] = {metric: text('metric'), bound: Number(text('bound'))};
    if (!await (this.warned ? this.warn(action) : this.take(action))) return;
    this.dispatchEvent(new CustomEvent('saved'));
  };

  private async take(action: Record<string, unknown>): Promise<boolean> {
    const got = await addAction(action);
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) toast(t('actions.made'));
    return got.ok;
  }
  private async warn(action: Record<string, unknown>): Promise<boolean> {
    const got = await warnOfChurn(this.studyId, action);
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) toast(t('actions.warned', {n: count(got.value.warned), left: count(got.value.denied + got.value.unknown)}));
    return got.ok;
  }
  private body(): TemplateResult {
    const found = sentences(this.reading);
    const services = this.services.value?.services ?? [];
    return html`<form class="stack" id="actionform" @submit=${this.save}>${this.warned ? html`<p class="soft">${t('actions.warn_text')}</p>` : ''}${this.problem ? errorState(this.problem) : nothing}
      <div class="field"><label for="a-action">${t('actions.what')}</label><select class="input" id="a-action" name="action">${kActions.map((one) => html`<option value=${one}>${named('actionkind', one)}</option>`)}</select></div>
      ${found.length ? html`<fieldset class="columns field"><legend class="label small">${t('actions.finding')}</legend>${found.map((one, i) => html`<label class="check"><input type="radio" name="finding" value=${one} ?checked=${i === 0}><span>${one}</span></label>`)}</fieldset>` : nothing}
      <div class="field"><label for="a-own">${t('actions.own')}</label><input class="input" id="a-own" name="own" maxlength="500" autocomplete="off" ?required=${found.length === 0}></div>
      <div class="fields"><div class="field"><label for="a-service">${t('published.service')}</label><select class="input" id="a-service" name="service"><option value=""></option>${services.map((one) => html`<option value=${one.service_id} ?selected=${one.service_id === this.service}>${currentLanguage() === 'en' ? (one.name_en ?? one.name) : one.name}</option>`)}</select></div>
      <div class="field"><label for="a-expected">${t('actions.expected')}</label><input class="input" id="a-expected" name="expected" type="number" step="any" required></div>
      <div class="field"><label for="a-metric">${t('actions.guardrail')}</label><select class="input" id="a-metric" name="metric" required>${(this.known.value?.metrics ?? []).map(({metric}) => html`<option value=${metric}>${metricName(metric)}</option>`)}</select></div>
      <div class="field"><label for="a-bound">${t('actions.bound')}</label><input class="input" id="a-bound" name="bound" type="number" step="any" required></div>
      <div class="field"><label for="a-remeasure">${t('actions.when')}</label><input class="input" id="a-remeasure" name="remeasure" type="date" required .value=${new Date(Date.now() + kDaysToRemeasure * 86_400_000).toISOString().slice(0, 10)}></div></div></form>`;
  }
  override render(): TemplateResult {
    return html`<rp-dialog wide heading=${this.warned ? t('actions.warn') : t('actions.make')} @done=${() => this.dispatchEvent(new CustomEvent('done'))} .body=${this.body()} .foot=${html`<button class="button main" form="actionform">${t('action.save')}</button>`}></rp-dialog>`;
  }
}
