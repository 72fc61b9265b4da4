import {html, nothing, svg, type TemplateResult} from 'lit';

import {fill, named, t} from '../../i18n/i18n';
import {best, type Guess, outlook, placeOf, type ReplayAnswer, type Replayed, scaleOf} from '../../model/replay';
import {count, day, decimal, percent} from '../../ui/format';
import {dataTable, emptyState} from '../../ui/parts';
import {points, pointsSpan, shareBar} from './figures';
import {joined} from './names';

/** How a replay is shown: its sentence, a line for each policy, why none is given where none is, and what the log holds. */

const kWide = 320;
const policyName = (one: Replayed): string => (one.name === 'scene' || one.name === 'shares' ? t('replay.as_edited') : named('policyname', one.name));

/** Why there is no figure, in the reader's words with the numbers. */
export function refusalText({refused}: Replayed): string {
  if (!refused) return '';
  const words = named('refusal', refused.check);
  const member = refused.member ?? '';
  const ofStudio = named('studio', member);
  const number = (value: number | undefined): string => (refused.check === 'support' ? percent(value) : count(value));
  return words === refused.check ? refused.why : fill(words, {got: number(refused.got), least: number(refused.least), member: ofStudio === member ? named('sceneform', member) : ofStudio});
}

function interval(guess: Guess | null): string {
  return guess && guess.low !== null && guess.high !== null ? t('studio.between', {low: percent(guess.low), high: percent(guess.high)}) : '';
}
function line(guess: Guess | null, logged: Guess | null, scale: {from: number; to: number}): TemplateResult | typeof nothing {
  if (!guess) return nothing;
  const x = (value: number): number => 6 + placeOf(value, scale) * (kWide - 12);
  return html`<svg class="interval replayline" viewBox="0 0 ${kWide} 24" aria-hidden="true">${svg`${logged ? svg`<line class="zero" x1=${x(logged.value)} x2=${x(logged.value)} y1="0" y2="24"></line>` : ''}
    <line class="range" x1=${x(guess.low ?? guess.value)} x2=${x(guess.high ?? guess.value)} y1="12" y2="12"></line><circle cx=${x(guess.value)} cy="12" r="4.5"></circle>`}</svg>`;
}

function reading(answer: ReplayAnswer): string {
  const found = best(answer.policies);
  const logged = percent(answer.logged?.value);
  if (found) return t('replay.better', {policy: policyName(found), value: percent(found.doubly_robust?.value), logged, by: points(found.difference!.value), n: count(answer.impressions)});
  return answer.policies.every(({refused}) => refused) ? t('replay.all_refused', {n: count(answer.impressions)}) : t('replay.none_better', {logged, n: count(answer.impressions)});
}

export function replayed(answer: ReplayAnswer): TemplateResult {
  if (answer.impressions === 0) return html`${emptyState(t('replay.nothing'), t('replay.nothing_text'), nothing, 'eye')}${leftOut(answer)}`;
  const scale = scaleOf([answer.logged, ...answer.policies.map((one) => one.doubly_robust)]);
  return html`<section class="card flush" id="replayed"><p class="reading tablereading">${reading(answer)}</p>
    ${dataTable(t('replay.table'), [
      {head: t('replay.policy'), cell: (row: Replayed) => html`<strong>${policyName(row)}</strong> ${row.serves_now ? html`<span class="chip">${t('replay.now')}</span>` : nothing}${shareBar(row.lanes.map(({lane}) => lane), row.lanes.map(({share}) => share), t('replay.shares'))}`},
      {head: t('replay.stands'), cell: (row: Replayed) => {
        const of = outlook(row);
        return html`<span class="chip ${of === 'better' ? 'good' : of === 'worse' ? 'bad' : of === 'open' ? 'warn' : ''}">${named('outlook', of)}</span>${row.refused ? html`<br><span class="small soft">${refusalText(row)}</span>` : nothing}`;
      }},
      {head: t('replay.would'), number: true, cell: (row: Replayed) => (row.doubly_robust ? html`<strong>${percent(row.doubly_robust.value)}</strong> <span class="muted">${interval(row.doubly_robust)}</span>` : '–')},
      {head: t('replay.line'), cell: (row: Replayed) => line(row.doubly_robust, answer.logged, scale)},
      {head: t('replay.difference'), number: true, cell: (row: Replayed) => (row.difference ? html`${points(row.difference.value)} <span class="muted">${row.difference.low === null || row.difference.high === null ? '' : pointsSpan(row.difference.low, row.difference.high)}</span>` : '–')},
      {head: 'IPS · SNIPS', number: true, cell: (row: Replayed) => (row.ips ? `${percent(row.ips.value)} · ${percent(row.snips?.value)}` : '–')},
      {head: t('replay.effective'), number: true, cell: (row: Replayed) => html`${count(row.effective_sample_size)} <br><span class="small muted">${t('replay.weight', {n: decimal(row.largest_weight, 1)})}</span>`},
    ], answer.policies)}</section>
    <p class="small muted">${t('replay.logged', {rate: percent(answer.logged?.value), interval: interval(answer.logged), n: count(answer.impressions), customers: count(answer.customers), since: day(answer.since), until: day(answer.until)})} ${t('replay.caveat')}</p>${leftOut(answer)}`;
}

function leftOut({left_out: left}: ReplayAnswer): TemplateResult | typeof nothing {
  const some = Object.entries(left).filter(([, n]) => n > 0);
  return some.length === 0 ? nothing : html`<p class="small muted">${t('replay.left_out')} ${joined(some.map(([name, n]) => fill(named('replayleft', name), {n: count(n)})))}</p>`;
}
