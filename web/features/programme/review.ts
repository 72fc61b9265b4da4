import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {shopNow} from '../../api/clock';
import {type Goal, publishGoal} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {kVerdicts, monthOf, type Review, reviewOf, suggested, type Verdict, withReview} from '../../model/review';
import type {Problem} from '../../model/result';
import '../../ui/dialog';
import {figure} from '../../ui/figure';
import {errorState} from '../../ui/parts';
import {View} from '../../ui/view';

const kYear_ms = 365 * 86_400_000;

/** What a goal is published with: its own members, not what was measured. */
export function bodyOf(goal: Goal): Record<string, unknown> {
  const {actual, series, reason, id, ...body} = goal;
  void [actual, series, reason, id];
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== null && value !== undefined));
}

/** The month's review of all goals: the figure, what it suggests, and what the people say. Fires `saved` and `done`. */
@customElement('rp-review')
export class ReviewDialog extends View {
  @property({attribute: false}) goals: Goal[] = [];
  @property({attribute: false}) name: (goal: Goal) => string = (goal) => goal.name;
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  private readonly save = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const month = monthOf(shopNow());
    this.busy = true;
    this.problem = undefined;
    for (const goal of this.goals) {
      const review: Review = {month, verdict: String(form.get(`verdict-${goal.id}`)) as Verdict, note: String(form.get(`note-${goal.id}`) ?? '').trim(), actual: goal.actual};
      const got = await publishGoal(goal.id, {...bodyOf(goal), reviews: withReview(goal.reviews, review)});
      if (got.ok) continue;
      this.problem = got.error;
      this.busy = false;
      return;
    }
    this.busy = false;
    this.dispatchEvent(new CustomEvent('saved'));
  };

  private goal(goal: Goal): TemplateResult {
    const now = shopNow();
    const before = reviewOf(goal, monthOf(now));
    const due = goal.due ? Date.parse(goal.due) : NaN;
    const verdict = before?.verdict ?? suggested(goal, now, Number.isFinite(due) ? due - kYear_ms : now);
    return html`<fieldset class="stack tight reviewed"><legend><strong>${this.name(goal)}</strong></legend>
      <p class="small soft">${t('review.figures', {actual: figure(goal.actual, goal.unit), baseline: figure(goal.baseline, goal.unit), target: figure(goal.target, goal.unit)})}</p>
      <div class="row"><label class="field"><span class="label">${t('review.verdict')}</span><select class="input" name="verdict-${goal.id}">
          ${kVerdicts.map((one) => html`<option value=${one} ?selected=${one === verdict}>${named('verdict', one)}</option>`)}</select></label>
        <label class="field grow"><span class="label">${t('review.note')}</span><input class="input" name="note-${goal.id}" maxlength="500" .value=${before?.note ?? ''}></label></div></fieldset>`;
  }

  override render(): TemplateResult {
    return html`<rp-dialog wide heading=${t('review.title', {month: monthOf(shopNow())})} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="reviewform" @submit=${this.save}>${this.problem ? errorState(this.problem) : nothing}
        <p class="soft">${t('review.lead')}</p>${this.goals.map((goal) => this.goal(goal))}</form>`}
      .foot=${html`<button class="button main" form="reviewform" ?disabled=${this.busy}>${t('review.save')}</button>`}></rp-dialog>`;
  }
}
