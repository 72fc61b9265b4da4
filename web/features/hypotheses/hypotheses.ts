import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type Hypothesis, readHypotheses} from '../../api/loop';
import {metricName} from '../../ui/metric';
import {named, t} from '../../i18n/i18n';
import {columnOf, kColumns} from '../../model/hypotheses';
import {may} from '../../shell/session';
import {cssVars} from '../../ui/css_vars';
import {count, day} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';

/** The cards by how far they are: registered, running, due, decided. */
@customElement('rp-hypotheses')
export class Hypotheses extends Screen {
  private readonly cards = new Load(this, () => 'all', readHypotheses);

  private card(one: Hypothesis): TemplateResult {
    const assigned = one.assigned.control + one.assigned.treatment;
    const wanted = (one.per_arm ?? 0) * 2;
    return html`<li class="card stack tight"><p><a class="plain" href="/hypotheses/${encodeURIComponent(one.hypothesis_id)}"><strong>${t('hypotheses.sentence', {cause: one.if, effect: one.then})}</strong></a></p>
      <p class="small muted">${t('hypotheses.by', {when: day(one.by)})} · ${metricName(one.metric)}</p>
      ${one.verdict ? html`<p><span class="chip ${verdictTone(one.verdict.verdict)}">${named('verdictword', one.verdict.verdict)}</span></p>`
        : wanted ? html`<p class="small">${t('hypotheses.assigned', {n: count(assigned), wanted: count(wanted)})}</p><i class="bar" ${cssVars({'--share': `${Math.min(100, (assigned / wanted) * 100)}%`})}></i>` : nothing}
      ${one.enough === false ? html`<p class="small"><span class="chip warn">${t('hypotheses.too_few')}</span></p>` : nothing}</li>`;
  }

  override render(): TemplateResult {
    const actions = may('publish') ? html`<a class="button main" href="/hypotheses/new">${icon('plus', 16)}${t('hypotheses.new')}</a>` : nothing;
    return html`${pageHead(t('nav.hypotheses'), t('hypotheses.lead'), actions)}${loaded(this.cards, ({hypotheses}) => hypotheses.length === 0
      ? emptyState(t('hypotheses.none'), t('hypotheses.none_text'), nothing, 'hypotheses')
      : html`<div class="grid board">${kColumns.map((column) => {
        const cards = hypotheses.filter((one) => columnOf(one) === column);
        return html`<section class="stack tight"><h2>${named('hypothesisstate', column)} <span class="muted">${cards.length}</span></h2><ul class="stack">${cards.map((one) => this.card(one))}</ul></section>`;
      })}</div>`, 10)}`;
  }
}

export function verdictTone(verdict: string): string {
  return verdict === 'supported' ? 'good' : verdict === 'harmful' ? 'bad' : verdict === 'undecided' ? 'warn' : '';
}
