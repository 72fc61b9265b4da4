import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readLabels} from '../../api/customers';
import {readPains} from '../../api/feedback';
import {readNouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {kFeedbackClasses, type Pain, type Pains} from '../../model/feedback';
import {may} from '../../shell/session';
import {cssVars} from '../../ui/css_vars';
import {ago, count, decimal, moment, shortLabel} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {productName} from '../../ui/nouns';
import {emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';

const kDays = ['28', '90', '180'] as const;
const kSorts = ['odds', 'rising'] as const;
/** Of standard errors: what the rate before does not explain. */
const kRising = 2;

/** What customers complain of in their own words, with its trend, what was said, and by whom. */
@customElement('rp-pains')
export class PainsPage extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly pains = new Load<Pains>(this, () => ['days', 'class', 'sort'].map((name) => this.filter(name)).join('/'), (signal) => readPains({days: this.filter('days'), class: this.filter('class'), sort: this.filter('sort')}, signal));
  private readonly labels = new Load(this, () => this.behind().join() || undefined, (signal) => readLabels(this.behind(), signal));

  private behind(): string[] {
    return [...new Set((this.pains.value?.pains ?? []).flatMap(({examples}) => examples.map(({customer}) => customer)))];
  }
  private pick(name: string, label: string, options: readonly [string, string][]): TemplateResult {
    const chosen = this.filter(name);
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${(event: Event) => setFilters({[name]: (event.target as HTMLSelectElement).value})}>
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></label>`;
  }

  private trend(pain: Pain, {recent_days: days}: Pains): TemplateResult {
    const most = Math.max(pain.recent, pain.expected, 1);
    const state = pain.burst ? 'burst' : pain.rise >= kRising ? 'rising' : pain.rise <= -kRising ? 'falling' : 'steady';
    return html`<div class="stack tight trend"><span class="chip ${state === 'burst' ? 'bad' : state === 'rising' ? 'warn' : state === 'falling' ? 'good' : ''}">${state === 'burst' || state === 'rising' ? icon('up', 13) : state === 'falling' ? icon('down', 13) : nothing}${named('paintrend', state)}</span>
      <div class="trendpair"><span class="small soft">${t('pains.recent', {n: count(pain.recent), days})}</span><i class="bar" ${cssVars({'--share': `${(pain.recent / most) * 100}%`, '--tone': 'var(--bad)'})}></i>
        <span class="small soft">${t('pains.expected', {n: decimal(pain.expected, 1)})}</span><i class="bar" ${cssVars({'--share': `${(pain.expected / most) * 100}%`, '--tone': 'var(--ink-3)'})}></i></div></div>`;
  }
  /** To all who said it, and to telling them what was done. */
  private ways({phrase}: Pain): TemplateResult | typeof nothing {
    const asked = new URLSearchParams({phrase});
    const told = new URLSearchParams({phrase, days: this.filter('days') || kDays[0]});
    return html`<span class="row">${may('reveal') ? html`<a class="button tiny" href="/feedback?${asked}" aria-label="${t('pains.all')} “${phrase}”">${t('pains.all')}</a>` : nothing}
      ${may('publish') ? html`<a class="button tiny" href="/feedback/answers?${told}" aria-label="${t('pains.answer')} “${phrase}”">${t('pains.answer')}</a>` : nothing}</span>`;
  }
  private pain(pain: Pain, answer: Pains): TemplateResult {
    return html`<article class="card stack painful"><header><h2>“${pain.phrase}”</h2>${this.ways(pain)}</header>
      <div class="grid two"><dl class="pairs small"><dt>${t('pains.n')}</dt><dd>${count(pain.n)}</dd><dt>${t('pains.customers')}</dt><dd>${count(pain.customers)}</dd><dt>${t('pains.others')}</dt><dd>${count(pain.others)}</dd><dt>${t('pains.odds')}</dt><dd>${t('pains.errors', {n: decimal(pain.odds, 1), word: named('painodds', pain.odds >= 4 ? 'far' : pain.odds >= 2 ? 'clear' : 'little')})}</dd></dl>${this.trend(pain, answer)}</div>
      <details><summary>${t('pains.examples', {n: pain.examples.length})}</summary><ul class="lines">${pain.examples.map((example) => html`<li><div class="row base"><a href="/customers/${example.customer}">${shortLabel(this.labels.value?.get(example.customer) ?? '') || example.customer}</a>
        ${example.product_id ? html`<span class="small soft">${productName(this.nouns.value, example.product_id)}</span>` : nothing}<time class="small muted" datetime=${example.at} title=${moment(example.at)}>${ago(example.at)}</time></div>
        <p class="saidtext">${example.text ?? html`<span class="muted small">${t('feedback.hidden')}</span>`}</p></li>`)}</ul></details></article>`;
  }

  override render(): TemplateResult {
    return html`<div class="row filterform" role="group" aria-label=${t('customers.filters')}>
        ${this.pick('days', t('pains.over'), kDays.map((n, i) => [i ? n : '', t('pains.last_days', {n})]))}
        ${this.pick('class', t('feedback.class'), [['', t('feedback.any')], ...kFeedbackClasses.map((one): [string, string] => [one, named('value.class', one)])])}
        ${this.pick('sort', t('pains.sort'), kSorts.map((one, i) => [i ? one : '', named('painsort', one)]))}</div>
      ${loaded(this.pains, (answer) => answer.pains.length === 0 ? emptyState(t('pains.none'), t('pains.none_text'), nothing, 'search')
        : html`<p class="reading">${t('pains.reading', {blamed: count(answer.blamed), clauses: count(answer.clauses), days: answer.days})}${answer.complete ? nothing : html` ${t('pains.partial')}`}</p>
          <div class="grid two">${answer.pains.map((pain) => this.pain(pain, answer))}</div><p class="small muted">${t('pains.method')}</p>`, 12)}`;
  }
}
