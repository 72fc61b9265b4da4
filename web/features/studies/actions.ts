import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type Action, readActions} from '../../api/loop';
import {metricName} from '../../ui/metric';
import {named, t} from '../../i18n/i18n';
import {day, money} from '../../ui/format';
import {Load} from '../../ui/load';
import {emptyState, loaded} from '../../ui/parts';
import {studyPath} from '../services/advice';
import {Screen} from '../../ui/view';

export function actionLine(one: Action): TemplateResult {
  return html`<li class="stack tight"><div class="row base"><span class="chip main">${named('actionkind', one.action)}</span>${one.service_id ? html`<a href="/services/${encodeURIComponent(one.service_id)}">${one.service_id}</a>` : nothing}
      <span class="grow">${one.finding}</span>${one.due ? html`<span class="chip warn">${t('actions.due')}</span>` : nothing}</div>
    <p class="small muted">${t('actions.expected')}: ${one.expected_value === null ? '–' : money(one.expected_value, one.currency)} · ${one.guardrail ? html`${t('actions.guardrail')}: ${metricName(one.guardrail.metric)} ${one.guardrail.bound} · ` : nothing}
      ${t('actions.remeasure', {when: day(one.remeasure_at)})} · <a href=${studyPath(one.study_id)}>${t('actions.study')}</a></p></li>`;
}

/** What was decided on findings; those whose date to measure again has come lie on top. */
@customElement('rp-actions')
export class Actions extends Screen {
  private readonly actions = new Load(this, () => 'all', readActions);

  override render(): TemplateResult {
    return loaded(this.actions, ({actions}) => {
      if (actions.length === 0) return emptyState(t('actions.none'), t('actions.none_text'), html`<a class="button" href="/studies/published">${t('studies.published')}</a>`, 'studies');
      const sorted = [...actions].sort((a, b) => Number(b.due) - Number(a.due) || a.remeasure_at.localeCompare(b.remeasure_at));
      return html`<section class="card"><ul class="lines">${sorted.map((one) => actionLine(one))}</ul></section>`;
    }, 8);
  }
}
