/** How the values of counted tags are read: bands of days, times, money and hours. Pure. */
export type TagValue =
  | {kind: 'days'; from: number; to?: number}
  | {kind: 'times'; from: number; to?: number; more?: boolean}
  | {kind: 'money'; from: number; to?: number; currency?: string}
  | {kind: 'hours'; from_minutes: number; to_minutes: number};

const kDay = 24 * 60;

/**
 * "0-7d", "3-5", "12+", "10000-30000 CNY", "09-12 UTC" by the tag's name; undefined for whatever is of another form.
 * Hours are of the log (UTC); `offset_minutes` moves them to where they are read.
 */
export function tagValue(name: string, value: string, offsetMinutes = 0): TagValue | undefined {
  if (name === 'recency') {
    const found = /^(\d+)(?:-(\d+))?d(\+?)$/.exec(value);
    return found ? {kind: 'days', from: Number(found[1]), ...(found[2] ? {to: Number(found[2])} : {})} : undefined;
  }
  if (name === 'frequency') {
    const found = /^(\d+)(?:-(\d+))?(\+?)$/.exec(value);
    return found ? {kind: 'times', from: Number(found[1]), ...(found[2] ? {to: Number(found[2])} : {}), ...(found[3] ? {more: true} : {})} : undefined;
  }
  if (name === 'monetary' || name === 'price_band' || name === 'order_value') {
    const found = /^(\d+)(?:-(\d+)|\+)(?: ([A-Z]{3}))?$/.exec(value);
    return found ? {kind: 'money', from: Number(found[1]), ...(found[2] ? {to: Number(found[2])} : {}), ...(found[3] ? {currency: found[3]} : {})} : undefined;
  }
  if (name === 'active_hours') {
    const found = /^(\d\d)-(\d\d) UTC$/.exec(value);
    const moved = (hour: string): number => (((Number(hour) * 60 + offsetMinutes) % kDay) + kDay) % kDay;
    return found ? {kind: 'hours', from_minutes: moved(found[1]!), to_minutes: moved(found[2]!) || kDay} : undefined;
  }
  return undefined;
}

/** Minutes of the day as "17:00". */
export function clockOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
