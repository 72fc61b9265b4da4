import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {runSql} from '../../api/data';
import {readScenes} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {type Contribution, contributionOf, contributionSql, type Drilled, drillOf, meanDifference, share} from '../../model/contribution';
import {good} from '../../model/result';
import {type Arm, difference, liftOf, type SceneLine, wilson} from '../../model/scene';
import {figure} from '../../ui/figure';
import {count, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, loaded} from '../../ui/parts';
import {View} from '../../ui/view';
import {between, points, pointsSpan} from './figures';
import {sceneTitle} from './names';

const kDays = 30;
const kDay_ms = 86_400_000;
const kHour_ms = 3_600_000;

/** The programme's goals of recommending, out of what became of recommendations: rate, conversion, repurchase, order value, and each scene. */
@customElement('rp-contribution')
export class ContributionPart extends View {
  /** To the hour, so that the same question is asked again. */
  private readonly to = Math.ceil(shopNow() / kHour_ms) * kHour_ms;
  private readonly from = this.to - kDays * kDay_ms;
  private readonly figures = new Load<Contribution>(this, () => 'all', async (signal) => {
    const got = await runSql(contributionSql(this.from, this.to), signal);
    return got.ok ? good(contributionOf(got.value.rows)) : got;
  });
  private readonly scenes = new Load(this, () => 'all', readScenes);

  private tile(name: string, value: string, about: unknown, drill: Drilled, beside: unknown): TemplateResult {
    return html`<a class="card tile" href=${drillOf(drill, this.from, this.to)}><h3>${named('contribution', name)}</h3><p class="bignumber">${value}</p><p class="small muted">${about}</p><p class="small">${beside}</p></a>`;
  }
  private beside(a: Arm, b: Arm): TemplateResult | string {
    const found = difference(a, b);
    return found ? html`${t('contribution.against', {other: percent(b.rate)})} <span class="muted">${points(found.value)} ${t('contribution.brackets', {span: pointsSpan(found.low, found.high)})}</span>` : '';
  }
  private tiles(of: Contribution): TemplateResult {
    const {takers, others} = of;
    const shown = takers.n + others.n;
    const rate = share(takers.n, shown);
    const bought = [share(takers.bought, takers.n), share(others.bought, others.n)] as const;
    const again = [share(takers.again, takers.bought), share(others.again, others.bought)] as const;
    const spend = meanDifference(of.recommended, of.usual);
    const about = (arm: Arm): string => (arm.shown ? `${between(wilson(arm.taken, arm.shown))} · n = ${count(arm.shown)}` : t('studio.not_seen'));
    return html`<div class="tiles four">${this.tile('rate', percent(rate.rate), about(rate), 'took', t('contribution.rate_text'))}
      ${this.tile('conversion', percent(bought[0].rate), about(bought[0]), 'bought', this.beside(...bought))}
      ${this.tile('repurchase', percent(again[0].rate), about(again[0]), 'again', this.beside(...again))}
      ${this.tile('order_value', figure(of.recommended?.mean, of.currency), of.recommended ? `n = ${count(of.recommended.n)}` : t('contribution.no_orders'), 'orders', spend ? html`${t('contribution.against', {other: figure(of.usual?.mean, of.currency)})} <span class="muted">${t('contribution.brackets', {span: t('studio.between', {low: figure(spend.low, of.currency), high: figure(spend.high, of.currency)})})}</span>` : '')}</div>
      <div class="note warn" role="note">${icon('warning')}<span>${t('contribution.warning')} <a href=${drillOf('not_took', this.from, this.to)}>${t('contribution.others')}</a></span></div>`;
  }

  private table(scenes: SceneLine[]): TemplateResult {
    return dataTable(t('contribution.scenes'), [
      {head: t('contribution.scene'), cell: ({scene}: SceneLine) => html`<a href="/studio/scenes/${encodeURIComponent(scene.scene_id)}">${sceneTitle(scene)}</a>`},
      {head: t('studio.shown'), number: true, cell: ({recommended}: SceneLine) => count(recommended.shown)},
      {head: t('studio.conversion'), number: true, cell: ({recommended}: SceneLine) => html`<strong>${percent(recommended.rate)}</strong> <span class="muted">${between(wilson(recommended.taken, recommended.shown))}</span>`},
      {head: t('studio.held_out'), number: true, cell: ({held_out: held}: SceneLine) => html`${percent(held.rate)} <span class="muted">n = ${count(held.shown)}</span>`},
      {head: t('studio.lift'), number: true, cell: (line: SceneLine) => {
        const lift = liftOf(line);
        return lift ? html`<strong>${points(lift.value)}</strong> <span class="muted">${pointsSpan(lift.low, lift.high)}</span>` : '–';
      }},
      {head: '', cell: ({flagged}: SceneLine) => (flagged ? html`<span class="chip bad">${t('studio.flagged')}</span>` : nothing)},
    ], scenes);
  }

  override render(): TemplateResult {
    return html`<section class="card stack" id="contribution"><header><h2>${t('contribution.title')}</h2><p>${t('contribution.days', {n: kDays})}</p></header>
        ${loaded(this.figures, (of) => this.tiles(of), 4)}</section>
      <section class="card flush"><header><h2>${t('contribution.scenes')}</h2><p>${t('contribution.scenes_text')}</p></header>${loaded(this.scenes, ({scenes}) => this.table(scenes), 5)}</section>`;
  }
}
