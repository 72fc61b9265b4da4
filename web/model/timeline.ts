/** How a customer's events are told: days, groups, and the few properties worth a line. Pure. */
export interface Told {
  seq: number;
  event_time: string;
  event: string;
  type: string;
  properties?: Record<string, unknown>;
  personal?: Record<string, unknown>;
}

export type EventGroup = 'browse' | 'order' | 'return' | 'contact' | 'voice' | 'service' | 'member' | 'decision' | 'person' | 'device' | 'other';

const kGroups: [RegExp, EventGroup][] = [
  [/^(page|screen|Area Engaged|Product List Viewed|Product Viewed|Products Searched|Product Compared|Product Liked|Product Shared|Product Added to Wishlist|Content Viewed)$/, 'browse'],
  [/^(Product Added|Product Removed|Checkout Started|Form Page Viewed|Payment Failed|Order |Shipment )/, 'order'],
  [/^Return /, 'return'],
  [/^(Contact |Message Posted|Ticket )/, 'contact'],
  [/^(Review |Survey |Feedback )/, 'voice'],
  [/^Service /, 'service'],
  [/^(Points |Coupon |Tier )/, 'member'],
  [/^(Recommendation |Message |Experiment |Need )/, 'decision'],
  [/^(identify|alias|group|User |Consent |Referral )/, 'person'],
  [/^Device /, 'device'],
];

export function groupOf(event: string): EventGroup {
  return kGroups.find(([pattern]) => pattern.test(event))?.[1] ?? 'other';
}

export const kEventGroups: readonly EventGroup[] =
  ['browse', 'order', 'return', 'contact', 'voice', 'service', 'member', 'decision', 'person', 'device', 'other'];

/** Events of one civil day together, in the order given. `dayOf` turns an instant into its day. */
export function byDay<T extends {event_time: string}>(events: readonly T[], dayOf: (instant: string) => string): {day: string; events: T[]}[] {
  const days: {day: string; events: T[]}[] = [];
  for (const event of events) {
    const day = dayOf(event.event_time);
    const last = days.at(-1);
    if (last?.day === day) last.events.push(event);
    else days.push({day, events: [event]});
  }
  return days;
}

/** Properties in the order in which they tell most; the rest follow as sent. */
const kTelling = ['query', 'text', 'name', 'order_id', 'total', 'product_id', 'service_id', 'rating', 'node', 'state', 'reason', 'code', 'channel',
  'class', 'item', 'value', 'purpose', 'granted', 'tier', 'delta', 'coupon_id', 'category', 'price', 'quantity'];

/** Said with the amounts, or by the notice over every screen. */
const kUntold = new Set(['currency', 'simulated']);

export interface Telling {
  name: string;
  value: string;
  /** Of its amounts. */
  currency?: string;
}

export function telling(event: Told, most = 4): Telling[] {
  const personal = event.personal?.['properties'] ?? event.personal?.['traits'] ?? {};
  const all: Record<string, unknown> = {...event.properties, ...(typeof personal === 'object' ? personal : {})};
  const names = Object.keys(all).filter((name) => ['string', 'number', 'boolean'].includes(typeof all[name]) && all[name] !== '' && !kUntold.has(name));
  names.sort((a, b) => rank(a) - rank(b));
  const currency = typeof all['currency'] === 'string' ? {currency: all['currency']} : {};
  return names.slice(0, most).map((name) => ({name, value: String(all[name]), ...currency}));
}

/** The hashes of the pictures that came with an event, as POST /v1/files named them. */
export function photosOf(event: Told): string[] {
  const personal = event.personal?.['properties'];
  const told = (typeof personal === 'object' && personal !== null ? personal as Record<string, unknown> : event.personal ?? {})['photos'] ?? event.properties?.['photos'];
  return Array.isArray(told) ? told.filter((hash): hash is string => typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash)) : [];
}

function rank(name: string): number {
  const place = kTelling.indexOf(name);
  return place < 0 ? kTelling.length : place;
}

/** The six nodes of a parcel, in order; how far `state` is along them, or that it went another way. */
export const kParcelNodes = ['placed', 'packing', 'picked_up', 'in_transit', 'out_for_delivery', 'signed'] as const;

export function parcelStep(state: string): {step: number; aside?: string} {
  const step = (kParcelNodes as readonly string[]).indexOf(state);
  return step >= 0 ? {step} : {step: -1, aside: state};
}
