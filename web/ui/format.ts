import {shopNow} from '../api/clock';
import {currentLanguage, t} from '../i18n/i18n';

/** Numbers, money and time as the reader's language writes them. */

const kNone = '–';
const numbers = new Map<string, Intl.NumberFormat>();
const dates = new Map<string, Intl.DateTimeFormat>();

function number(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = currentLanguage() + JSON.stringify(options);
  let format = numbers.get(key);
  if (!format) numbers.set(key, (format = new Intl.NumberFormat(currentLanguage(), options)));
  return format;
}

function date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = currentLanguage() + JSON.stringify(options);
  let format = dates.get(key);
  if (!format) dates.set(key, (format = new Intl.DateTimeFormat(currentLanguage(), options)));
  return format;
}

export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? kNone : number({maximumFractionDigits: 0}).format(value);
}
export function decimal(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? kNone : number({maximumFractionDigits: digits}).format(value);
}
export function compact(value: number | null | undefined): string {
  if (value === null || value === undefined) return kNone;
  return Math.abs(value) < 10_000 ? decimal(value) : number({notation: 'compact', maximumFractionDigits: 1}).format(value);
}
/** `value` is a share, 0..1. */
export function percent(value: number | null | undefined, digits = 1): string {
  return value === null || value === undefined ? kNone : number({style: 'percent', maximumFractionDigits: digits}).format(value);
}
/** An estimated chance: nothing that is only estimated is certain. */
export function chance(value: number): string {
  return value > 0.99 ? `>${percent(0.99, 0)}` : value < 0.01 ? `<${percent(0.01, 0)}` : percent(value, 0);
}
export function money(value: number | string | null | undefined, currency: string | undefined): string {
  if (value === null || value === undefined || value === '') return kNone;
  const amount = Number(value);
  if (!Number.isFinite(amount)) return String(value);
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return decimal(amount, 2);
  return number({style: 'currency', currency, currencyDisplay: 'narrowSymbol'}).format(amount);
}

/** An amount as the engine writes it in one text, "5.00 CNY"; anything else stays as it is. */
export function moneyText(text: string | null | undefined): string {
  const found = /^(-?\d+(?:[.]\d+)?) ([A-Z]{3})$/.exec(text ?? '');
  return found ? money(found[1], found[2]) : (text ?? kNone);
}
/** In which zone this page writes times of day: the reader's own. */
export const zoneName = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';

function instant(text: string | null | undefined): Date | undefined {
  if (!text) return undefined;
  const value = new Date(text);
  return Number.isNaN(value.getTime()) ? undefined : value;
}
export function day(text: string | null | undefined): string {
  const value = instant(text);
  return value ? date({dateStyle: 'medium'}).format(value) : kNone;
}
export function shortDay(text: string | null | undefined): string {
  const value = instant(text);
  return value ? date({month: 'numeric', day: 'numeric'}).format(value) : kNone;
}
export function moment(text: string | null | undefined): string {
  const value = instant(text);
  return value ? date({dateStyle: 'medium', timeStyle: 'short'}).format(value) : kNone;
}
/** Without the year, for what lies near. */
export function shortMoment(text: string | null | undefined): string {
  const value = instant(text);
  return value ? date({month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false}).format(value) : kNone;
}
export function clock(text: string | null | undefined): string {
  const value = instant(text);
  return value ? date({hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false}).format(value) : kNone;
}
export function weekday(text: string): string {
  const value = instant(text);
  return value ? date({weekday: 'short', month: 'short', day: 'numeric', year: 'numeric'}).format(value) : text;
}

const kSteps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * 86_400], ['month', 30 * 86_400], ['day', 86_400], ['hour', 3_600], ['minute', 60],
];
/** "3 days ago", by the clock of the shop. */
export function ago(text: string | null | undefined): string {
  const value = instant(text);
  if (!value) return kNone;
  const seconds = (value.getTime() - shopNow()) / 1000;
  const format = new Intl.RelativeTimeFormat(currentLanguage(), {numeric: 'auto', style: 'short'});
  for (const [unit, length] of kSteps) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return t('time.just_now');
}
/** A length of time in its two greatest units. */
export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return kNone;
  if (seconds < 1) return t('time.under_second');
  if (seconds < 60) return t('time.seconds', {n: decimal(seconds, 0)});
  if (seconds < 3_600) return t('time.minutes', {n: decimal(seconds / 60, 0)});
  if (seconds < 2 * 86_400) return t('time.hours', {n: decimal(seconds / 3_600, 1)});
  return t('time.days', {n: decimal(seconds / 86_400, 1)});
}
/** A length of time in its two greatest units, as people say what is left: "1 day 7 h", "3 h 20 min". */
export function timeLeft(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined) return kNone;
  const all = Math.max(0, Math.floor(seconds));
  if (all < 60) return t('time.seconds', {n: all});
  const [days, hours, minutes] = [Math.floor(all / 86_400), Math.floor((all % 86_400) / 3_600), Math.floor((all % 3_600) / 60)];
  const parts = [days > 0 ? t(days === 1 ? 'time.day' : 'time.days', {n: days}) : '', hours > 0 && days < 10 ? t('time.hours', {n: hours}) : '', minutes > 0 && days === 0 ? t('time.minutes', {n: minutes}) : ''];
  return parts.filter(Boolean).join(' ');
}
/** A ticket's number that a program made, cut to what tells it apart; one that people say to each other stays whole. */
export function ticketNumber(id: string): string {
  return id.replace(/^([a-z]+-)([0-9a-f]{6})[0-9a-f]{6,}$/, '$1$2…');
}
/** A browser's own long number, cut: it tells nobody apart to a reader. Names and short identifiers stay whole. */
export function shortLabel(label: string): string {
  return label.length > 20 && /^[\w-]+$/.test(label) ? `${label.slice(0, 12)}…` : label;
}
