import {html, nothing, type TemplateResult} from 'lit';

import type {Nouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import type {FeedbackEntry} from '../../model/feedback';
import {may} from '../../shell/session';
import {ago, moment, shortLabel} from '../../ui/format';
import {icon} from '../../ui/icons';
import {setFilters} from '../../ui/navigate';
import {productName} from '../../ui/nouns';
import {marked, stars} from './marks';

export interface EntryHands {
  nouns: Nouns | undefined;
  /** What customers are called, by their ids. */
  labels: ReadonlyMap<string, string> | undefined;
  correct: (entry: FeedbackEntry) => void;
  reply: (entry: FeedbackEntry) => void;
}

function outcome(entry: FeedbackEntry): TemplateResult {
  return html`<span class="chips">
    ${entry.department ? html`<span class="chip">${icon('right', 13)}${t('feedback.to_department', {name: named('value.class', entry.department)})}</span>` : nothing}
    ${entry.ticket ? html`<a class="chip plain" href="/desk/${encodeURIComponent(entry.ticket.ticket_id)}">${icon('chat', 13)}${t('feedback.ticket', {state: named('state', entry.ticket.state)})}</a>` : nothing}
    ${entry.state === 'corrected' ? html`<span class="chip good">${icon('check', 13)}${t('feedback.corrected')}</span>` : nothing}
    ${entry.state === 'unsure' ? html`<span class="chip warn">${t('feedback.waits')}</span>` : nothing}
    ${entry.replied ? html`<span class="chip good">${icon('check', 13)}${t('feedback.replied')}</span>` : nothing}</span>`;
}

/** One voice: who, of what, what was said with its clauses marked, what became of it, and the hands of a person. */
export function feedbackEntry(entry: FeedbackEntry, {nouns, labels, correct, reply}: EntryHands): TemplateResult {
  const name = shortLabel(labels?.get(entry.customer) ?? '') || entry.customer;
  const review = entry.kind === 'review' || entry.kind === 'follow_up';
  return html`<li class="voice" id="feedback-${entry.id}">
    <div class="row base"><strong>${named('voicekind', entry.kind)}</strong>${stars(entry.rating)}
      <a href="/customers/${entry.customer}">${name}</a>
      ${entry.product_id ? html`<button class="textbutton plainer" @click=${() => setFilters({product: entry.product_id})}>${productName(nouns, entry.product_id)}</button>` : nothing}
      <time class="small muted" datetime=${entry.at} title=${moment(entry.at)}>${ago(entry.at)}</time></div>
    ${marked(entry)}
    <div class="row spread">${outcome(entry)}
      ${may('act') ? html`<span class="row"><button class="button tiny" aria-label="${t('feedback.correct')} ${name}" @click=${() => correct(entry)}>${t('feedback.correct')}</button>
        ${review && may('reveal') && !entry.replied ? html`<button class="button tiny" aria-label="${t('feedback.reply')} ${name}" @click=${() => reply(entry)}>${t('feedback.reply')}</button>` : nothing}</span>` : nothing}</div></li>`;
}
