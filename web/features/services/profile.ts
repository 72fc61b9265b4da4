import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {type MeasuredValue, type ProfileEvidence, readServiceProfile, type ServiceProfile} from '../../api/packages';
import {readNouns} from '../../api/nouns';
import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {count, decimal, money, percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {serviceName} from '../../ui/nouns';
import {loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';

const kTone: Record<string, string> = {above: 'good', below: 'warn'};

/** One service held against the ordinary one on six dimensions: only what facts, surveys and studies say, each with n and interval. */
@customElement('rp-service-profile')
export class ServiceProfileScreen extends Screen {
  private readonly nouns = new Load(this, () => 'all', readNouns);
  private readonly profile = new Load<ServiceProfile>(this, () => this.place.params['id'] ?? '', (signal) => readServiceProfile(this.place.params['id'] ?? '', signal));

  private name(id: string): string {
    return this.nouns.value ? serviceName(this.nouns.value, id) : id;
  }
  private amount(value: number, unit: string): string {
    if (unit === 'share') return percent(value);
    return unit === 'currency' ? money(value, this.profile.value?.currency) : decimal(value, 2);
  }
  private measured(one: MeasuredValue | null, unit: string): TemplateResult {
    if (!one) return html`<span class="muted">–</span>`;
    return html`${this.amount(one.value, unit)} <span class="muted small">${t('report.between', {low: this.amount(one.ci_low, unit), high: this.amount(one.ci_high, unit)})} · n = ${count(one.n)}</span>`;
  }
  private evidence(one: ProfileEvidence): TemplateResult {
    return html`<li class="stack tight"><p class="row base"><span class="chip ${kTone[one.stand] ?? ''}">${named('stand', one.stand)}</span><span class="grow">${told(one.measure, currentLanguage())}</span><span class="muted small">${named('evidence', one.source)}</span></p>
      <p class="small">${t('profile.own')}: ${this.measured(one.own, one.unit)}${one.ordinary ? html` · ${t('profile.ordinary')}: ${this.measured(one.ordinary, one.unit)}` : nothing}</p>
      <p class="small soft">${t('profile.difference', {d: this.amount(one.difference, one.unit), low: this.amount(one.difference_low, one.unit), high: this.amount(one.difference_high, one.unit)})}</p></li>`;
  }
  override render(): TemplateResult {
    return loaded(this.profile, (profile) => html`<p><a href="/services/${encodeURIComponent(profile.service_id)}">${this.name(profile.service_id)}</a></p>
      ${profile.flag ? html`<div class="note bad" role="status">${icon('warning')}<div class="grow">${told(profile.flag.why, currentLanguage())}</div></div>` : nothing}
      <p class="soft">${t('profile.against')} ${told(profile.ordinary_text, currentLanguage())}: ${profile.ordinary.map((id) => this.name(id)).join(currentLanguage() === 'en' ? ', ' : '、') || '–'}</p>
      <div class="grid two">${profile.dimensions.map((one) => html`<section class="card stack tight"><header><h2>${told(one.title, currentLanguage())}</h2><span class="chip ${kTone[one.stand] ?? ''}">${named('stand', one.stand)}</span></header>
        ${one.evidence.length === 0 ? html`<p class="muted small">${named('profilehow', one.dimension)}</p>` : html`<ul class="lines">${one.evidence.map((each) => this.evidence(each))}</ul>`}</section>`)}</div>`, 14);
  }
}
