import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property} from 'lit/decorators.js';

import type {Customer, Tag} from '../../api/customers';
import type {Nouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {cssVars} from '../../ui/css_vars';
import {moment, percent} from '../../ui/format';
import {saidTag} from '../../ui/said';
import {View} from '../../ui/view';
import './why';

/** The three layers of tags; every tag says why it is there. */
@customElement('rp-tags')
export class Tags extends View {
  @property({attribute: false}) customer!: Customer;
  @property({attribute: false}) nouns: Nouns | undefined;

  private tag(tag: Tag, scored: boolean): TemplateResult {
    const about = `${named('tag', tag.name)}: ${saidTag(this.nouns, tag.name, tag.value)}`;
    return html`<li class="tagline"><span class="small muted">${named('tag', tag.name)}</span>
      <a class="plain" href="/customers?tag=${encodeURIComponent(`${tag.name}:${tag.value}`)}" title=${t('tags.others')}>${saidTag(this.nouns, tag.name, tag.value)}</a>
      ${scored ? html`<span class="strength" title="${percent(tag.strength, 0)} · ${moment(tag.since)}"><i class="bar" ${cssVars({'--share': `${tag.strength * 100}%`})}></i></span>` : html`<span></span>`}
      <rp-why .customer=${this.customer.id} .tag=${tag.name} .about=${about}></rp-why></li>`;
  }

  private layer(title: string, tags: Tag[], scored: boolean, none: string): TemplateResult {
    return html`<div class="stack tight"><h3>${title}</h3>${tags.length === 0 ? html`<p class="small muted">${none}</p>`
      : html`<ul class="taglist">${tags.map((tag) => this.tag(tag, scored))}</ul>`}</div>`;
  }

  override render(): TemplateResult {
    const {base, behaviour, need} = this.customer.tags;
    return html`<section class="card"><header><h2>${t('tags.title')}</h2>${nothing}</header><div class="stack">
      ${this.layer(t('tags.base'), base, false, t('tags.no_base'))}
      ${this.layer(t('tags.behaviour'), behaviour, true, t('tags.no_behaviour'))}
      ${this.layer(t('tags.need'), need, true, t('tags.no_need'))}
    </div></section>`;
  }
}
