import {decimalOf, totalOf, type Line, type Money} from './money';
import {priceOf, type Product} from './nouns';

/** Each event that the storefront and the elements write, with the names and properties of docs/events.md. Pure. */
export interface Happening {
  event: string;
  properties: Record<string, unknown>;
}

const kept = (properties: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined && value !== ''));
const happening = (event: string, properties: Record<string, unknown>): Happening => ({event, properties: kept(properties)});

const priced = (money: Money | undefined): Record<string, unknown> => money ? {price: decimalOf(money), currency: money.currency} : {};
const wireLines = (lines: readonly Line[]): object[] =>
  lines.map((line) => ({product_id: line.product_id, quantity: line.quantity, price: decimalOf(line.price)}));
const wireTotal = (total: Money): Record<string, unknown> => ({total: decimalOf(total), currency: total.currency});

export const listViewed = (list: string, ids: readonly string[], category?: string): Happening =>
  happening('Product List Viewed', {list_id: list, product_ids: [...ids], category});
/** A recommended thing was seen, or clicked; `decision` is the id that came with the list, `position` counts from 1. */
export const recommendationShown = (decision: string, item: string, kind: string, position: number, scene: string): Happening =>
  happening('Recommendation Shown', {decision_id: decision, item, item_kind: kind, position, scene_id: scene});
export const recommendationClicked = (decision: string, item: string, kind: string, position: number, scene: string): Happening =>
  happening('Recommendation Clicked', {decision_id: decision, item, item_kind: kind, position, scene_id: scene});
export const productViewed = (product: Product, list?: string, position?: number): Happening =>
  happening('Product Viewed', {
    product_id: product.product_id, category: product.category, brand: product.brand, ...priced(priceOf(product)), list_id: list, position,
  });
export const searched = (query: string, results: number, filters: {category?: string; scene?: string; function?: string} = {}): Happening =>
  happening('Products Searched', {query, results, ...filters});
export const areaEngaged = (page: string, area: string, dwellMs: number, product?: string): Happening =>
  happening('Area Engaged', {page, area, dwell_ms: Math.round(dwellMs), product_id: product});
export const contentViewed = (content: string, term: string, product?: string): Happening =>
  happening('Content Viewed', {content_id: content, content_kind: 'faq', term, product_id: product});
export const added = (product: Product, quantity: number): Happening =>
  happening('Product Added', {product_id: product.product_id, quantity, category: product.category, ...priced(priceOf(product))});
export const removed = (id: string, quantity: number, price?: Money): Happening =>
  happening('Product Removed', {product_id: id, quantity, ...priced(price)});
export const liked = (id: string): Happening => happening('Product Liked', {product_id: id});

export const checkoutStarted = (order: string, lines: readonly Line[]): Happening =>
  happening('Checkout Started', {order_id: order, ...wireTotal(totalOf(lines)), products: wireLines(lines)});
export const paymentFailed = (order: string, total: Money, method: string, code: string): Happening =>
  happening('Payment Failed', {order_id: order, method, code, ...wireTotal(total)});
export const ordered = (order: string, lines: readonly Line[], method: string, region?: string): Happening =>
  happening('Order Completed', {order_id: order, ...wireTotal(totalOf(lines)), products: wireLines(lines), method, region, channel: 'web'});
export const returnRequested = (id: string, order: string, reason: string, product?: string, text?: string, photos: readonly string[] = []): Happening =>
  happening('Return Requested', {return_id: id, order_id: order, reason, product_id: product, text, photos: photos.length ? [...photos] : undefined});

export const contactStarted = (contact: string, product?: string, order?: string, term?: string): Happening =>
  happening('Contact Started', {contact_id: contact, channel: 'chat', product_id: product, order_id: order, term});
export const messagePosted = (contact: string, text: string): Happening =>
  happening('Message Posted', {contact_id: contact, from: 'customer', text, channel: 'chat'});
export const reviewed = (id: string, product: string, rating: number, text: string, order?: string): Happening =>
  happening('Review Posted', {review_id: id, product_id: product, rating, text, order_id: order});
export const surveyShown = (survey: string): Happening => happening('Survey Shown', {survey_id: survey, channel: 'web'});
/** `invitation` is the one that this sheet answers: it is not asked again. */
export const surveyAnswered = (survey: string, answers: {item: string; value: number | string}[], order?: string, invitation?: string): Happening =>
  happening('Survey Answered', {survey_id: survey, answers, channel: 'web', order_id: order, response_id: invitation});
export const messageDelivered = (decision: string): Happening => happening('Message Delivered', {decision_id: decision, channel: 'app'});
export const messageOpened = (decision: string): Happening => happening('Message Opened', {decision_id: decision, channel: 'app'});

export const serviceOffered = (service: string, price?: Money, order?: string): Happening =>
  happening('Service Offered', {service_id: service, order_id: order, channel: 'web', ...priced(price)});
export const serviceKnown = (service: string): Happening => happening('Service Known', {service_id: service});
export const serviceBought = (service: string, price: Money, order?: string): Happening =>
  happening('Service Bought', {service_id: service, order_id: order, ...priced(price)});
export const serviceRated = (service: string, rating: number): Happening => happening('Service Rated', {service_id: service, rating});
