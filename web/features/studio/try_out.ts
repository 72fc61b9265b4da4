import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {tryScene} from '../../api/studio';
import {t} from '../../i18n/i18n';
import type {ReplayAnswer} from '../../model/replay';
import type {Problem} from '../../model/result';
import {nounOf, type Scene} from '../../model/scene';
import {errorState} from '../../ui/parts';
import {View} from '../../ui/view';
import {replayed} from './replayed';

const kDays = 90;

/** The scene as it is being written, tried on what the published one showed, before any customer sees it. */
@customElement('rp-try-out')
export class TryOut extends View {
  @property({attribute: false}) scene!: Scene;
  @property({type: Boolean}) ready = false;
  @state() private answer: ReplayAnswer | undefined;
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  private readonly tryIt = async (): Promise<void> => {
    this.busy = true;
    const got = await tryScene(nounOf(this.scene), kDays);
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    this.answer = got.ok ? got.value : undefined;
  };
  override willUpdate(changed: Map<string, unknown>): void {
    // What was tried is not what stands here any more.
    if (changed.has('scene') && changed.get('scene') !== undefined) this.answer = undefined;
  }

  override render(): TemplateResult {
    return html`<section class="card stack"><header><h2>${t('replay.try')}</h2><p>${t('replay.try_hint')}</p></header>
      <p><button type="button" class="button" ?disabled=${!this.ready || this.busy} @click=${this.tryIt}>${t('replay.try_now')}</button></p>
      ${this.problem ? errorState(this.problem) : nothing}${this.answer ? replayed(this.answer) : nothing}</section>`;
  }
}
