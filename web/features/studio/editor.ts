import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type FoundOffer, publishScene, readScenes} from '../../api/studio';
import {kLanguageNames, named, t} from '../../i18n/i18n';
import {good, type Problem, type Result} from '../../model/result';
import {changedLane, copyOf, evened, faultOf, handOf, kBlankScene, kLanesMost, kPolicies, nounOf, type Scene, shareSum, withLane, withoutLane} from '../../model/scene';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {errorState, loaded, pageHead} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import type {RuleWritten} from '../segments/rule_field';
import '../segments/rule_field';
import {laneNames, shareBar} from './figures';
import {handsForm} from './hands_form';
import {laneForm} from './lane_form';
import {mayCurate, mayGoLive, sceneTitle} from './names';
import {timesForm} from './times';
import './try_out';

const kLanguages = [['zh-Hans', 'zh-CN'], ['zh-Hant', 'zh-TW'], ['en', 'en']] as const;

/** A scene is written without code: new, from a copy, or the one that stands. Published, it serves from the next request on. */
@customElement('rp-scene-editor')
export class SceneEditor extends Screen {
  @state() private scene: Scene | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;
  private taken: readonly string[] = [];
  /** What is edited is the draft that waits, not what serves. */
  @state() private isDraft = false;
  private readonly begun = new Load<Scene | undefined>(this, () => `${this.place.params['id']}?${this.filter('from')}`, (signal) => this.begin(signal));

