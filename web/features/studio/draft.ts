import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {approveScene, withdrawDraft} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import type {Problem, Result} from '../../model/result';
import {type Change, changesOf, type Draft, type Scene} from '../../model/scene';
import {moment} from '../../ui/format';
import {dataTable, errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';
import {authorName, laneName, mayApprove, mayCurate, mayWithdraw} from './names';

/** A draft that waits: who wrote it, what it changes, and the hands that let it serve or take it back. Fires `changed`. */
@customElement('rp-scene-draft')
export class SceneDraft extends View {
  @property({attribute: false}) draft!: Draft;
  /** What serves now; nothing for a scene that is new. */
  @property({attribute: false}) live: Scene | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  private async act(done: string, call: () => Promise<Result<unknown>>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    const got = await call();
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) toast(done);
    this.dispatchEvent(new CustomEvent('changed'));
  }
  private memberName(member: string): string {
    for (const prefix of ['sceneform', 'studio', 'offerfield']) {
      const words = named(prefix, member);
      if (words !== member) return words;
    }
    return member;
  }

  /** Moments by the reader's clock, lanes by their names. */
  private said(member: string, text: string): string {
    const told = text.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (at) => moment(at));
    if (member !== 'lanes') return told;
    return told.split(', ').map((part) => {
      const end = part.lastIndexOf(' ');
      return end > 0 ? `${laneName(part.slice(0, end))} ${part.slice(end + 1)} %` : part;
    }).join(', ');
  }

  override render(): TemplateResult {
    const {draft, live} = this;
    const id = draft.scene.scene_id;
    const changes = live ? changesOf(live, draft.scene) : [];
    return html`<section class="card stack" id="draft"><header><h2>${t('draft.title')}</h2><p>${t('draft.by', {who: authorName(draft.drafted_by), when: moment(draft.drafted_at)})}</p></header>
      ${live ? changes.length ? dataTable(t('draft.changes'), [
        {head: t('draft.member'), cell: (row: Change) => this.memberName(row.member)},
        {head: t('draft.now'), cell: (row: Change) => html`<span class="soft">${this.said(row.member, row.before)}</span>`},
        {head: t('draft.then'), cell: (row: Change) => html`<strong>${this.said(row.member, row.after)}</strong>`},
      ], changes) : html`<p class="muted">${t('draft.same')}</p>` : nothing}
      ${this.problem ? errorState(this.problem) : nothing}
      <div class="row">${mayApprove(draft.drafted_by) ? html`<button class="button main" ?disabled=${this.busy} @click=${() => void this.act(t('draft.approved_now'), () => approveScene(id, draft.draft))}>${t('draft.approve')}</button>` : html`<span class="small muted">${t('draft.needs')}</span>`}
        ${mayCurate() ? html`<a class="button" href="/studio/scenes/${encodeURIComponent(id)}/edit">${t('draft.edit')}</a>` : nothing}
        ${mayWithdraw(draft.drafted_by) ? html`<button class="button danger" ?disabled=${this.busy} @click=${() => void this.act(t('draft.withdrawn'), () => withdrawDraft(id))}>${t('draft.withdraw')}</button>` : nothing}</div></section>`;
  }
}
