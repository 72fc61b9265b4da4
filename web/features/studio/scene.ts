import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {publishScene, readScenes} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {type Draft, handOf, laneOutcomes, type LaneOutcome, nounOf, remediesOf, type SceneLine, type SceneMonth} from '../../model/scene';
import '../../ui/chart';
import type {Plot} from '../../ui/chart';
import {cssVars} from '../../ui/css_vars';
import {count, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {classChip, dataTable, loaded, pageHead, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import {between, heldOut, laneNames, laneTone, points, remedy, shareBar} from './figures';
import './draft';
import {authorName, joined, kindName, laneName, mayCurate, mayGoLive, sceneTitle} from './names';
import './preview';
import {chips, when} from './scenes';
import './stop';
import {times, withTimes} from './times';

/** One scene: what it earns, what its shares learned, whose hands are in it, and what a chosen customer would see. */
@customElement('rp-scene')
export class SceneScreen extends Screen {
  @state() private stopping = false;
  private readonly scenes = new Load(this, () => 'all', readScenes);

  private get line(): SceneLine | undefined {
    return this.scenes.value?.scenes.find(({scene}) => scene.scene_id === this.place.params['id']);
  }
  private get draft(): Draft | undefined {
    return this.scenes.value?.drafts.find(({scene}) => scene.scene_id === this.place.params['id']);
  }
  private readonly stop = async (): Promise<void> => {
    this.stopping = false;
    const scene = this.line?.scene;
    if (!scene) return;
    const got = await publishScene(nounOf({...scene, stopped: !scene.stopped}));
    toast(got.ok ? (scene.stopped ? t('studio.runs_again') : t('studio.is_stopped')) : problemText(got.error), {bad: !got.ok});
    await this.scenes.reload();
  };

  private months(line: SceneLine): Plot<SceneMonth> {
    const {months} = line;
    const last = months.at(-1);
    return {
      title: t('studio.by_month'), tall: 240,
      reading: last ? t('studio.month_reading', {month: last.month, rate: percent(last.taken / last.shown), low: percent(last.rate_low), high: percent(last.rate_high), n: count(last.shown), below: percent(last.below_10_percent, 0)}) : '',
      option: (ink) => ({
        grid: {left: 48, right: 12, top: 16, bottom: 26}, tooltip: {trigger: 'axis', renderMode: 'richText'},
        xAxis: {type: 'category', data: months.map(({month}) => month), axisLabel: {color: ink.soft, fontFamily: ink.font}, axisLine: {lineStyle: {color: ink.line}}},
        yAxis: {type: 'value', min: 0, axisLabel: {color: ink.soft, formatter: (value: number) => percent(value, 0)}, splitLine: {lineStyle: {color: ink.line}}},
        series: [
          {type: 'line', name: t('studio.conversion'), data: months.map(({shown, taken}) => taken / shown), lineStyle: {color: ink.accent, width: 2}, itemStyle: {color: ink.accent}},
          ...(['rate_low', 'rate_high'] as const).map((name) => ({type: 'line' as const, name: named('studiochart', name), data: months.map((month) => month[name]), symbol: 'none', lineStyle: {color: ink.soft, width: 1, type: 'dashed' as const}, itemStyle: {color: ink.soft}})),
        ],
      }),
      table: {rows: months, columns: [
        {head: t('studio.month'), cell: ({month}) => month}, {head: t('studio.shown'), number: true, cell: ({shown}) => count(shown)}, {head: t('studio.taken'), number: true, cell: ({taken}) => count(taken)},
        {head: t('studio.conversion'), number: true, cell: ({shown, taken}) => percent(taken / shown)},
        {head: t('studio.interval'), number: true, cell: ({rate_low, rate_high}) => between({low: rate_low, high: rate_high})},
        {head: t('studio.below'), number: true, cell: (month) => percent(month.below_10_percent)}]},
    };
  }

  private flag(line: SceneLine): TemplateResult | typeof nothing {
    if (!line.flagged) return nothing;
    return html`<section class="card stack tight refusal" id="flagged"><h2>${t('studio.flagged_title')}</h2><p class="soft">${t('studio.flagged_text')}</p>
      <ul class="lines">${remediesOf(line).map((one) => html`<li><strong>${named('remedykind', one.kind)}</strong> ${remedy(one)}</li>`)}</ul></section>`;
  }

  private lanes(line: SceneLine): TemplateResult {
    const change = ({share, learned}: LaneOutcome): TemplateResult => learned === undefined ? html`–`
      : html`<strong>${percent(learned)}</strong> <span class="muted">${points(learned - share / 100)}</span>`;
    const rows = laneOutcomes(line);
    return html`<section class="card flush" id="lanes"><header><h2>${t('studio.lanes')}</h2><p>${named('policyabout', line.scene.policy)}</p></header>${dataTable(t('studio.lanes'), [
      {head: t('studio.lane'), cell: (row: LaneOutcome) => html`<i class="dot" ${cssVars({'--dot': laneTone(rows.indexOf(row))})}></i> <strong>${laneName(row.lane)}</strong><br><span class="small muted">${named('lanesource', row.source)} · ${joined(row.kinds.map(kindName))}${row.only?.length ? html` · ${t('studio.only_words', {words: joined(row.only)})}` : nothing}${row.prefer?.length ? html` · ${t('studio.first_words', {words: joined(row.prefer)})}` : nothing}</span>`},
      {head: t('studio.written'), number: true, cell: (row: LaneOutcome) => `${row.share} %`},
      {head: t('studio.learned'), number: true, cell: change},
      {head: t('studio.shown'), number: true, cell: (row: LaneOutcome) => count(row.shown)},
      {head: t('studio.taken'), number: true, cell: (row: LaneOutcome) => count(row.taken)},
      {head: t('studio.conversion'), number: true, cell: (row: LaneOutcome) => row.rate === null ? '–' : html`${percent(row.rate)} <span class="muted">${between(row.interval)}</span>`},
    ], rows)}</section>`;
  }

  private classes(line: SceneLine): TemplateResult {
    const {scene} = line;
    return html`<section class="card stack" id="classes"><header><h2>${t('studio.by_class')}</h2><p>${t('studio.by_class_hint')}</p></header>
      <ul class="classshares"><li><span>${t('studio.written')}</span>${shareBar(laneNames(scene), scene.lanes.map(({share}) => share / 100), t('studio.written'))}</li>
        ${line.shares.map((one) => html`<li>${classChip(one.class)}${shareBar(laneNames(scene), one.shares, named('class', one.class))}</li>`)}</ul>
      <ul class="lanelegend small row">${scene.lanes.map(({lane}, i) => html`<li><i class="dot" ${cssVars({'--dot': laneTone(i)})}></i>${laneName(lane)}</li>`)}</ul></section>`;
  }

  private settings({scene, published_by: publishedBy, approved_by: approvedBy}: SceneLine): TemplateResult {
    const list = (ids: readonly string[] | undefined): TemplateResult => ids?.length ? html`<span class="chips">${ids.map((id) => html`<code class="chip">${id}</code>`)}</span>` : html`<span class="muted">${t('studio.nobody')}</span>`;
    return html`<section class="card stack tight"><header><h2>${t('studio.settings')}</h2></header><dl class="pairs">
      <dt>${t('studio.rank')}</dt><dd>${scene.rank}</dd>${scene.from || scene.until ? html`<dt>${t('draft.times')}</dt><dd>${times(scene)}</dd>` : nothing}${publishedBy ? html`<dt>${t('draft.published_by')}</dt><dd>${authorName(publishedBy)}${approvedBy ? ` · ${t('draft.approved')}` : ''}</dd>` : nothing}<dt>${t('studio.trigger')}</dt><dd>${scene.trigger ? html`<code>${scene.trigger}</code>` : t('studio.by_name_only')}${scene.other_category ? html`<br>${t('studio.other_category')}` : nothing}</dd>
      <dt>${t('studio.holdout')}</dt><dd>${scene.holdout} %</dd><dt>${t('studio.explore')}</dt><dd>${scene.explore} %</dd><dt>${t('studio.category_cap')}</dt><dd>${scene.category_cap || t('studio.half')}</dd>
      <dt>${t('studio.pins')}</dt><dd>${list(scene.pins?.map((hand) => withTimes(handOf(hand), handOf(hand).id)))}</dd><dt>${t('studio.left_out')}</dt><dd>${list(scene.left_out)}</dd><dt>${t('studio.boosts')}</dt><dd>${list(scene.boosts?.map((boost) => withTimes(boost, `${boost.id} ${boost.points > 0 ? '+' : ''}${boost.points}`)))}</dd></dl></section>`;
  }

  private actions({scene}: SceneLine): TemplateResult | typeof nothing {
    if (!mayCurate()) return nothing;
    const id = encodeURIComponent(scene.scene_id);
    return html`<a class="button main" href="/studio/scenes/${id}/edit">${t('studio.edit')}</a><a class="button" href="/studio/replay?scene=${id}">${t('studiopage.replay')}</a><a class="button" href="/studio/scenes/new/edit?from=${id}">${icon('copy', 16)}${t('studio.copy')}</a>
      ${mayGoLive() ? html`<button class="button danger" @click=${() => (scene.stopped ? void this.stop() : (this.stopping = true))}>${icon(scene.stopped ? 'play' : 'pause', 16)}${scene.stopped ? t('studio.run_again') : t('studio.stop')}</button>` : nothing}`;
  }

  override render(): TemplateResult {
    return loaded(this.scenes, () => {
      const {line, draft} = this;
      if (!line && draft) {
        return html`${pageHead(sceneTitle(draft.scene), t('draft.only'))}<p><a href="/studio">${t('studio.all_scenes')}</a></p><rp-scene-draft .draft=${draft} @changed=${() => void this.scenes.reload()}></rp-scene-draft>
          <rp-scene-preview .place=${this.place} .scene=${draft.scene} .drafted=${draft}></rp-scene-preview>`;
      }
      if (!line) return html`${pageHead(t('lost.title'), t('lost.text'))}<p><a href="/studio">${t('studio.all_scenes')}</a></p>`;
      return html`${pageHead(sceneTitle(line.scene), html`<span class="chips">${chips(line)}</span> ${when(line)}`, this.actions(line))}<p><a href="/studio">${t('studio.all_scenes')}</a></p>
        ${line.scene.stopped ? html`<div class="note bad" role="note">${icon('warning')}<span>${t('studio.stopped_text')}</span></div>` : nothing}
        ${draft ? html`<rp-scene-draft .draft=${draft} .live=${line.scene} @changed=${() => void this.scenes.reload()}></rp-scene-draft>` : nothing}
        ${this.flag(line)}
        <section class="card stack" id="earns"><header><h2>${t('studio.earns')}</h2><p>${t('studio.earns_hint')}</p></header>${heldOut(line)}
          ${line.months.length ? html`<rp-chart .plot=${this.months(line)}></rp-chart>` : nothing}</section>
        ${this.lanes(line)}<div class="grid two">${this.classes(line)}${this.settings(line)}</div>
        <rp-scene-preview .place=${this.place} .scene=${line.scene} .drafted=${draft}></rp-scene-preview>
        ${this.stopping ? html`<rp-scene-stop .scene=${line.scene.scene_id} .title=${sceneTitle(line.scene)} @agreed=${this.stop} @done=${() => (this.stopping = false)}></rp-scene-stop>` : nothing}`;
    }, 14);
  }
}
