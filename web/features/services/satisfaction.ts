import {html, svg, type TemplateResult} from 'lit';

import type {ServiceCard} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {count, decimal} from '../../ui/format';
import {icon} from '../../ui/icons';

const kWidth = 300;

/** Users against non-users with the interval of the difference, and the warning that this is no effect. */
export function satisfaction(service: ServiceCard): TemplateResult {
  const told = service.satisfaction;
  if (!told) return html`<p class="small muted">${named('why_none', service.satisfaction_reason ?? '') || t('services.no_satisfaction')}</p>`;
  const reach = Math.max(0.5, Math.abs(told.ci_low), Math.abs(told.ci_high)) * 1.15;
  const x = (value: number): number => Math.round(((value + reach) / (2 * reach)) * kWidth);
  return html`<section class="stack tight"><h3>${t('services.satisfaction')}</h3>
    <p>${t('services.means', {users: decimal(told.users.mean, 2), n: count(told.users.n), others: decimal(told.non_users.mean, 2), m: count(told.non_users.n)})}</p>
    <svg class="interval" viewBox="0 0 ${kWidth} 34" role="img" aria-label=${t('services.interval', {difference: decimal(told.difference, 2), low: decimal(told.ci_low, 2), high: decimal(told.ci_high, 2)})}>
      ${svg`<line x1=${x(0)} x2=${x(0)} y1="2" y2="24" class="zero"></line><line x1=${x(told.ci_low)} x2=${x(told.ci_high)} y1="13" y2="13" class="range"></line>
        <circle cx=${x(told.difference)} cy="13" r="4.5"></circle><text x=${x(0)} y="33" text-anchor="middle">0</text>`}</svg>
    <p class="small">${t('services.interval', {difference: decimal(told.difference, 2), low: decimal(told.ci_low, 2), high: decimal(told.ci_high, 2)})}</p>
    <div class="note warn small">${icon('warning', 16)}<span>${t('services.no_effect')}</span></div></section>`;
}
