import {html, nothing, type TemplateResult} from 'lit';
import {state} from 'lit/decorators.js';

import {t} from '../../i18n/i18n';
import type {Problem, Result} from '../../model/result';
import '../../ui/dialog';
import {errorState, type Part} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {View} from '../../ui/view';

/** What the forms of policies share: a dialog, what keeps it from being published, and the publishing. Fires `saved` and `done`. */
export abstract class PolicyForm extends View {
  @state() private problem: Problem | undefined;
  @state() private busy = false;

  protected abstract heading(): string;
  /** In words; nothing when it may be published. */
  protected abstract fault(): string | undefined;
  protected abstract publish(): Promise<Result<unknown>>;
  protected abstract fields(): Part;

  private readonly submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (this.busy || this.fault()) return;
    this.busy = true;
    const got = await this.publish();
    this.busy = false;
    this.problem = got.ok ? undefined : got.error;
    if (!got.ok) return;
    toast(t('policies.published'));
    this.dispatchEvent(new CustomEvent('saved'));
  };

  /** A choice of words; the first of `options` stands for none. */
  protected choose(label: string, value: string, options: readonly [string, string][], change: (value: string) => void): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><select class="input" @change=${(event: Event) => change((event.target as HTMLSelectElement).value)}>
      ${options.map(([one, text]) => html`<option value=${one} ?selected=${one === value}>${text}</option>`)}</select></label>`;
  }
  protected write(label: string, value: string, change: (value: string) => void, size = 12, hint = ''): TemplateResult {
    return html`<label class="field"><span class="label">${label}</span><input class="input" size=${size} maxlength="400" placeholder=${hint} .value=${value} @input=${(event: Event) => change((event.target as HTMLInputElement).value)}></label>`;
  }
  protected calendarChoice(none: string, names: readonly string[]): [string, string][] {
    return [['', none], ...names.map((name): [string, string] => [name, name])];
  }

  override render(): TemplateResult {
    const fault = this.fault();
    return html`<rp-dialog wide heading=${this.heading()} @done=${() => this.dispatchEvent(new CustomEvent('done'))}
      .body=${html`<form class="stack" id="policyform" @submit=${this.submit}>${this.problem ? errorState(this.problem) : nothing}${this.fields()}</form>`}
      .foot=${html`${fault ? html`<span class="small wrongly grow" role="status">${fault}</span>` : nothing}<button class="button main" form="policyform" ?disabled=${this.busy || fault !== undefined}>${t('policies.publish')}</button>`}></rp-dialog>`;
  }
}
