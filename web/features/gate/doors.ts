import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {addKey} from '../../api/data';
import type {Session} from '../../api/session';
import {t} from '../../i18n/i18n';
import {icon} from '../../ui/icons';
import {problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

const kDemo = `rapport simulate --customers 2000 --days 365 --out shop.jsonl
rapport import --data DIR --shop SHOP --recipe events-jsonl --shift-to-now shop.jsonl`;

/** The three ways of getting something to look at. */
@customElement('rp-doors')
export class Doors extends View {
  @property({attribute: false}) session!: Session;
  @state() private key = '';

  private readonly makeKey = async (): Promise<void> => {
    const got = await addKey('ingest', t('doors.key_label'));
    if (got.ok) this.key = got.value.key;
    else toast(problemText(got.error), {bad: true});
  };

  private curl(): string {
    return `curl -s -u ${this.key || 'WRITE_KEY'}: ${window.location.origin}/v1/track \\
  -H 'Content-Type: application/json' \\
  -d '{"userId":"ada","event":"Product Viewed","properties":{"product_id":"P1"}}'`;
  }
  private readonly copy = async (text: string): Promise<void> => {
    await navigator.clipboard?.writeText(text);
    toast(t('action.copied'));
  };

  override render(): TemplateResult {
    const demo = kDemo.replace('SHOP', this.session.shop ?? 'demo');
    return html`<div class="pagehead"><div><h1 tabindex="-1">${t('doors.title')}</h1><p>${t('doors.lead')}</p></div></div>
      <div class="grid three">
        <section class="card door">${icon('spark', 26)}<h2>${t('doors.demo')}</h2><p class="soft">${t('doors.demo_text')}</p>
          ${this.session.simulated ? html`<a class="button main" href="/overview">${t('doors.demo_open')}</a>`
            : html`<pre class="code">${demo}</pre><button class="button" @click=${() => void this.copy(demo)}>${icon('copy', 16)}${t('action.copy')}</button>`}</section>
        <section class="card door">${icon('download', 26)}<h2>${t('doors.file')}</h2><p class="soft">${t('doors.file_text')}</p>
          <a class="button main" href="/data/import">${t('doors.file_open')}</a></section>
        <section class="card door">${icon('data', 26)}<h2>${t('doors.event')}</h2><p class="soft">${t('doors.event_text')}</p>
          <pre class="code">${this.curl()}</pre>
          <div class="row">${this.key ? nothing : html`<button class="button" @click=${this.makeKey}>${icon('key', 16)}${t('doors.make_key')}</button>`}
            <button class="button" @click=${() => void this.copy(this.curl())}>${icon('copy', 16)}${t('action.copy')}</button>
            <a class="button quiet" href="/data/live">${t('doors.watch')}</a></div></section>
      </div>
      <p class="row"><a href="/overview">${t('doors.later')}</a> <a class="button" href="/overview?tours=1">${icon('spark', 16)}${t('tour.title')}</a></p>`;
  }
}
