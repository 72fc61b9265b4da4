import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {findAnswers, type FoundAnswer, type Tongue} from '../../api/knowledge';
import {t} from '../../i18n/i18n';
import {percent} from '../../ui/format';
import {Load} from '../../ui/load';
import {loaded} from '../../ui/parts';
import {View} from '../../ui/view';

/**
 * `<rp-knowledge-search product="P1" language="zh-Hans">`: looks what the shop answers, for whoever writes to a customer. Event
 * `chosen` {id, text} when one is to be put into the answer.
 */
@customElement('rp-knowledge-search')
export class KnowledgeSearch extends View {
  @property() product = '';
  @property() language: Tongue = 'zh-Hans';
  @property() question = '';
  @state() private words: string | undefined;
  private readonly found = new Load(this, () => this.words ?? (this.question || undefined), (signal) => findAnswers((this.words ?? this.question).slice(0, 60), this.product, this.language, signal));

  private readonly search = (event: SubmitEvent): void => {
    event.preventDefault();
    event.stopPropagation();
    this.words = String(new FormData(event.target as HTMLFormElement).get('words')).trim() || undefined;
  };
  private readonly choose = (one: FoundAnswer): void => {
    this.dispatchEvent(new CustomEvent('chosen', {detail: {id: one.id, text: one.text}, bubbles: true}));
  };
  override render(): TemplateResult {
    return html`<form class="row" role="search" @submit=${this.search}><label class="field grow"><span class="label">${t('knowledge.search')}</span><input class="input" type="search" name="words" maxlength="60" .value=${this.words ?? this.question}></label>
        <button class="button">${t('knowledge.find')}</button></form>
      ${this.words || this.question ? loaded(this.found, ({answers}) => (answers.length === 0 ? html`<p class="small muted">${t('knowledge.none')}</p>`
        : html`<ul class="lines">${answers.map((one) => html`<li class="stack tight"><span class="small"><strong>${one.question}</strong> <span class="muted">${percent(one.match)}</span></span><span class="small">${one.text}</span>
          <div><button type="button" class="button tiny" aria-label="${t('knowledge.use')}: ${one.question}" @click=${() => this.choose(one)}>${t('knowledge.use')}</button></div></li>`)}</ul>`), 3) : nothing}`;
  }
}
