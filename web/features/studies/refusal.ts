import {html, nothing, type TemplateResult} from 'lit';

import {named, t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import {icon} from '../../ui/icons';
import {errorState} from '../../ui/parts';

/** A refusal is a result and looks like one: which check failed, what was seen, what would do. Anything else is an error. */
export function refusal(problem: Problem): TemplateResult {
  if (problem.code !== 'refused') return errorState(problem);
  return html`<section class="card stack refusal" role="status"><header><h2>${icon('warning', 20)} ${t('report.refused')}</h2></header>
    <p class="headline" lang="en">${problem.detail}</p>
    <dl class="pairs">${problem.where ? html`<dt>${t('report.check_named')}</dt><dd><strong>${named('check', problem.where)}</strong></dd>` : nothing}
      ${problem.expected ? html`<dt>${t('report.would_do')}</dt><dd lang="en">${problem.expected}</dd>` : nothing}</dl>
    <p class="soft">${t('report.refused_why')}</p></section>`;
}
