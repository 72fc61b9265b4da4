import {clientOf, recall, remember, type Client} from '../widgets/runtime/client';
import type {Line} from '../widgets/runtime/money';
import {languageOf, type ElementLanguage} from '../widgets/runtime/words';

/** What the visitor's browser remembers; everything else comes from the server. `changed` is dispatched after each change. */
const kKey = 'rapport.shop_key';
const kCart = 'rapport.cart';
const kRecent = 'rapport.recent';
const kRegion = 'rapport.region';
const kLanguage = 'rapport.language';
const kRecent_most = 12;
export const kPieces_most = 99;

export interface Seen {
  id: string;
  category: string;
}
export interface Chosen {
  product_id: string;
  list_id: string;
  position: number;
}

function parsed<T>(name: string, fallback: T): T {
  try {
    return (JSON.parse(recall(name) ?? 'null') as T | null) ?? fallback;
  } catch {
    return fallback;
  }
}

class Shop extends EventTarget {
  key = '';
  language: ElementLanguage = 'zh-CN';
  region = recall(kRegion) ?? '';
  /** From which list the product was opened that is shown next. */
  chosen?: Chosen;
  lastQuery = '';
  cart: Line[] = parsed<Line[]>(kCart, []).filter((line) => line.product_id && line.quantity > 0 && Number.isInteger(line.price?.minor));
  recent: Seen[] = parsed<Seen[]>(kRecent, []);

  get client(): Client {
    return clientOf(location.origin, this.key);
  }

  /** The key in the address, kept for this tab; the address is cleaned of it. */
  takeKey(): void {
    const address = new URL(location.href);
    const given = address.searchParams.get('key');
    this.key = given ?? sessionStorage.getItem(kKey) ?? '';
    if (!given) return;
    sessionStorage.setItem(kKey, given);
    address.searchParams.delete('key');
    history.replaceState(null, '', address);
  }
  setLanguage(next: ElementLanguage | undefined): void {
    if (next) remember(kLanguage, next);
    const before = this.language;
    this.language = next ?? languageOf(recall(kLanguage) ?? navigator.language);
    // Names come from the server in the reader's script; the pages ask for them anew.
    if (next && before !== next && [before, next].includes('zh-TW')) location.reload();
    document.documentElement.lang = this.language;
    this.say();
  }
  setRegion(region: string): void {
    this.region = region;
    remember(kRegion, region);
    this.say();
  }
  /** Sets how many of a product the cart holds; 0 takes it out. */
  put(line: Line): void {
    const rest = this.cart.filter((other) => other.product_id !== line.product_id);
    const quantity = Math.min(kPieces_most, Math.max(0, line.quantity));
    this.cart = quantity ? [...rest, {...line, quantity}] : rest;
    remember(kCart, JSON.stringify(this.cart));
    this.say();
  }
  pieces(): number {
    return this.cart.reduce((sum, line) => sum + line.quantity, 0);
  }
  empty(): void {
    this.cart = [];
    remember(kCart, '[]');
    this.say();
  }
  saw(seen: Seen): void {
    this.recent = [seen, ...this.recent.filter((other) => other.id !== seen.id)].slice(0, kRecent_most);
    remember(kRecent, JSON.stringify(this.recent));
  }
  private say(): void {
    this.dispatchEvent(new Event('changed'));
  }
}
export const shop = new Shop();

/** Goes to a page of the shop without loading it anew. */
export function go(path: string, replace = false): void {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  window.dispatchEvent(new Event('shop-route'));
}
export const productPath = (id: string): string => `/shop/p/${encodeURIComponent(id)}`;
export function searchPath(filters: {q?: string; category?: string; scene?: string; function?: string}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value) search.set(name, value);
  return `/shop/search${search.size ? `?${search}` : ''}`;
}
