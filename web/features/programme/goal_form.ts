import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {type Goal, publishGoal} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {kUnits} from '../../model/goals';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {errorState} from '../../ui/parts';
import {View} from '../../ui/view';

const kDepartments = ['marketing', 'sales', 'product', 'service', 'after-sale', 'logistics', 'data', 'technology'];

/** A goal, changed or new; published whole. */
@customElement('rp-goal-form')
export class GoalForm extends View {
  @property({attribute: false}) goal: Goal | undefined;
  @property({attribute: false}) metrics: string[] = [];
  @state() private problem: Problem | undefined;

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const body: Record<string, unknown> = {name: text('name'), metric: text('metric'), department: text('department'), owner: text('owner')};
    for (const name of ['baseline', 'target']) if (text(name)) body[name] = Number(text(name));
    if (text('due')) body['due'] = `${text('due')}T00:00:00Z`;
    const unit = (this.goal?.metric === body['metric'] ? this.goal?.unit : undefined) ?? kUnits[text('metric')];
    if (unit) body['unit'] = unit;
    if (this.goal?.reviews) body['reviews'] = this.goal.reviews;
    const id = this.goal?.id ?? `g-${Date.now().toString(36)}`;
    const got = await publishGoal(id, body);
    if (got.ok) this.dispatchEvent(new CustomEvent('saved'));
    else this.problem = got.error;
  };

  private field(name: string, value: unknown, type: string, required = false): TemplateResult {
    return html`<div class="field"><label for="goal-${name}">${named('goal', name)}</label>
      <input class="input" id="goal-${name}" name=${name} type=${type} step="any" ?required=${required} maxlength="200" .value=${String(value ?? '')}></div>`;
  }
  private choice(name: string, options: string[], chosen: string | undefined, prefix: string): TemplateResult {
    return html`<div class="field"><label for="goal-${name}">${named('goal', name)}</label><select class="input" id="goal-${name}" name=${name}>
      ${options.map((option) => html`<option value=${option} ?selected=${option === chosen}>${named(prefix, option)}</option>`)}</select></div>`;
  }

  override render(): TemplateResult {
    const goal = this.goal;
    const title = goal ? (named('goalname', goal.id) === goal.id ? goal.name : named('goalname', goal.id)) : t('goal.new');
    return html`<rp-dialog heading=${title} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="goalform" @submit=${this.save}>${this.problem ? errorState(this.problem) : nothing}
        ${this.field('name', goal?.name, 'text', true)}${this.choice('metric', this.metrics, goal?.metric, 'tile')}${this.choice('department', kDepartments, goal?.department, 'department')}
        ${this.field('owner', goal?.owner, 'text')}${this.field('baseline', goal?.baseline, 'number')}${this.field('target', goal?.target, 'number', true)}${this.field('due', goal?.due?.slice(0, 10), 'date')}</form>`}
      .foot=${html`<button class="button main" form="goalform">${t('action.save')}</button>`}></rp-dialog>`;
  }
}
