import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type Journey, readAreas, readJourney} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {cssVars} from '../../ui/css_vars';
import {saveExcel} from '../../ui/excel';
import {count, duration, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {setFilters} from '../../ui/navigate';
import {emptyState, loaded, pageHead} from '../../ui/parts';
import {Screen} from '../../ui/view';
import {heatMap} from './heat';

/** A form or a code of a refused payment in words; a term is itself. */
const saidWhere = (kind: string, where: string): string =>
  kind === 'form_abandoned' ? named('value.form', where) : kind === 'payment_failed' ? named('value.code', where) : where;

type Step = Journey['phases'][number]['steps'][number];

const kDays = [7, 30, 90];

/** Pre-sale, sale, after-sale: how many, how long, where they left, what was in the way, and what held their eyes. */
@customElement('rp-journey')
export class JourneyScreen extends Screen {
  private readonly journey = new Load(this, () => `${this.days()}`, (signal) => readJourney(this.days(), signal));
  private readonly areas = new Load(this, () => `page ${this.filter('page')}`, (signal) => readAreas(this.filter('page'), signal));

  private days(): number {
    const asked = Number(this.filter('days'));
    return kDays.includes(asked) ? asked : 30;
  }

  private step(step: Step, worst: Step | undefined): TemplateResult {
    const left = t(step.step === 'signed' ? 'journey.not_again' : 'journey.left', {n: count(step.left), share: percent(step.left_rate, 0)});
    return html`<li class="journeystep ${step === worst ? 'worst' : ''}"><h3>${named('step', step.step)}</h3>
      <p class="bignumber">${step.drill ? html`<a href=${step.drill}>${count(step.customers)}</a>` : count(step.customers)}</p>
      <p class="small muted">${t('journey.events', {n: count(step.events)})}</p>
      ${step.median_seconds_to_next === null ? nothing : html`<p class="small">${t('journey.to_next', {time: duration(step.median_seconds_to_next)})}</p>`}
      ${step.left_rate === null ? nothing : html`<p class="small left">${step.left_drill ? html`<a class="plain" href=${step.left_drill}>${left}</a>` : left}</p>
        <i class="bar" ${cssVars({'--share': `${step.left_rate * 100}%`, '--tone': 'var(--bad)'})}></i>`}</li>`;
  }

  private map(journey: Journey): TemplateResult {
    // After the sale nobody is lost who has just not bought again yet.
    const worst = journey.phases.filter(({phase}) => phase !== 'after_sale').flatMap((phase) => phase.steps).filter((step) => step.left_rate !== null && step.customers > 0).sort((a, b) => (b.left_rate ?? 0) - (a.left_rate ?? 0))[0];
    return html`<p class="reading">${worst ? t('journey.reading', {step: named('step', worst.step), share: percent(worst.left_rate, 0)}) : t('journey.quiet')}</p>
      <div class="phases">${journey.phases.map((phase) => html`<section class="card phase" data-phase=${phase.phase}><header><h2>${named('phase', phase.phase)}</h2></header>
        <ol class="journeysteps">${phase.steps.map((step) => this.step(step, worst))}</ol></section>`)}</div>
      <section class="card"><header><h2>${t('journey.friction')}</h2></header>${journey.friction.length === 0 ? emptyState(t('journey.no_friction'), nothing, nothing, 'check')
        : html`<ul class="lines">${journey.friction.map((one) => html`<li class="row spread" data-friction=${one.kind}><span>${icon('warning', 16)} ${named('friction', one.kind)} <span class="muted">${saidWhere(one.kind, one.where)}</span></span>
          ${one.drill ? html`<a href=${one.drill}>${count(one.count)}</a>` : count(one.count)}</li>`)}</ul>`}</section>`;
  }

  private readonly excel = (): void => {
    const rows = (this.journey.value?.phases ?? []).flatMap(({phase, steps}) => steps.map((step) =>
      [named('phase', phase), named('step', step.step), step.customers, step.events, step.median_seconds_to_next, step.left]));
    void saveExcel('journey', ['phase', 'step', 'customers', 'events', 'median_seconds_to_next', 'left'], rows);
  };

  override render(): TemplateResult {
    const actions = html`<div class="row noprint" role="group" aria-label=${t('overview.period')}>${kDays.map((days) => html`<button class="button tiny" aria-pressed=${days === this.days()}
        @click=${() => setFilters({days: days === 30 ? '' : String(days)})}>${t('time.days', {n: days})}</button>`)}</div>
      <button class="button" @click=${() => window.print()}>${icon('print', 16)}${t('action.print')}</button>
      <button class="button" ?disabled=${!this.journey.value} @click=${this.excel}>${icon('download', 16)}${t('action.excel')}</button>`;
    return html`${pageHead(t('nav.journey'), t('journey.lead'), actions)}${loaded(this.journey, (journey) => this.map(journey), 12)}
      ${this.journey.value ? html`<section class="card stack"><header><h2>${t('journey.heat')}</h2><p>${t('journey.heat_text')}</p></header>${loaded(this.areas, (areas) => heatMap(areas, (page) => setFilters({page})), 6)}</section>` : nothing}`;
  }
}
