import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {RapportElement} from './runtime/element';
import {messageDelivered, messageOpened, surveyAnswered, surveyShown} from './runtime/events';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';
import {answersOf, type AskedItem, type AskedSurvey, isAsked, ownItems, type SurveyAnswer, type SurveyItem, surveyText, versioned} from './survey_form';

export type {SurveyItem} from './survey_form';

type Key = 'send' | 'thanks' | 'title' | 'optional';
const kWords: Words<Key> = {
  title: ['两句话的问卷', '兩句話的問卷', 'A short question'],
  optional: ['（可不填）', '（可不填）', ' (optional)'],
  send: ['提交', '提交', 'Send'],
  thanks: ['收到了，谢谢。', '收到了，謝謝。', 'Received. Thank you.'],
};

/**
 * `<rapport-survey survey-id="nps" order-id="...">`: a questionnaire as the shop has published it, in the page's language. One that
 * is closed or was never published is not asked: the element stays empty. `.items` = [{item, scale: "0-10"|"1-5"|"text", text}] asks
 * a page's own questions instead. `<rapport-survey invited>` asks what this visitor was invited to by a message in the shop, and is
 * empty for everybody else. Event `rapport-survey-answered` {survey_id, answers}.
 */
@customElement('rapport-survey')
export class RapportSurvey extends RapportElement {
  @property({attribute: 'survey-id'}) surveyId = 'nps';
  @property({attribute: 'order-id'}) orderId = '';
  @property({type: Boolean}) invited = false;
  @property({attribute: false}) items: SurveyItem[] = [];
  @state() private survey?: AskedSurvey;
  @state() private given: SurveyAnswer[] = [];
  @state() private done = false;
  private message?: {decision_id: string; survey_id: string; invitation_id: string};
  private seen?: IntersectionObserver;

  static override styles = [kit, css`
    .scale { display: grid; grid-template-columns: repeat(auto-fit, minmax(44px, 1fr)); gap: 4px; max-width: 620px; }
    .scale label { position: relative; } .scale input { position: absolute; opacity: 0; inset: 0; cursor: pointer; }
    .scale span { display: grid; place-items: center; min-height: 44px; border: 1px solid var(--line); border-radius: 10px; color: var(--ink); font-size: 1rem; margin: 0; }
    .scale input:checked + span { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 650; }
    .scale input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }
    .ends { display: flex; justify-content: space-between; max-width: 620px; font-size: .8125em; color: var(--soft); margin-top: 3px; }
    legend { font-weight: 600; margin-bottom: 6px; }
    .choices label { display: flex; gap: 8px; align-items: center; min-height: 36px; }
  `];

  protected override async load(): Promise<void> {
    if (this.invited && !await this.findMessage()) return;
    if (this.items.length === 0) {
      const got = await this.client?.get<{survey: AskedSurvey; version: number}>(`/v1/shop/surveys/${encodeURIComponent(this.surveyId)}`);
      if (!got?.ok) {
        if (got && got.error.status !== 404) this.failed = this.why(got.error);
        return;
      }
      this.survey = {...got.value.survey, version: got.value.version};
    }
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen?.disconnect();
      void this.write(surveyShown(this.surveyId));
      if (this.message) void this.write(messageOpened(this.message.decision_id));
    });
    this.seen.observe(this);
  }
  private async findMessage(): Promise<boolean> {
    if (!this.client) return false;
    const got = await this.client.me<{messages?: {decision_id: string; kind: string; survey_id: string; invitation_id: string}[]}>();
    this.message = got.ok ? got.value.messages?.find(({kind}) => kind === 'survey') : undefined;
    if (!this.message) return false;
    this.surveyId = this.message.survey_id;
    void this.write(messageDelivered(this.message.decision_id));
    return true;
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.seen?.disconnect();
  }

  private asked(): AskedItem[] {
    return this.items.length ? ownItems(this.items) : (this.survey?.items ?? []);
  }
  private answers(form: HTMLFormElement): SurveyAnswer[] {
    const filled = new FormData(form);
    return answersOf(this.asked(), (item) => String(filled.get(item) ?? ''));
  }
  private readonly look = (event: Event): void => {
    this.given = this.answers((event.currentTarget as HTMLFormElement));
  };
  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const answers = this.answers(event.target as HTMLFormElement);
    this.failed = '';
    if (!await this.write(surveyAnswered(this.surveyId, versioned(answers, this.survey?.version), this.orderId, this.message?.invitation_id))) return;
    this.done = true;
    this.tell('rapport-survey-answered', {survey_id: this.surveyId, answers});
  };

  private scale(one: AskedItem, must: boolean): TemplateResult {
    const [low, high] = [one.low ?? 1, one.high ?? 5];
    const [least, most] = [surveyText(one.low_label, this.language), surveyText(one.high_label, this.language)];
    return html`<div class="scale">${Array.from({length: high - low + 1}, (_, at) => html`<label>
        <input type="radio" name=${one.item} value=${low + at} ?required=${must}><span>${low + at}</span></label>`)}</div>
      ${least || most ? html`<div class="ends"><span>${least}</span><span>${most}</span></div>` : nothing}`;
  }
  private question(one: AskedItem): TemplateResult | typeof nothing {
    if (!isAsked(one, this.given)) return nothing;
    const must = one.required !== false;
    const words = `${surveyText(one.text, this.language)}${must ? '' : say(kWords, this.language, 'optional')}`;
    if (one.type === 'text') return html`<label><span>${words}</span><textarea name=${one.item} maxlength="1000" ?required=${must}></textarea></label>`;
    return html`<fieldset><legend>${words}</legend>${one.type === 'scale' ? this.scale(one, must) : html`<div class="choices">${(one.choices ?? []).map((choice) => html`<label>
      <input type="radio" name=${one.item} value=${choice.value} ?required=${must}>${surveyText(choice.text, this.language)}</label>`)}</div>`}</fieldset>`;
  }
  override render(): TemplateResult | typeof nothing {
    if (this.done) return html`<p class="note good" role="status">${surveyText(this.survey?.thanks, this.language) || say(kWords, this.language, 'thanks')}</p>`;
    const failed = this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing;
    if (this.asked().length === 0) return failed;
    const intro = surveyText(this.survey?.intro, this.language);
    return html`<form class="card stack" @input=${this.look} @submit=${this.send}><h2>${surveyText(this.survey?.title, this.language) || say(kWords, this.language, 'title')}</h2>
      ${intro ? html`<p>${intro}</p>` : nothing}${this.asked().map((one) => this.question(one))}
      ${failed}<p><button class="main">${say(kWords, this.language, 'send')}</button></p></form>`;
  }
}
