import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readScenes} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import type {Scene, SceneLine} from '../../model/scene';
import {saveExcel} from '../../ui/excel';
import {count, moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {loaded} from '../../ui/parts';
import {sparkline} from '../../ui/sparkline';
import {Screen} from '../../ui/view';
import {conversion, laneLegend, laneNames, shareBar} from './figures';
import {authorName, sceneTitle} from './names';

/** The scenes in the order in which they are asked, with what they earn. */
@customElement('rp-scenes')
export class Scenes extends Screen {
  private readonly scenes = new Load(this, () => 'all', readScenes);

  private card(line: SceneLine, place: number): TemplateResult {
    const {scene} = line;
    const learned = line.shares.find((one) => one.class === 'other')?.shares;
    const months = line.months.map(({shown, taken}) => taken / Math.max(1, shown));
    return html`<article class="card stack tight scenecard"><header><h2><span class="muted">${place}</span> <a class="plain" href="/studio/scenes/${encodeURIComponent(scene.scene_id)}">${sceneTitle(scene)}</a></h2>
        <span class="chips">${chips(line)}</span></header>
      <p class="small soft scenewhen">${when(line)}</p>
      <div class="grid figures">${conversion(line.recommended, t('studio.conversion'))}
        <div><p class="muted small">${t('studio.by_month')}</p>${months.length > 1 ? sparkline(months, 120, 30) : html`<p class="muted small">${t('studio.one_month')}</p>`}</div></div>
      ${shareBar(laneNames(scene), learned ?? scene.lanes.map(({share}) => share / 100), t('studio.shares_now'))}${laneLegend(line)}</article>`;
  }

  private readonly excel = (): void => {
    const rows = (this.scenes.value?.scenes ?? []).flatMap((line) => line.months.map((month) => [sceneTitle(line.scene), month.month, month.shown, month.taken, month.taken / month.shown, month.rate_low, month.rate_high]));
    void saveExcel('scenes', ['scene', 'month', 'shown', 'taken', 'rate', 'low', 'high'], rows);
  };

  override render(): TemplateResult {
    return loaded(this.scenes, ({scenes, drafts}) => {
      const shown = scenes.reduce((sum, {recommended}) => sum + recommended.shown, 0);
      const flagged = scenes.filter((line) => line.flagged);
      return html`<div class="row spread"><p class="reading">${shown === 0 ? t('studio.nothing_shown') : t('studio.summary', {n: count(shown), taken: count(scenes.reduce((sum, {recommended}) => sum + recommended.taken, 0))})}
          ${flagged.length ? html` <span class="chip bad">${t('studio.flagged_n', {n: flagged.length})}</span>` : nothing}</p>
          <button class="button tiny noprint" @click=${this.excel}>${icon('download', 15)}${t('action.excel')}</button></div>
        ${drafts.length ? html`<section class="card stack tight" id="drafts"><h2>${t('draft.waiting')}</h2><ul class="lines">${drafts.map((one) => html`<li class="row spread"><a href="/studio/scenes/${encodeURIComponent(one.scene.scene_id)}">${sceneTitle(one.scene)}</a><span class="small muted">${authorName(one.drafted_by)} · ${moment(one.drafted_at)}</span></li>`)}</ul></section>` : nothing}
        <div class="grid two">${scenes.map((line, i) => this.card(line, i + 1))}</div>`;
    }, 12);
  }
}

export function chips({scene, flagged}: SceneLine): TemplateResult {
  return html`${scene.stopped ? html`<span class="chip bad">${t('studio.stopped')}</span>` : nothing}${flagged ? html`<span class="chip bad">${t('studio.flagged')}</span>` : nothing}
    <span class="chip">${named('policyname', scene.policy)}</span>`;
}
type Condition = Pick<Scene, 'trigger' | 'other_category' | 'needs_product'>;
const files = import.meta.glob<Partial<Condition>>('../../../scenes/*.json', {import: 'default', eager: true});
/** Whether its condition is still the one that ships: only then do our words for it hold. */
function asShipped(scene: Scene): boolean {
  const file = Object.entries(files).find(([path]) => path.endsWith(`/${scene.scene_id}.json`))?.[1];
  return file !== undefined && file.trigger === scene.trigger && Boolean(file.other_category) === Boolean(scene.other_category) && Boolean(file.needs_product) === Boolean(scene.needs_product);
}
/** When it serves, in words where we have them, else the rule itself. */
export function when({scene}: SceneLine): TemplateResult {
  if (asShipped(scene)) return html`${named('scenewhen', scene.scene_id)}`;
  if (!scene.trigger) return html`${t('studio.by_name_only')}`;
  return scene.trigger === 'true' ? html`${scene.needs_product ? t('studio.beside_product') : t('studio.otherwise')}` : html`<code>${scene.trigger}</code>`;
}
