import {css, html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {RapportElement} from './runtime/element';
import {surveyAnswered, surveyShown} from './runtime/events';
import {kit} from './runtime/styles';
import {say, type Words} from './runtime/words';

export interface SurveyItem {
  item: string;
  scale: '0-10' | '1-5' | 'text';
  text: string;
}

type Key = 'nps' | 'csat' | 'contact' | 'delivery' | 'product' | 'price' | 'clarity' | 'speed' | 'expertise' | 'friendliness' | 'solved' | 'comment' | 'send' | 'thanks' | 'title'
  | 'low10' | 'high10' | 'low5' | 'high5';
const kWords: Words<Key> = {
  title: ['两句话的问卷', '兩句話的問卷', 'A short question'],
  nps: ['您有多大可能向朋友推荐我们？', '您有多大可能向朋友推薦我們？', 'How likely are you to recommend us to a friend?'],
  csat: ['这次购物您满意吗？', '這次購物您滿意嗎？', 'How satisfied are you with this purchase?'],
  contact: ['这次服务您满意吗？', '這次服務您滿意嗎？', 'How satisfied are you with this contact?'],
  delivery: ['送货', '送貨', 'Delivery'],
  product: ['商品', '商品', 'Product'],
  price: ['价格', '價格', 'Price'],
  clarity: ['页面说明', '頁面說明', 'Clarity of the page'],
  speed: ['响应速度', '回應速度', 'Speed of the answer'],
  expertise: ['专业程度', '專業程度', 'Expertise'],
  friendliness: ['态度', '態度', 'Friendliness'],
  solved: ['问题是否解决', '問題是否解決', 'Problem solved'],
  comment: ['为什么？（可不填）', '為什麼？（可不填）', 'Why? (optional)'],
  send: ['提交', '提交', 'Send'],
  thanks: ['收到了，谢谢。', '收到了，謝謝。', 'Received. Thank you.'],
  low10: ['不会', '不會', 'Not at all'],
  high10: ['一定会', '一定會', 'Certainly'],
  low5: ['很不满意', '很不滿意', 'Very dissatisfied'],
  high5: ['很满意', '很滿意', 'Very satisfied'],
};

/** The surveys that the sources name; a shop's own come by `.items`. */
const kSurveys: Record<string, [item: string, scale: SurveyItem['scale'], key: Key][]> = {
  nps: [['nps', '0-10', 'nps'], ['comment', 'text', 'comment']],
  order_csat: [['csat', '1-5', 'csat'], ['delivery', '1-5', 'delivery'], ['product', '1-5', 'product'], ['price', '1-5', 'price'], ['clarity', '1-5', 'clarity']],
  contact_csat: [['csat', '1-5', 'contact'], ['speed', '1-5', 'speed'], ['expertise', '1-5', 'expertise'], ['friendliness', '1-5', 'friendliness'], ['solved', '1-5', 'solved']],
};

/**
 * `<rapport-survey survey-id="nps" order-id="...">`: nps, order_csat, contact_csat, or `.items` = [{item, scale: "0-10"|"1-5"|"text", text}].
 * The first scale must be answered. Event `rapport-survey-answered` {survey_id, answers}.
 */
@customElement('rapport-survey')
export class RapportSurvey extends RapportElement {
  @property({attribute: 'survey-id'}) surveyId = 'nps';
  @property({attribute: 'order-id'}) orderId = '';
  @property({attribute: false}) items: SurveyItem[] = [];
  @state() private done = false;
  private seen?: IntersectionObserver;

  static override styles = [kit, css`
    .scale { display: grid; grid-template-columns: repeat(auto-fit, minmax(44px, 1fr)); gap: 4px; max-width: 620px; }
    .scale label { position: relative; } .scale input { position: absolute; opacity: 0; inset: 0; cursor: pointer; }
    .scale span { display: grid; place-items: center; min-height: 44px; border: 1px solid var(--line); border-radius: 10px; color: var(--ink); font-size: 1rem; margin: 0; }
    .scale input:checked + span { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); font-weight: 650; }
    .scale input:focus-visible + span { outline: 2px solid var(--accent); outline-offset: 2px; }
    .ends { display: flex; justify-content: space-between; max-width: 620px; font-size: .8125em; color: var(--soft); margin-top: 3px; }
    legend { font-weight: 600; margin-bottom: 6px; }
  `];

  protected override async load(): Promise<void> {
    this.seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      this.seen?.disconnect();
      void this.write(surveyShown(this.surveyId));
    });
    this.seen.observe(this);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.seen?.disconnect();
  }

  private questions(): SurveyItem[] {
    if (this.items.length) return this.items;
    return (kSurveys[this.surveyId] ?? []).map(([item, scale, key]) => ({item, scale, text: say(kWords, this.language, key)}));
  }
  private readonly send = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const answers = this.questions().flatMap(({item, scale}) => {
      const text = String(form.get(item) ?? '').trim();
      return text === '' ? [] : [{item, value: scale === 'text' ? text : Number(text)}];
    });
    this.failed = '';
    if (!await this.write(surveyAnswered(this.surveyId, answers, this.orderId))) return;
    this.done = true;
    this.tell('rapport-survey-answered', {survey_id: this.surveyId, answers});
  };
  private question(one: SurveyItem, first: boolean): TemplateResult {
    if (one.scale === 'text') return html`<label><span>${one.text}</span><textarea name=${one.item} maxlength="1000"></textarea></label>`;
    const [from, to] = one.scale === '0-10' ? [0, 10] : [1, 5];
    return html`<fieldset><legend>${one.text}</legend><div class="scale">${Array.from({length: to - from + 1}, (_, at) => html`<label>
        <input type="radio" name=${one.item} value=${from + at} ?required=${first}><span>${from + at}</span></label>`)}</div>
      <div class="ends" aria-hidden="true"><span>${say(kWords, this.language, to === 10 ? 'low10' : 'low5')}</span><span>${say(kWords, this.language, to === 10 ? 'high10' : 'high5')}</span></div></fieldset>`;
  }
  override render(): TemplateResult {
    if (this.done) return html`<p class="note good" role="status">${say(kWords, this.language, 'thanks')}</p>`;
    return html`<form class="card stack" @submit=${this.send}><h2>${say(kWords, this.language, 'title')}</h2>
      ${this.questions().map((one, at) => this.question(one, at === 0))}
      ${this.failed ? html`<p class="bad" role="alert">${this.failed}</p>` : nothing}<p><button class="main">${say(kWords, this.language, 'send')}</button></p></form>`;
  }
}
