import {html, nothing, svg, type TemplateResult} from 'lit';

import {named, t} from '../../i18n/i18n';
import {type Arm, type Difference, type Interval, laneOutcomes, liftOf, type Remedy, type Scene, type SceneLine, wilson} from '../../model/scene';
import {cssVars} from '../../ui/css_vars';
import {count, percent} from '../../ui/format';
import {laneName} from './names';

/** The figures of a scene, each with its n and its interval. */

const kLaneTones = ['var(--class-new)', 'var(--class-seed)', 'var(--class-high_value)', 'var(--class-potential)', 'var(--class-churn_risk)', 'var(--class-problem)', 'var(--class-other)'];
export const laneTone = (index: number): string => kLaneTones[index % kLaneTones.length]!;

export const between = (interval: Interval | undefined): string => interval ? t('studio.between', {low: percent(interval.low), high: percent(interval.high)}) : '';

export const laneNames = (scene: Scene): string[] => scene.lanes.map(({lane}) => lane);

/** Conversion: what was taken of what was seen. */
export function conversion(arm: Arm, label: string): TemplateResult {
  return html`<div><p class="muted small">${label}</p><p class="bignumber">${arm.shown === 0 ? '–' : percent(arm.rate)} <small>${arm.shown === 0 ? t('studio.not_seen') : html`${between(wilson(arm.taken, arm.shown))} · n = ${count(arm.shown)}`}</small></p></div>`;
}

/** The lanes' shares as one bar; the words stand in its label. */
export function shareBar(lanes: readonly string[], shares: readonly number[], label: string): TemplateResult {
  const words = lanes.map((lane, i) => `${laneName(lane)} ${percent(shares[i] ?? 0, 0)}`).join(', ');
  return html`<span class="sharebar" role="img" aria-label="${label}: ${words}" title=${words}>${lanes.map((_, i) => html`<i ${cssVars({'--share': `${(shares[i] ?? 0) * 100}%`, '--tone': laneTone(i)})}></i>`)}</span>`;
}

/** An interval on a line with nought in it. */
function drawn({value, low, high}: Difference): TemplateResult {
  const most = Math.max(0.02, Math.abs(low), Math.abs(high)) * 1.1;
  const x = (of: number): number => 100 + (of / most) * 96;
  return html`<svg class="interval" viewBox="0 0 200 24" role="img" aria-label=${t('studio.lift_of', {value: percent(value), low: percent(low), high: percent(high)})}>
    ${svg`<line class="zero" x1="100" x2="100" y1="2" y2="22"></line><line class="range" x1=${x(low)} x2=${x(high)} y1="12" y2="12"></line><circle cx=${x(value)} cy="12" r="4.5"></circle>`}</svg>`;
}

/** What the scene adds to best-sellers, by the customers held out: points, interval, and what that allows to say. */
export function heldOut(line: SceneLine): TemplateResult {
  const lift = liftOf(line);
  if (!lift) return html`<p class="soft">${line.scene.holdout === 0 ? t('studio.no_holdout') : t('studio.holdout_waits', {percent: line.scene.holdout})}</p>`;
  const verdict = lift.low > 0 ? 'better' : lift.high < 0 ? 'worse' : 'open';
  return html`<div class="stack tight"><div class="grid figures">${conversion(line.recommended, t('studio.recommended'))}${conversion(line.held_out, t('studio.held_out'))}
      <div><p class="muted small">${t('studio.lift')}</p><p class="bignumber">${points(lift.value)} <small>${t('studio.between', {low: signed(lift.low), high: signed(lift.high)})}</small></p>${drawn(lift)}</div></div>
    <p class="reading"><span class="chip ${verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : 'warn'}">${named('liftword', verdict)}</span> ${named('lifttext', verdict)} <span class="muted small">${t(line.difference ? 'studio.lift_note_customers' : 'studio.lift_note')}</span></p></div>`;
}
/** A share in hundredths, with its sign; what rounds to nought has none. */
const signed = (value: number): string => {
  const text = (value * 100).toFixed(1);
  return Number(text) === 0 ? '0.0' : `${value > 0 ? '+' : ''}${text}`;
};
/** A difference of shares, in points. */
export const points = (value: number): string => t('studio.points', {n: signed(value)});
/** Its interval; the unit stands with the difference. */
export const pointsSpan = (low: number, high: number): string => t('studio.between', {low: signed(low), high: signed(high)});

export function remedy(one: Remedy): TemplateResult {
  switch (one.kind) {
    case 'weights':
      return html`${t('remedy.weights', {weak: laneName(one.weak.lane), weak_rate: percent(one.weak.rate), weak_n: count(one.weak.shown), strong: laneName(one.strong.lane), strong_rate: percent(one.strong.rate), strong_n: count(one.strong.shown)})}`;
    case 'content':
      return html`${t('remedy.content', {lane: laneName(one.lane.lane), rate: percent(one.lane.rate), high: percent(one.lane.interval?.high), n: count(one.lane.shown)})}`;
    case 'policy': return html`${t('remedy.policy')}`;
    case 'tags': return html`${t('remedy.tags')}`;
  }
}

/** Written and learned shares of each lane beside what became of it. */
export function laneLegend(line: SceneLine): TemplateResult {
  return html`<ul class="lanelegend small">${laneOutcomes(line).map((lane, i) => html`<li><i class="dot" ${cssVars({'--dot': laneTone(i)})}></i><span>${laneName(lane.lane)}</span>
    <span class="number muted">${lane.share} %${lane.learned === undefined ? nothing : html` → <strong>${percent(lane.learned, 0)}</strong>`}</span></li>`)}</ul>`;
}
