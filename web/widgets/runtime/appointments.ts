/** Free times of a service as `GET /v1/shop/services/{id}/times` tells them, in the shop's zone. Pure. */
export interface FreeTime {
  at: string;
  /** Appointments that there is room for; null: as many as come. */
  left: number | null;
}
export interface FreeDay {
  /** YYYY-MM-DD, of the zone. */
  day: string;
  times: FreeTime[];
}

const fields = (at: string, zone: string): Record<string, string> =>
  Object.fromEntries(new Intl.DateTimeFormat('en-CA', {
    timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
  }).formatToParts(new Date(at)).map(({type, value}) => [type, value]));

/** "14:00", as clocks of the zone show it. */
export function clockOf(at: string, zone: string): string {
  const {hour, minute} = fields(at, zone);
  return `${hour}:${minute}`;
}

/** The same times, by the days of the zone; both in the order in which they came. */
export function byDay(times: readonly FreeTime[], zone: string): FreeDay[] {
  const days: FreeDay[] = [];
  for (const time of times) {
    const {year, month, day} = fields(time.at, zone);
    const name = `${year}-${month}-${day}`;
    const last = days.at(-1);
    if (last?.day === name) last.times.push(time);
    else days.push({day: name, times: [time]});
  }
  return days;
}
