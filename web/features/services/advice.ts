import {html, type TemplateResult} from 'lit';

import type {Advice} from '../../api/loop';
import {currentLanguage, named} from '../../i18n/i18n';
import {told} from '../../model/study_report';

const kGood = ['widen'];

/** Where the study of an advice is read: a published one, or the card of a verdict. */
export function studyPath(study: string): string {
  const card = /^hypothesis:(.+)$/.exec(study)?.[1];
  return card ? `/hypotheses/${encodeURIComponent(card)}` : `/studies/published/${encodeURIComponent(study)}`;
}

export function studyLink(study: string): TemplateResult {
  return html`<a href=${studyPath(study)}>${study}</a>`;
}

/** What is advised, why, and the study it rests on. */
export function adviceLine(advice: Advice): TemplateResult {
  const tone = kGood.includes(advice.action) ? 'good' : advice.action === 'measure' ? '' : 'warn';
  return html`<p class="row base small"><span class="chip ${tone}">${named('advice', advice.action)}</span><span class="soft grow">${told(advice.why, currentLanguage())}${advice.study_id ? html` ${studyLink(advice.study_id)}` : ''}</span></p>`;
}
