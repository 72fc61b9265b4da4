import type {Nouns} from '../api/nouns';
import {currentLanguage, fill, named, t} from '../i18n/i18n';
import {reasonParts} from '../model/reasons';
import {regionName} from '../model/regions';
import type {Telling} from '../model/timeline';
import {clockOf, tagValue} from '../model/tag_value';
import {decimal, duration, moment, money} from './format';
import {categoryName, productName, serviceName} from './nouns';
import {macroTitle, staffName} from './staff';

/** Values as a reader says them. Their words are those of i18n/values, which the screens that tell of events fetch. */

/** Of a product's own page, with its id. */
const kProductPath = /^(?:\/shop)?\/(?:product|products|p)\/([^/?#]+)$/;
const kMoney = new Set(['price', 'total', 'discount', 'coupon_value', 'amount', 'freight', 'shipping', 'tax', 'revenue']);

/** The word for a value of that name; the value itself where there is none. */
function word(name: string, value: string): string {
  if (value === 'true' || value === 'false') return named('value.truth', value);
  return named(`value.${name}`, value);
}

/** A reason of the engine's own in the reader's language; a code by its word, what somebody wants of the assistant, a person's own words. */
export function saidReason(reason: string): string {
  const parts = reasonParts(reason);
  if (!parts) return named('value.reason', reason) === reason ? named('intent', reason) : named('value.reason', reason);
  return parts.map(({key, fills}) => {
    const said = Object.entries(fills).map(([name, {kind, value}]) => [name, kind === 'clock' ? named('value.clock', value) : kind === 'class' ? named('value.class', value)
      : kind === 'moment' ? moment(value) : key === 'macro' ? macroTitle(value) : value]);
    return fill(named('reason', key), Object.fromEntries(said));
  }).join(t('said.comma'));
}

/** A property of an event: names for ids, words for states and kinds, money, moments of the clock. */
export function saidPart(nouns: Nouns | undefined, {name, value, currency}: Telling): string {
  if (name === 'product_id' || name === 'item') return productName(nouns, value);
  if (name === 'service_id') return serviceName(nouns, value);
  if (name === 'category') return categoryName(nouns, value);
  if (name === 'agent') return staffName(value);
  if (name === 'action') return named('act', value);
  if (name === 'reason') return saidReason(value);
  if (name === 'macro_id') return macroTitle(value);
  if (name === 'node' || name === 'state') return named('state', value);
  if (name === 'area') return named('area', value);
  if (name === 'region') return regionName(value, currentLanguage());
  if (name === 'path' && kProductPath.test(value)) return productName(nouns, decodeURIComponent(value.replace(kProductPath, '$1')));
  if (name === 'dwell_ms') return duration(Number(value) / 1000);
  if (kMoney.has(name) && Number.isFinite(Number(value))) return currency ? money(value, currency) : decimal(Number(value), 2);
  return /^\d{4}-\d\d-\d\dT/.test(value) ? moment(value) : word(name, value);
}

function hours(fromMinutes: number, toMinutes: number): string {
  const zone = new Intl.DateTimeFormat(currentLanguage(), {timeZoneName: 'short'}).formatToParts(new Date()).find((part) => part.type === 'timeZoneName')?.value ?? '';
  return t('said.hours', {from: clockOf(fromMinutes), to: clockOf(toMinutes), zone});
}
const amount = (value: number, currency: string | undefined): string => currency
  ? new Intl.NumberFormat(currentLanguage(), {style: 'currency', currency, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0}).format(value) : decimal(value, 0);
const month = (number: string): string => new Intl.DateTimeFormat(currentLanguage(), {month: 'long', timeZone: 'UTC'}).format(Date.UTC(2000, Number(number) - 1, 1));

/** A tag's value; hours of the day in the reader's zone, which is named. */
export function saidTag(nouns: Nouns | undefined, name: string, value: string): string {
  const read = tagValue(name, value, -new Date().getTimezoneOffset());
  switch (read?.kind) {
    case 'days':
      if (read.to === undefined) return t('said.over_days_ago', {from: read.from});
      return read.from === 0 ? t('said.within_days', {to: read.to}) : t('said.days_ago', {from: read.from, to: read.to});
    case 'times':
      if (read.more) return t('said.times_more', {from: read.from});
      return read.to === undefined ? t('said.times', {n: read.from}) : t('said.times_range', {from: read.from, to: read.to});
    case 'money':
      return read.to === undefined ? t('said.amount_more', {from: amount(read.from, read.currency)}) : `${amount(read.from, read.currency)}–${decimal(read.to, 0)}`;
    case 'hours':
      return hours(read.from_minutes, read.to_minutes);
    default:
      if (name === 'category') return categoryName(nouns, value);
      if (name === 'birth_month' && /^(1[0-2]|[1-9])$/.test(value)) return month(value);
      return word(name, value);
  }
}
