import type {Recommendations} from '../model/preview';
import type {Scene, SceneLine} from '../model/scene';
import {ask, get} from './http';

/** Recommendations: scenes and what became of what they showed, lists for a chosen customer. */

export const readScenes = (signal?: AbortSignal) => get<{scenes: SceneLine[]}>('/v1/scenes', {}, signal);
/** Scene Published: the whole scene in place of the one before. */
export const publishScene = ({scene_id, ...noun}: Scene) => ask<{offset: number}>('PUT', `/v1/scenes/${encodeURIComponent(scene_id)}`, {body: noun});

export interface PreviewQuestion {
  customer?: string;
  scene: string;
  product?: string;
  region?: string;
  n: number;
  seed?: number;
}
/** Nothing is written by asking: what is previewed was shown to nobody. */
export const previewScene = (question: PreviewQuestion, signal?: AbortSignal) => {
  const asking = {body: question};
  return ask<Recommendations>('POST', '/v1/recommend', signal ? {...asking, signal} : asking);
};

export interface FoundOffer {
  id: string;
  kind: string;
  name: string;
  name_en: string;
}
interface ShopProductLine {
  product_id: string;
  name?: string;
  name_en?: string;
}
/** Things of the catalogue by name or id; `kind` "" for all. */
export async function findOffers(query: string, kind: string, signal?: AbortSignal): Promise<FoundOffer[]> {
  if (kind && kind !== 'product') return [];
  const got = await get<{products: ShopProductLine[]}>('/v1/shop/products', {query, limit: 8}, signal);
  if (!got.ok) return [];
  return got.value.products.map((one) => ({id: one.product_id, kind: 'product', name: one.name ?? one.product_id, name_en: one.name_en ?? one.name ?? one.product_id}));
}
