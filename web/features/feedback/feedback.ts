import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {named, t} from '../../i18n/i18n';
import {pageHead, tabs} from '../../ui/parts';
import {Screen} from '../../ui/view';
import './answers';
import './list';
import './pains';

const kPages = ['voices', 'pains', 'answers'] as const;

/** What customers say: every voice by itself, and what they complain of together. */
@customElement('rp-feedback')
export class FeedbackScreen extends Screen {
  override render(): TemplateResult {
    const page = kPages.find((one) => one === this.place.params['page']) ?? 'voices';
    return html`${pageHead(t('feedback.title'), named('feedbacklead', page))}
      ${tabs(t('feedback.title'), kPages.map((one) => ({href: one === 'voices' ? '/feedback' : `/feedback/${one}`, text: named('feedbackpage', one), current: one === page})))}
      ${page === 'answers' ? html`<rp-feedback-answers .place=${this.place}></rp-feedback-answers>` : page === 'pains' ? html`<rp-pains .place=${this.place}></rp-pains>` : html`<rp-feedback-list .place=${this.place}></rp-feedback-list>`}`;
  }
}
