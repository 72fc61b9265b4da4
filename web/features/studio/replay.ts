import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readReplay, readScenes} from '../../api/studio';
import {t} from '../../i18n/i18n';
import type {ReplayAnswer} from '../../model/replay';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {sceneTitle} from './names';
import {replayed} from './replayed';

const kDays = [30, 90, 180, 365];
const kUsual = 90;

/** The four policies side by side over what a scene showed: what each would have earned, as far as the log can tell. */
@customElement('rp-replay')
export class ReplayPage extends Screen {
  private readonly scenes = new Load(this, () => 'all', readScenes);
  private readonly answer = new Load<ReplayAnswer>(this, () => (this.scene() ? `${this.scene()}/${this.days()}` : undefined), (signal) => readReplay(this.scene(), this.days(), signal));

  /** The one that is asked for, else the one that was shown most. */
  private scene(): string {
    const all = [...(this.scenes.value?.scenes ?? [])].sort((a, b) => b.recommended.shown - a.recommended.shown);
    return this.filter('scene') || (all[0]?.scene.scene_id ?? '');
  }
  private days(): number {
    return Number(this.filter('days')) || kUsual;
  }

  override render(): TemplateResult {
    return loaded(this.scenes, ({scenes}) => html`<div class="card filterform fields"><div class="field"><label for="replay-scene">${t('contribution.scene')}</label><select class="input" id="replay-scene" @change=${(event: Event) => setFilters({scene: (event.target as HTMLSelectElement).value})}>
        ${scenes.map(({scene}) => html`<option value=${scene.scene_id} ?selected=${scene.scene_id === this.scene()}>${sceneTitle(scene)}</option>`)}</select></div>
      <div class="field"><label for="replay-days">${t('replay.days')}</label><select class="input" id="replay-days" @change=${(event: Event) => setFilters({days: (event.target as HTMLSelectElement).value})}>
        ${kDays.map((days) => html`<option value=${days} ?selected=${days === this.days()}>${t('replay.last_days', {n: days})}</option>`)}</select></div></div>
      ${loaded(this.answer, replayed, 8)}`, 10);
  }
}
