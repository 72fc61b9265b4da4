import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {type AssistantCard, type Contradiction, type Kept, type KnownAnswer, type OwnPrecision, readAssistantCard, readContradictions, readKnowledge, setAssistant} from '../../api/knowledge';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {wordingFor} from '../../model/wordings';
import {may} from '../../shell/session';
import '../../ui/dialog';
import {count, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, emptyState, loaded, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import './knowledge_form';

const kStates = ['standing', 'draft', 'not_yet', 'over'] as const;
const textOf = (one: KnownAnswer): string => {
  const tongue = currentLanguage() === 'zh-CN' ? 'zh-Hans' : currentLanguage() === 'zh-TW' ? 'zh-Hant' : 'en';
  return one.answer[tongue] ?? one.answer['zh-Hans'] ?? one.answer['zh-Hant'] ?? one.answer.en ?? '';
};

/** What the shop knows: answers, contradictions among them, and what the assistant could not answer. */
@customElement('rp-knowledge')
export class Knowledge extends Screen {
  @state() private editing: Partial<KnownAnswer> | undefined;
  @state() private words = '';
  private readonly answers = new Load(this, () => `${this.words} ${this.place.query.get('state') ?? ''}`, (signal) => readKnowledge(this.words, this.place.query.get('state') ?? '', signal));
  private readonly against = new Load(this, () => 'all', readContradictions);
  private readonly card = new Load(this, () => 'all', readAssistantCard);

  private readonly saved = (): void => {
    this.editing = undefined;
    for (const load of [this.answers, this.against, this.card]) void load.reload();
  };
  private readonly search = (event: SubmitEvent): void => {
    event.preventDefault();
    this.words = String(new FormData(event.target as HTMLFormElement).get('words')).trim();
  };
  private readonly turn = async (): Promise<void> => {
    const got = await setAssistant(!this.card.value?.on);
    if (!got.ok) toast(problemText(got.error), {bad: true});
    await this.card.reload();
  };
  private edit(id: string): TemplateResult | string {
    const one = this.answers.value?.answers.find((answer) => answer.id === id);
    return one && may('publish') ? html`<button class="button quiet tiny" @click=${() => (this.editing = one)}>${id}</button>` : id;
  }
  private share(kept: Kept): TemplateResult {
    return kept.precision === null ? html`<span class="muted">${t('knowledge.too_little')}</span>`
      : html`${t('knowledge.precision_at', {precision: percent(kept.precision), coverage: percent(kept.coverage ?? 0), n: count(kept.asked)})}`;
  }
  /** What became of its answers in this shop: the share that was right, its interval, and whether it answers less for it. */
  private own(own: OwnPrecision): TemplateResult {
    if (own.precision === null) return html`<span class="muted">${t('knowledge.own_none')}</span>`;
    return html`${t('knowledge.own_text', {precision: percent(own.precision), low: percent(own.low), high: percent(own.high), n: count(own.judged)})}
      <span class="chip ${own.standing === 'kept' ? 'good' : ''}">${named('standing', own.standing)}</span>${own.raised ? html` <span class="chip warn">${t('knowledge.own_raised')}</span>` : nothing}`;
  }
  private figures(card: AssistantCard): TemplateResult {
    const {shop} = card;
    return html`<section class="card stack" id="card"><header class="row"><h2 class="grow">${t('knowledge.assistant')}</h2><span class="chip ${card.on ? 'good' : 'warn'}">${card.on ? t('knowledge.on') : t('knowledge.off')}</span>
        ${may('publish') ? html`<button class="button" @click=${this.turn}>${card.on ? t('knowledge.turn_off') : t('knowledge.turn_on')}</button>` : nothing}</header>
      <dl class="pairs"><dt>${t('knowledge.wanted')}</dt><dd>${percent(card.precision_wanted)}</dd>
        <dt>${t('knowledge.by_intent')}</dt><dd>${this.share(card.intents)}</dd><dt>${t('knowledge.by_answer')}</dt><dd>${this.share(card.knowledge)}</dd>
        <dt>${t('knowledge.own_intent')}</dt><dd>${this.own(card.own.intents)}</dd><dt>${t('knowledge.own_answer')}</dt><dd>${this.own(card.own.knowledge)}</dd>
        ${card.own.raised.length === 0 ? nothing : html`<dt>${t('knowledge.raised')}</dt><dd>${card.own.raised.map((one) => html`<p>${t('knowledge.raised_text', {intent: named('intent', one.intent), least: percent(one.least_confidence), right: count(one.shipped_right), judged: count(one.shipped_judged), wanted: percent(card.precision_wanted)})}</p>`)}</dd>`}
        <dt>${t('knowledge.held')}</dt><dd>${shop.conversations === 0 ? html`<span class="muted">${t('knowledge.none_held')}</span>` : t('knowledge.held_text', {conversations: count(shop.conversations), turns: count(shop.turns), answered: count(shop.answered), abstained: count(shop.abstained), handed: count(shop.handed_over)})}</dd>
        ${shop.conversations === 0 ? nothing : html`<dt>${t('knowledge.became')}</dt><dd>${t('knowledge.became_text', {helped: count(shop.helped), unhelped: count(shop.unhelped), done: count(shop.done), marked: count(shop.marked_wrong)})}</dd>`}</dl></section>
      <section class="card flush" id="unanswered"><header><h2>${t('knowledge.unanswered')}</h2></header>
        ${card.not_understood.length === 0 ? html`<p class="tablereading muted">${t('knowledge.none_unanswered')}</p>` : dataTable(t('knowledge.unanswered'), [
          {head: t('knowledge.times'), number: true, cell: (row: AssistantCard['not_understood'][number]) => count(row.count)},
          {head: t('knowledge.question'), cell: (row) => row.text ?? t('knowledge.hidden')},
          {head: '', cell: (row) => (row.text && may('publish') ? html`<button class="button tiny" @click=${() => (this.editing = {questions: [row.text!]})}>${t('knowledge.make')}</button>` : nothing)},
        ], card.not_understood)}</section>`;
  }
  private contradicted(rows: readonly Contradiction[]): TemplateResult {
    return html`<section class="card flush" id="contradictions"><header><h2>${t('knowledge.contradictions')}</h2></header>
      ${rows.length === 0 ? html`<p class="tablereading muted">${t('knowledge.no_contradictions')}</p>` : dataTable(t('knowledge.contradictions'), [
        {head: t('knowledge.answer'), cell: (row: Contradiction) => this.edit(row.answer)},
        {head: t('knowledge.why'), cell: (row) => named('contradiction', row.kind)},
        {head: t('knowledge.states'), cell: (row) => row.stated || '–'},
        {head: t('knowledge.but'), cell: (row) => html`${row.against ? html`<strong>${row.against}</strong> ` : nothing}<span class="muted">${row.kind === 'other_answer' ? this.edit(row.other) : row.other}${row.parameter ? ` · ${row.parameter}` : ''}</span>`},
      ], rows)}</section>`;
  }
  private list(answers: readonly KnownAnswer[]): TemplateResult {
    const state = this.place.query.get('state') ?? '';
    return html`<section class="card flush" id="answers"><header><h2 class="grow">${t('knowledge.answers')}</h2>
        ${may('publish') ? html`<button class="button main" @click=${() => (this.editing = {})}>${icon('plus', 16)}${t('knowledge.new')}</button>` : nothing}</header>
      <form class="row filterform tablereading" role="search" @submit=${this.search}><label class="field grow"><span class="label">${t('knowledge.search')}</span><input class="input" type="search" name="words" .value=${this.words}></label>
        <nav class="row" aria-label=${t('knowledge.state')}>${['', ...kStates].map((one) => html`<a class="chip" href=${one ? `/desk/knowledge?state=${one}` : '/desk/knowledge'} aria-current=${one === state ? 'true' : nothing}>${one ? named('knowledgestate', one) : t('knowledge.all')}</a>`)}</nav></form>
      ${answers.length === 0 ? emptyState(t('knowledge.none'), t('knowledge.none_text'), nothing, 'chat') : dataTable(t('knowledge.answers'), [
        {head: t('knowledge.question'), cell: (row: KnownAnswer) => html`<strong>${wordingFor(row.questions, currentLanguage()) ?? row.id}</strong>${row.questions.length > 1 ? html` <span class="muted small">+${row.questions.length - 1}</span>` : nothing}<div class="small soft twolines">${textOf(row)}</div>`},
        {head: t('knowledge.about'), cell: (row) => row.product_id || row.category || (row.intent ? named('intent', row.intent) : t('knowledge.shop'))},
        {head: t('knowledge.state'), cell: (row) => html`<span class="chip ${row.state === 'standing' ? 'good' : ''}">${named('knowledgestate', row.state)}</span>`},
        {head: '', cell: (row) => (may('publish') ? html`<button class="button quiet tiny" aria-label="${t('knowledge.edit')} ${row.id}" @click=${() => (this.editing = row)}>${t('knowledge.edit')}</button>` : nothing)},
      ], answers)}</section>`;
  }
  override render(): TemplateResult {
    return html`<div class="stack">${loaded(this.answers, ({answers}) => this.list(answers), 8)}${loaded(this.against, ({contradictions}) => this.contradicted(contradictions), 3)}
      ${loaded(this.card, (card) => this.figures(card), 6)}</div>
      ${this.editing ? html`<rp-knowledge-form .answer=${this.editing} @saved=${this.saved} @done=${() => (this.editing = undefined)}></rp-knowledge-form>` : nothing}`;
  }
}
