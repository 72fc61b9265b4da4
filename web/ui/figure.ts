import {currentLanguage} from '../i18n/i18n';
import {compact, decimal, duration, money, percent} from './format';

const kCurrency = /^[A-Z]{3}$/;

/** A value in its unit: a currency (pence no longer count from a thousand on), a share, hours, points, or a plain number. */
export function figure(value: number | null | undefined, unit: string | undefined): string {
  if (value === null || value === undefined) return '–';
  if (unit && kCurrency.test(unit)) {
    if (Math.abs(value) < 1_000) return money(value, unit);
    if (Math.abs(value) < 100_000) return new Intl.NumberFormat(currentLanguage(), {style: 'currency', currency: unit, currencyDisplay: 'narrowSymbol', maximumFractionDigits: 0}).format(value);
    return new Intl.NumberFormat(currentLanguage(), {style: 'currency', currency: unit, currencyDisplay: 'narrowSymbol', notation: 'compact', maximumFractionDigits: 2}).format(value);
  }
  if (unit === 'share' || unit === 'ratio' || unit === 'rate') return percent(value);
  if (unit === 'percent' || unit === '%') return percent(value / 100);
  if (unit === 'minutes') return duration(value * 60);
  if (unit === 'hours' || unit === 'h') return duration(value * 3_600);
  return Number.isInteger(value) ? compact(value) : decimal(value, unit === 'score' ? 1 : 2);
}
