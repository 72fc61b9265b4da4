import {html, nothing, type TemplateResult} from 'lit';

import {currentLanguage, named, t} from '../../i18n/i18n';
import {kSentences} from '../../i18n/studies/refusals';
import type {Problem} from '../../model/result';
import {sentenceIn} from '../../model/sentences';
import {icon} from '../../ui/icons';
import {errorState} from '../../ui/parts';

/** In the reader's words where the sentence is known, with the server's own beneath, for whoever looks it up. */
function said(text: string, kind: string): TemplateResult {
  const own = sentenceIn(currentLanguage(), text, kSentences);
  if (own === undefined) return html`<p class=${kind} lang="en">${text}</p>`;
  return html`<p class=${kind}>${own}</p>${own === text ? nothing : html`<p class="small muted" lang="en">${text}</p>`}`;
}

/** A refusal is a result and looks like one: which check failed, what was seen, what would do. Anything else is an error. */
export function refusal(problem: Problem): TemplateResult {
  if (problem.code !== 'refused') return errorState(problem);
  return html`<section class="card stack refusal" role="status"><header><h2>${icon('warning', 20)} ${t('report.refused')}</h2></header>
    ${said(problem.detail ?? '', 'headline')}
    <dl class="pairs">${problem.where ? html`<dt>${t('report.check_named')}</dt><dd><strong>${named('check', problem.where)}</strong></dd>` : nothing}
      ${problem.expected ? html`<dt>${t('report.would_do')}</dt><dd>${said(problem.expected, 'plain')}</dd>` : nothing}</dl>
    <p class="soft">${t('report.refused_why')}</p></section>`;
}
