import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readRoster, readTeam} from '../../api/desk';
import {named, t} from '../../i18n/i18n';
import {type Card, type Member, standing, type Team} from '../../model/team';
import {count, timeLeft} from '../../ui/format';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {dataTable, emptyState, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {agentName, departmentName} from './names';

const kDays = [7, 30, 90] as const;

/** Load, lateness, times and satisfaction of the desk, and a card for each agent and department, held to the cases that they had. */
@customElement('rp-desk-team')
export class DeskTeam extends Screen {
  private readonly team = new Load<Team>(this, () => this.filter('days') || '30', (signal) => readTeam(Number(this.filter('days') || 30), signal));
  private readonly roster = new Load(this, () => 'all', readRoster);

  private card(card: Card | null, good: 'more' | 'less', percent: boolean): TemplateResult | typeof nothing {
    const says = standing(card, good);
    if (!card || says === 'unsaid') return html`<span class="small muted">${t('team.too_few', {n: card?.comparable ?? 0})}</span>`;
    const part = (value = 0): string => `${value > 0 ? '+' : ''}${(percent ? value * 100 : value).toFixed(1).replace(/^-0\.0$/, '0.0')}`;
    return html`<span class="teamcard"><span class="chip ${says === 'better' ? 'good' : says === 'worse' ? 'bad' : ''}">${named('team', says)}</span>
      <span class="small nowrap">${part(card.difference)} <span class="muted">[${part(card.low)}; ${part(card.high)}]</span></span></span>`;
  }
  private table(title: string, members: readonly Member[], name: (one: Member) => string): TemplateResult {
    return html`<section class="card flush teamtable"><header><h2>${title}</h2></header>${dataTable(title, [
      {head: t('team.who'), cell: (one: Member) => html`<strong>${name(one)}</strong>`},
      {head: t('team.tickets'), number: true, cell: (one) => count(one.tickets)},
      {head: t('team.open'), number: true, cell: (one) => count(one.open)},
      {head: t('team.late'), number: true, cell: (one) => count(one.late)},
      {head: t('team.hours'), number: true, cell: (one) => one.hours_mean?.toFixed(1) ?? '–'},
      {head: t('team.called'), number: true, cell: (one) => (one.called_back ? `${count(one.satisfied)} / ${count(one.called_back)}` : '–')},
      {head: t('team.card_late'), cell: (one) => this.card(one.card.late, 'less', true)},
      {head: t('team.card_hours'), cell: (one) => this.card(one.card.hours, 'less', false)},
      {head: t('team.card_satisfied'), cell: (one) => this.card(one.card.satisfied, 'more', true)},
    ], members)}</section>`;
  }
  private page(team: Team): TemplateResult {
    const roster = this.roster.value?.roster;
    const {whole} = team;
    const tile = (name: string, value: string): TemplateResult => html`<li class="card stack tight"><span class="small soft">${name}</span><strong class="bignumber">${value}</strong></li>`;
    return html`<div class="stack"><div class="row"><div class="chips" role="group" aria-label=${t('team.window')}>${kDays.map((days) => html`<button class="button" aria-pressed=${team.days === days} @click=${() => setFilters({days: days === 30 ? '' : String(days)})}>${t('team.days', {n: days})}</button>`)}</div></div>
      <ul class="plain teamtiles" aria-label=${t('team.whole')}>${tile(t('team.tickets'), count(whole.tickets))}${tile(t('team.open'), count(whole.open))}${tile(t('team.unassigned'), count(whole.unassigned))}${tile(t('team.late'), count(whole.late))}
        ${tile(t('team.hours'), whole.hours_mean?.toFixed(1) ?? '–')}${tile(t('team.answer'), whole.first_answer_s_median === null ? '–' : timeLeft(whole.first_answer_s_median))}${tile(t('team.called'), `${count(whole.satisfied)} / ${count(whole.called_back)}`)}</ul>
      ${whole.tickets === 0 ? emptyState(t('team.none'), t('team.none_text')) : html`${this.table(t('team.agents'), team.agents, (one) => agentName(roster, one.agent ?? ''))}${this.table(t('team.teams'), team.teams, (one) => departmentName(one.department ?? ''))}
        <p class="small soft">${t('team.method')}</p>`}</div>`;
  }
  override render(): TemplateResult {
    return html`${loaded(this.team, (team) => this.page(team), 12)}`;
  }
}
