import {html, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {addKey} from '../../api/data';
import {currentLanguage, t} from '../../i18n/i18n';
import {may} from '../../shell/session';
import {saidIn, stories, type Story} from '../../tour/story';
import '../../ui/dialog';
import {problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

/** The stories to choose from. Fires `chosen` with the id of one that plays here, and `done` when it closes. */
@customElement('rp-tour-menu')
export class TourMenu extends View {
  @state() private busy = false;

  private close(): void {
    this.dispatchEvent(new CustomEvent('done'));
  }
  private readonly choose = (story: Story): void => {
    if (story.where === 'shop') {
      void this.openShop(story);
      return;
    }
    this.dispatchEvent(new CustomEvent('chosen', {detail: story.id}));
  };
  /** The storefront writes by a public key of its own; one is made for this visit. */
  private async openShop(story?: Story): Promise<void> {
    const tab = window.open('', '_blank');
    this.busy = true;
    const got = await addKey('public', t('tour.key_label'));
    this.busy = false;
    if (!got.ok) {
      tab?.close();
      toast(problemText(got.error), {bad: true});
      return;
    }
    const address = `/shop?key=${encodeURIComponent(got.value.key)}${story ? `&tour=${story.id}` : ''}`;
    if (tab) tab.location.href = address;
    else window.location.assign(address);
    this.close();
  }

  private list(where: Story['where']): TemplateResult {
    const language = currentLanguage();
    const shown = stories.filter((story) => story.where === where);
    const locked = where === 'shop' && !may('administer');
    return html`<ul class="lines">${shown.map((story) => html`<li class="row spread"><div class="grow"><strong>${saidIn(story.title, language)}</strong>
      <p class="small soft">${saidIn(story.about, language)}</p></div>
      <button class="button ${where === 'console' ? 'main' : ''}" ?disabled=${this.busy || locked} aria-label="${t('tour.play')}: ${saidIn(story.title, language)}"
        @click=${() => this.choose(story)}>${t('tour.play')}</button></li>`)}</ul>`;
  }

  override render(): TemplateResult {
    const body = html`<div class="stack"><p class="soft">${t('tour.lead')}</p>
      <section class="stack tight"><h3>${t('tour.console')}</h3>${this.list('console')}</section>
      <section class="stack tight"><div class="row spread"><h3>${t('tour.shop')}</h3>
        ${may('administer') ? html`<button class="button tiny" ?disabled=${this.busy} @click=${() => void this.openShop()}>${t('tour.open_shop')}</button>` : html`<span class="small muted">${t('tour.ask_key')}</span>`}</div>
        ${this.list('shop')}</section></div>`;
    return html`<rp-dialog wide heading=${t('tour.title')} .body=${body} @done=${() => this.close()}></rp-dialog>`;
  }
}