  private get fresh(): boolean {
    return this.place.params['id'] === 'new';
  }
  private async begin(signal: AbortSignal): Promise<Result<Scene | undefined>> {
    const got = await readScenes(signal);
    if (!got.ok) return got;
    this.taken = got.value.scenes.map(({scene}) => scene.scene_id);
    const from = this.fresh ? this.filter('from') : this.place.params['id'];
    const draft = this.fresh ? undefined : got.value.drafts.find(({scene}) => scene.scene_id === from);
    this.isDraft = draft !== undefined;
    const stands = draft?.scene ?? got.value.scenes.find(({scene}) => scene.scene_id === from)?.scene;
    this.scene = !this.fresh ? stands : stands ? copyOf(stands, `${stands.scene_id.slice(0, 26)}_copy`) : kBlankScene;
    return good(this.scene);
  }
  private set(change: Partial<Scene>): void {
    if (this.scene) this.scene = {...this.scene, ...change};
  }
  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const state = (event.submitter as HTMLButtonElement | null)?.value === 'draft' ? 'draft' : undefined;
    const {scene} = this;
    if (!scene || this.busy) return;
    this.busy = true;
    const got = await publishScene(nounOf(scene), state);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(state ? t('draft.saved') : t('studio.published'));
    go(`/studio/scenes/${encodeURIComponent(scene.scene_id)}`);
  };

  private about(scene: Scene): TemplateResult {
    const title = typeof scene.title === 'object' && scene.title ? scene.title : {en: scene.title ?? '', 'zh-Hans': scene.title ?? '', 'zh-Hant': scene.title ?? ''};
    const clash = this.fresh && this.taken.includes(scene.scene_id);
    return html`<section class="card stack"><header><h2>${t('sceneform.about')}</h2></header><div class="fields">
      <div class="field"><label for="scene-id">${t('sceneform.id')}</label><input class="input mono" id="scene-id" required pattern="[a-z][a-z0-9_]*" maxlength="32" ?disabled=${!this.fresh} .value=${scene.scene_id}
        @input=${(event: Event) => this.set({scene_id: (event.target as HTMLInputElement).value.trim()})}>${clash ? html`<span class="wrong">${t('sceneform.taken')}</span>` : html`<span class="hint">${t('sceneform.id_hint')}</span>`}</div>
      ${kLanguages.map(([code, language]) => html`<div class="field"><label for="title-${code}">${t('sceneform.title')} · ${kLanguageNames[language]}</label><input class="input" id="title-${code}" lang=${language} required maxlength="120" autocomplete="off"
        .value=${title[code] ?? ''} @input=${(event: Event) => this.set({title: {...title, [code]: (event.target as HTMLInputElement).value}})}></div>`)}
      ${this.whole(scene, 'rank', 1_000_000)}</div></section>`;
  }
  private whole(scene: Scene, name: 'rank' | 'category_cap' | 'explore' | 'holdout', most: number): TemplateResult {
    return html`<div class="field"><label for="scene-${name}">${named('sceneform', name)}</label><input class="input" id="scene-${name}" type="number" min="0" max=${most} step="1" required .value=${String(scene[name])}
      @input=${(event: Event) => this.set({[name]: Math.round(Number((event.target as HTMLInputElement).value) || 0)})}><span class="hint">${named('scenehint', name)}</span></div>`;
  }
  private flag(scene: Scene, name: 'other_category' | 'needs_product'): TemplateResult {
    return html`<label class="check"><input type="checkbox" .checked=${scene[name] ?? false} @change=${(event: Event) => this.set({[name]: (event.target as HTMLInputElement).checked})}>${named('sceneform', name)}</label>`;
  }
  private when(scene: Scene): TemplateResult {
    return html`<section class="card stack"><header><h2>${t('sceneform.when')}</h2><p>${t('sceneform.when_hint')}</p></header>
      <rp-rule-field .text=${scene.trigger} .label=${t('studio.trigger')} .rows=${3} @rule=${(event: CustomEvent<RuleWritten>) => event.detail.text !== this.scene?.trigger && this.set({trigger: event.detail.text})}></rp-rule-field>
      ${timesForm(scene, '', (change) => this.set(change))}
      <div class="stack tight">${this.flag(scene, 'other_category')}${this.flag(scene, 'needs_product')}</div></section>`;
  }
  private lanes(scene: Scene): TemplateResult {
    const sum = shareSum(scene);
    return html`<section class="card stack"><header><h2>${t('studio.lanes')}</h2><p>${t('sceneform.lanes_hint')}</p></header>
      ${shareBar(laneNames(scene), scene.lanes.map(({share}) => share / Math.max(1, sum)), t('studio.written'))}
      <ol class="stack">${scene.lanes.map((lane, index) => laneForm({lane, index, set: (change) => (this.scene = changedLane(scene, index, change)), drop: () => (this.scene = withoutLane(scene, index))}))}</ol>
      <div class="row"><button type="button" class="button" ?disabled=${scene.lanes.length >= kLanesMost} @click=${() => (this.scene = withLane(scene))}>${icon('plus', 15)}${t('sceneform.add_lane')}</button>
        <span class="chip ${sum === 100 ? 'good' : 'warn'}" role="status">${t('sceneform.sum', {n: sum})}</span>${sum === 100 ? nothing : html`<button type="button" class="button tiny" @click=${() => (this.scene = evened(scene))}>${t('sceneform.even')}</button>`}</div></section>`;
  }
  private learning(scene: Scene): TemplateResult {
    return html`<section class="card stack"><header><h2>${t('sceneform.learning')}</h2></header><div class="fields">
      <div class="field"><label for="scene-policy">${t('sceneform.policy')}</label><select class="input" id="scene-policy" @change=${(event: Event) => this.set({policy: (event.target as HTMLSelectElement).value as Scene['policy']})}>
        ${kPolicies.map((policy) => html`<option value=${policy} ?selected=${policy === scene.policy}>${named('policyname', policy)}</option>`)}</select><span class="hint">${named('policyabout', scene.policy)}</span></div>
      ${this.whole(scene, 'holdout', 100)}${this.whole(scene, 'explore', 50)}${this.whole(scene, 'category_cap', 1000)}</div></section>`;
  }

  private form(scene: Scene): TemplateResult {
    const fault = this.fresh && this.taken.includes(scene.scene_id) ? 'id' : faultOf(scene);
    const live = mayGoLive();
    const hand = (name: 'pins' | 'left_out' | 'boosts') => (event: CustomEvent<FoundOffer | undefined>): void => {
      const id = event.detail?.id;
      if (!id) return;
      if (name === 'boosts') this.set({boosts: [...(scene.boosts ?? []).filter((one) => one.id !== id), {id, points: 0.1}]});
      else if (name === 'pins') this.set({pins: [...(scene.pins ?? []).filter((one) => handOf(one).id !== id), id]});
      else this.set({left_out: [...(scene.left_out ?? []).filter((one) => one !== id), id]});
    };
    return html`<form class="stack wide" @submit=${this.save}>${this.about(scene)}${this.when(scene)}${this.lanes(scene)}${this.learning(scene)}${handsForm(scene, hand, (change) => this.set(change))}
      ${this.fresh ? nothing : html`<rp-try-out .scene=${scene} .ready=${fault === undefined}></rp-try-out>`}
      ${this.problem ? errorState(this.problem) : nothing}
      <div class="row">${live ? html`<button class="button main" ?disabled=${fault !== undefined || this.busy}>${t('sceneform.publish')}</button>` : nothing}
        <button class="button ${live ? '' : 'main'}" value="draft" ?disabled=${fault !== undefined || this.busy}>${t('draft.save')}</button>
        <span class="small muted" role="status">${fault ? named('scenefault', fault) : live ? t('sceneform.at_once') : t('draft.waits')}</span></div></form>`;
  }

  override render(): TemplateResult {
    const id = this.place.params['id'] ?? '';
    const back = this.fresh ? '/studio' : `/studio/scenes/${encodeURIComponent(id)}`;
    return html`${loaded(this.begun, () => {
      if (!mayCurate()) return html`${pageHead(t('sceneform.edit'))}<p>${t('error.forbidden')}</p>`;
      if (!this.scene) return html`${pageHead(t('lost.title'), t('lost.text'))}<p><a href="/studio">${t('studio.all_scenes')}</a></p>`;
      const title = this.fresh ? t('studio.new_scene') : t('sceneform.edit_of', {title: sceneTitle(this.scene)});
      return html`${pageHead(title, this.isDraft ? t('draft.editing') : this.filter('from') ? t('sceneform.copied', {id: this.filter('from')}) : t('sceneform.lead'))}<p><a href=${back}>${t('sceneform.back')}</a></p>${this.form(this.scene)}`;
    }, 14)}`;
  }
}
