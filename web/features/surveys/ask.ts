import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {readSegments, type Segment} from '../../api/segments';
import {type Invitations, inviteToSurvey, makeSurveyLink, type SurveyLink} from '../../api/surveys';
import {named, t} from '../../i18n/i18n';
import type {Problem} from '../../model/result';
import type {Survey} from '../../model/survey';
import {count, day} from '../../ui/format';
import {Load} from '../../ui/load';
import {dataTable, errorState} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kChannels = ['email', 'sms', 'app', 'mini_program', 'phone', 'link'];

/** The ways to ask: a link with its QR code, and invitations that keep within the limits. Fires `asked`. */
@customElement('rp-survey-ask')
export class SurveyAsk extends View {
  @property({attribute: false}) survey!: Survey;
  @property() surveyId = '';
  @state() private link: SurveyLink | undefined;
  @state() private invitations: Invitations | undefined;
  @state() private problem: Problem | undefined;
  private readonly segments = new Load<{segments: Segment[]}>(this, () => 'all', readSegments);

  private readonly publishLink = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const label = String(form.get('label') ?? '').trim();
    const days = Number(form.get('days') ?? 14);
    const got = await makeSurveyLink(this.surveyId, {...(label ? {label} : {}), ...(form.has('single') ? {single: true} : {}), days});
    this.problem = got.ok ? undefined : got.error;
    if (got.ok) this.link = got.value;
  };
  private readonly invite = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const text = (name: string): string => String(form.get(name) ?? '').trim();
    const whom = text('customer') ? {customer: text('customer')} : {segment: text('segment'), most: Number(text('most') || '100')};
    const got = await inviteToSurvey(this.surveyId, {...whom, channel: text('channel'), ...(form.has('reminder') ? {reminder: true} : {}), ...(form.has('send') ? {send: true} : {})});
    this.problem = got.ok ? undefined : got.error;
    this.invitations = got.ok ? got.value : undefined;
    if (got.ok) this.dispatchEvent(new CustomEvent('asked'));
  };
  private readonly copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(this.address());
    toast(t('action.copied'));
  };
  private address(): string {
    return this.link ? new URL(this.link.path, window.location.origin).href : '';
  }

  private linked(link: SurveyLink): TemplateResult {
    return html`<div class="qr row" role="status"><img src=${link.qr} width="168" height="168" alt=${t('surveys.qr')}><div class="stack tight grow"><p><a href=${link.path} target="_blank" rel="noopener"><code>${this.address()}</code></a></p>
      <p class="muted small">${t('surveys.until', {when: day(link.expires_at)})}</p><p class="row"><button type="button" class="button tiny" @click=${this.copy}>${t('action.copy')}</button><a class="button tiny" href=${link.qr} download="${this.surveyId}.svg">${t('surveys.qr_save')}</a></p></div></div>`;
  }
  private outcome(invitations: Invitations): TemplateResult {
    const refused = new Map<string, number>();
    for (const {code} of invitations.refused) refused.set(code, (refused.get(code) ?? 0) + 1);
    const lines = [...refused].map(([code, n]) => ({code, n}));
    const left = invitations.invited.filter((one) => one.sent_by !== '').length;
    return html`<div class="stack tight" role="status"><p><strong>${t('surveys.sent', {n: count(invitations.invited.length), refused: count(invitations.refused.length)})}</strong>${left ? html` ${t('surveys.left', {n: count(left)})}` : nothing}</p>
      ${lines.length ? dataTable(t('surveys.refused'), [{head: t('surveys.refused'), cell: (row: {code: string; n: number}) => named('askrefused', row.code)}, {head: t('surveys.how_many'), number: true, cell: (row: {code: string; n: number}) => count(row.n)}], lines) : nothing}
      ${invitations.invited.length && invitations.invited.length <= 20 ? html`<ul class="lines small">${invitations.invited.map((one) => html`<li class="row spread"><a href="/customers/${one.customer}">${one.customer}</a><code>${new URL(one.path, window.location.origin).href}</code></li>`)}</ul>` : nothing}</div>`;
  }

  override render(): TemplateResult {
    return html`<div class="grid two">
      <form class="card stack" @submit=${this.publishLink}><header><h2>${t('surveys.link')}</h2><p>${t('surveys.link_text')}</p></header>
        <div class="fields"><div class="field"><label for="link-label">${t('surveys.link_label')}</label><input class="input" id="link-label" name="label" maxlength="60" autocomplete="off"></div>
        <div class="field"><label for="link-days">${t('surveys.link_days')}</label><input class="input" id="link-days" name="days" type="number" min="1" max="365" value="14"></div></div>
        <label class="check"><input type="checkbox" name="single">${t('surveys.single')}</label>
        <p><button class="button main">${t('surveys.make_link')}</button></p>${this.link ? this.linked(this.link) : nothing}</form>
      <form class="card stack" @submit=${this.invite}><header><h2>${t('surveys.invite')}</h2><p>${t('surveys.invite_text')}</p></header>
        <div class="fields"><div class="field"><label for="invite-segment">${t('filter.segment')}</label><select class="input" id="invite-segment" name="segment">${(this.segments.value?.segments ?? []).map(({name, members}) => html`<option value=${name}>${named('class', name)} (${count(members)})</option>`)}</select></div>
        <div class="field"><label for="invite-most">${t('surveys.most')}</label><input class="input" id="invite-most" name="most" type="number" min="1" max="1000" value="100"></div>
        <div class="field"><label for="invite-customer">${t('surveys.or_customer')}</label><input class="input" id="invite-customer" name="customer" autocomplete="off" placeholder="c_17"></div>
        <div class="field"><label for="invite-channel">${t('consent.channel')}</label><select class="input" id="invite-channel" name="channel">${kChannels.map((name) => html`<option value=${name}>${named('askchannel', name)}</option>`)}</select></div></div>
        <label class="check"><input type="checkbox" name="reminder">${t('surveys.reminder')}</label>
        <label class="check"><input type="checkbox" name="send">${t('surveys.send')}</label><p class="muted small">${t('surveys.send_text')}</p>
        <p><button class="button main">${t('surveys.invite_now')}</button></p>${this.invitations ? this.outcome(this.invitations) : nothing}</form></div>
      ${this.problem ? errorState(this.problem) : nothing}`;
  }
}
