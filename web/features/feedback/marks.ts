import {html, nothing, type TemplateResult} from 'lit';

import {named, t} from '../../i18n/i18n';
import {type Clause, type FeedbackEntry, type Label, moodOf, stretches, toneOf} from '../../model/feedback';
import {icon} from '../../ui/icons';

/** What a clause is about, in words: nothing hangs on its colour. */
export function labelText(clause: Clause): string {
  return [named('value.class', clause.class), clause.aspect ? named('aspect', clause.aspect) : '', named('mood', moodOf(clause.sentiment))].filter(Boolean).join(' · ');
}

function tag({clause, sure}: Label): TemplateResult {
  return html`<span class="claim" data-mood=${moodOf(clause.sentiment)} ?data-unsure=${!sure}>${labelText(clause)}${clause.urgency > 0 ? html` · <strong>${t('feedback.urgent')}</strong>` : nothing}${sure ? nothing : html` · <em>${t('feedback.unsure_mark')}</em>`}</span>`;
}

/** What was said with its clauses marked in it; only their labels for readers who may not see texts. */
export function marked(entry: FeedbackEntry): TemplateResult {
  const all = [...entry.clauses.map((clause) => ({clause, sure: true})), ...entry.unsure.map((clause) => ({clause, sure: false}))];
  if (entry.text === undefined) return html`<p class="chips">${all.map(tag)}<span class="small muted">${t('feedback.hidden')}</span></p>`;
  return html`<p class="saidtext">${stretches(entry.text, entry.clauses, entry.unsure).map(({text, labels, ends}) => {
    const tone = toneOf(labels);
    return html`${tone ? html`<mark data-mood=${tone.mood} ?data-unsure=${!tone.sure}>${text}</mark>` : text}${ends.map(tag)}`;
  })}</p>`;
}

/** A rating in stars and in words. */
export function stars(rating: number | null): TemplateResult | typeof nothing {
  return rating === null ? nothing : html`<span class="nowrap stars" ?data-low=${rating <= 2}>${icon('star', 14)}${t('feedback.stars', {n: rating})}</span>`;
}
