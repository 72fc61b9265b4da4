import {html, nothing, type TemplateResult} from 'lit';
import {customElement, state} from 'lit/decorators.js';

import {publishRule, readSegments, type Segment as Rule} from '../../api/segments';
import {named, t} from '../../i18n/i18n';
import {isClass} from '../../model/classes';
import {kRuleExamples} from '../../model/rule_examples';
import {may} from '../../shell/session';
import {count} from '../../ui/format';
import {Load} from '../../ui/load';
import {go} from '../../ui/navigate';
import {classChip, loaded, pageHead, problemText} from '../../ui/parts';
import {toast} from '../../ui/toast';
import {Screen} from '../../ui/view';
import '../customers/why';
import './rule_field';
import type {RuleWritten} from './rule_field';

const kWait = 350;

/** One segment: its rule, edited with a live count and people it would hold; and why somebody is not in it. */
@customElement('rp-segment')
export class SegmentScreen extends Screen {
  @state() private text: string | undefined;
  @state() private newName = '';
  @state() private good = false;
  @state() private person = '';
  private shownFor = '';
  private readonly segments = new Load<{segments: Rule[]}>(this, () => 'segments', readSegments);

  private get isNew(): boolean {
    return this.place.params['name'] === 'new' && this.filter('write') !== '';
  }
  private get rule(): Rule | undefined {
    if (this.filter('write')) return undefined;
    return this.segments.value?.segments.find(({name}) => name === this.place.params['name']);
  }

  override willUpdate(): void {
    const name = this.place.params['name'] ?? '';
    if (!this.segments.value || this.shownFor === name) return;
    this.shownFor = name;
    this.text = this.rule?.rule ?? this.filter('rule');
  }

  private readonly written = (event: CustomEvent<RuleWritten>): void => {
    this.text = event.detail.text;
    this.good = event.detail.ok;
  };

  private readonly publish = async (): Promise<void> => {
    const name = this.rule?.name ?? this.newName.trim();
    if (!/^[a-z][a-z0-9_-]*$/.test(name)) {
      toast(t('rule.bad_name'), {bad: true});
      return;
    }
    const got = await publishRule(name, this.text ?? '');
    if (!got.ok) {
      toast(problemText(got.error), {bad: true});
      return;
    }
    toast(t('rule.published', {name, position: got.value.offset}));
    await this.segments.reload();
    go(`/segments/${encodeURIComponent(name)}`, {replace: true});
    // Everybody is looked at in slices; a moment later the count is the new rule's.
    setTimeout(() => void this.segments.reload(), kWait * 4);
  };

  private editor(): TemplateResult {
    const rule = this.rule;
    const locked = rule?.shipped || !may('publish');
    return html`<section class="card stack"><header><h2>${t('segments.rule')}</h2><p>${rule?.shipped ? t('rule.shipped') : t('rule.hint')}</p></header>
      ${rule ? nothing : html`<div class="field"><label for="newname">${t('segments.name')}</label><input class="input mono" id="newname" placeholder="cart_24h" .value=${this.newName}
        @input=${(event: Event) => (this.newName = (event.target as HTMLInputElement).value)}><span class="hint">${t('rule.name_hint')}</span></div>`}
      <rp-rule-field .text=${this.text ?? ''} @rule=${this.written}></rp-rule-field>
      <div class="row">${locked ? nothing : html`<button class="button main" ?disabled=${!this.good} @click=${this.publish}>${t('rule.publish')}</button>`}
        ${this.good ? html`<a class="button" href="/customers?condition=${encodeURIComponent(this.text ?? '')}">${t('rule.all')}</a>` : nothing}</div></section>`;
  }

  private examples(): TemplateResult {
    return html`<section class="card stack tight"><header><h2>${t('rule.try')}</h2></header><ul class="lines">${kRuleExamples.map((one) => html`<li>
      <button class="textbutton" @click=${() => (this.text = one.text)}>${t(one.title)}</button><br><code class="small muted">${one.text}</code></li>`)}</ul></section>`;
  }

  private whyNot(name: string): TemplateResult {
    return html`<section class="card stack tight"><header><h2>${t('rule.why_not')}</h2></header><p class="soft">${t('rule.why_not_text')}</p>
      <div class="row"><input class="input grow" aria-label=${t('rule.person')} placeholder="c_21 · phone:13912345678" @input=${(event: Event) => (this.person = (event.target as HTMLInputElement).value.trim())}>
      ${this.person ? html`<rp-why .customer=${this.person} .segment=${name} .label=${t('why.why_not')}></rp-why>` : nothing}</div></section>`;
  }

  override render(): TemplateResult {
    return html`${loaded(this.segments, () => {
      const rule = this.rule;
      if (!rule && !this.isNew) return html`${pageHead(t('lost.title'), t('lost.text'))}<p><a href="/segments">${t('nav.segments')}</a></p>`;
      const title = rule ? named('class', rule.name) : t('segments.write');
      const lead = rule ? html`${isClass(rule.name) ? classChip(rule.name, {main: true}) : nothing} <a href="/customers?segment=${encodeURIComponent(rule.name)}">${t('customers.found', {n: count(rule.members)})}</a>` : t('rule.lead');
      return html`${pageHead(title, lead)}<div class="grid side">${this.editor()}<div class="stack">${rule ? this.whyNot(rule.name) : nothing}${this.examples()}</div></div>`;
    })}`;
  }
}
