import {html, type TemplateResult} from 'lit';

import {currentLanguage, named, t} from '../../i18n/i18n';
import type {Parcel} from '../../model/parcels';
import {regionName} from '../../model/regions';
import {timeLeft} from '../../ui/format';
import {tabs} from '../../ui/parts';

/** What parcels and returns are called, wherever they are told of. */

export const goodsTabs = (current: 'parcels' | 'returns' | 'rules'): TemplateResult => tabs(t('parcels.title'), [
  {href: '/parcels', text: t('parcels.queue'), current: current === 'parcels'}, {href: '/returns', text: t('returns.title'), current: current === 'returns'},
  {href: '/parcels/policy', text: t('parcels.rules'), current: current === 'rules'}]);

export const nodeChip = ({node}: Pick<Parcel, 'node'>): TemplateResult =>
  html`<span class="chip ${node === 'exception' ? 'bad' : node === 'signed' ? 'good' : ''}">${named('state', node)}</span>`;

/** Who carries it, and where to. */
export const wayText = ({carrier, region}: Pick<Parcel, 'carrier' | 'region'>): string => [carrier, region && regionName(region, currentLanguage())].filter(Boolean).join(' · ');

/** How far it is behind its promise, or how long it has. */
export function promiseText(behind_ms: number, done: boolean): string {
  const length = timeLeft(Math.abs(behind_ms) / 1000);
  if (behind_ms > 0) return t(done ? 'parcels.was_late' : 'parcels.is_late', {length});
  return t(done ? 'parcels.was_early' : 'parcels.has_left', {length});
}

const kReturnTones: Readonly<Record<string, string>> = {under_review: 'warn', rejected: 'bad', refunded: 'good', closed: ''};
export const returnChip = (state: string): TemplateResult => html`<span class="chip ${kReturnTones[state] ?? ''}">${named('state', state)}</span>`;
