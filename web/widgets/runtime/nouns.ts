import {minorOf, type Money} from './money';

/** What `GET /v1/shop/*` answers; members as the shop published them, so each may be missing. */
export interface Parameter {
  name: string;
  name_en?: string;
  value: number | string;
  unit?: string;
}
export interface Product {
  product_id: string;
  name?: string;
  name_en?: string;
  brand?: string;
  brand_en?: string;
  category?: string;
  category_en?: string;
  department?: string;
  department_en?: string;
  price?: number | string;
  currency?: string;
  stock?: number;
  parameters?: Parameter[];
  scenes?: string[];
  functions?: string[];
  selling_points?: string[];
  selling_points_en?: string[];
  description?: string;
  description_en?: string;
  goes_with?: string;
  needs_installation?: boolean;
  simulated?: boolean;
  orders: number;
  pieces: number;
  views: number;
  rating: number | null;
  ratings: number;
}
export interface Category {
  name: string;
  name_en?: string;
  products: number;
}
export interface Products {
  products: Product[];
  total: number;
  next_cursor: string;
  categories: Category[];
}
export interface Bestsellers {
  label: string;
  region: string | null;
  items: Product[];
}
/** `GET /v1/shop/recommendations`: a product beside what recommended it; another kind of offer has a title only. */
export interface Recommended extends Partial<Product> {
  item: string;
  item_kind: string;
  position: number;
  title?: string;
  title_en?: string;
  why: {kind: string; because?: string; title?: string; title_en?: string};
}
export interface Recommendations {
  trained: boolean;
  decision_id: string;
  scene: string;
  title: {en: string; 'zh-Hans': string; 'zh-Hant': string};
  rung: string;
  items: Recommended[];
}
export interface Review {
  review_id: string;
  rating: number;
  at: string;
  verified: boolean;
  title?: string;
  text: string;
  follow_up?: string;
  reply?: string;
  has_media?: boolean;
  aspects?: string[];
  points?: number;
  /** Why it stands where it does. */
  reasons?: {kind: string; points: number}[];
}
export interface Reviews {
  rating: number | null;
  ratings: number;
  by_stars: number[];
  reviews: Review[];
  total?: number;
  /** How many to skip for the next page. */
  next?: number | null;
  critical?: string | null;
  aspects?: {aspect: string; reviews: number}[];
}
export interface Service {
  service_id: string;
  title?: string;
  title_en?: string;
  description?: string;
  description_en?: string;
  price?: number | string;
  currency?: string;
  stage?: string;
}
export interface ParcelNode {
  node: string;
  reached: string | null;
  promised: string | null;
}
export interface Order {
  order_id: string;
  placed: string;
  state: string;
  total: string;
  currency: string;
  lines: {product_id: string; quantity: number}[];
  nodes: ParcelNode[];
}
export interface Return {
  return_id: string;
  order_id: string;
  product_id: string;
  state: string;
  requested: string;
  since: string;
  /** What a person said who did not agree to it. */
  reason?: string;
}
export interface HeldService {
  service_id: string;
  stage: string;
  since: string;
  service: Partial<Service>;
}
/** Something the shop wants to tell her: that an order comes late. Invitations to surveys are `rapport-survey`'s. */
export interface VisitorMessage {
  decision_id: string;
  kind: string;
  order_id?: string;
  promised?: string;
  estimated?: string;
  coupon_id?: string;
  coupon_value?: string;
  currency?: string;
}

/** `GET /v1/shop/payment-help`: what a failed payment's code means, and the way out. */
export interface PaymentHelp {
  code: string;
  cause: string;
  known: boolean;
  why: Record<'zh-Hans' | 'zh-Hant' | 'en', string>;
  what: Record<'zh-Hans' | 'zh-Hant' | 'en', string>;
  again: boolean;
  ways: string[];
}

export interface Visitor {
  known: boolean;
  orders: Order[];
  returns: Return[];
  services: HeldService[];
  messages?: VisitorMessage[];
  /** Those that lie ahead, soonest first. */
  appointments?: {service_id: string; for: string}[];
  points: number;
}

interface Named {
  name?: string;
  name_en?: string;
}
/** The name in the reader's language where the shop published it, else the other one. */
export function nameOf(noun: Named, language: string, fallback = ''): string {
  const [first, second] = language === 'en' ? [noun.name_en, noun.name] : [noun.name, noun.name_en];
  return first || second || fallback;
}
export function titleOf(service: Partial<Service>, language: string): string {
  return nameOf({name: service.title, name_en: service.title_en}, language, service.service_id ?? '');
}

export function priceOf(noun: {price?: number | string; currency?: string}): Money | undefined {
  const currency = noun.currency ?? 'CNY';
  const minor = minorOf(noun.price, currency);
  return minor === undefined ? undefined : {minor, currency};
}
