import type {Models, Note} from '../model/models';
import type {Catalogue, OfferLine} from '../model/offer';
import type {Recommendations} from '../model/preview';
import type {ReplayAnswer} from '../model/replay';
import type {RulesAnswer} from '../model/rules';
import type {Draft, Scene, SceneLine} from '../model/scene';
import {ask, get} from './http';

/** Recommendations: scenes and what became of what they showed, lists for a chosen customer. */

export const readScenes = (signal?: AbortSignal) => get<{scenes: SceneLine[]; drafts: Draft[]}>('/v1/scenes', {}, signal);
const sceneAt = (id: string, rest = ''): string => `/v1/scenes/${encodeURIComponent(id)}${rest}`;
/** Scene Published: the whole scene in place of the one before, at once or as a draft that waits for its approval. */
export const publishScene = ({scene_id, ...noun}: Scene, state?: 'draft') => ask<{offset: number; draft?: string}>('PUT', sceneAt(scene_id), {body: state ? {...noun, state} : noun});
export const approveScene = (id: string, draft: string) => ask<{offset: number}>('POST', sceneAt(id, '/approve'), {body: {draft}});
export const withdrawDraft = (id: string) => ask<{offset: number}>('DELETE', sceneAt(id, '/draft'));

export interface PreviewQuestion {
  customer?: string;
  scene: string;
  product?: string;
  region?: string;
  n: number;
  seed?: number;
  /** The draft in place of what serves. */
  draft?: boolean;
}
/** Nothing is written by asking: what is previewed was shown to nobody. */
export const previewScene = (question: PreviewQuestion, signal?: AbortSignal) => {
  const asking = {body: question};
  return ask<Recommendations>('POST', '/v1/recommend', signal ? {...asking, signal} : asking);
};

export interface FoundOffer {
  id: string;
  kind: string;
  title: string;
  title_en: string;
}
const kFound = 8;
/** Things of the catalogue by name or id; `kind` "" for all. */
export async function findOffers(query: string, kind: string, signal?: AbortSignal): Promise<FoundOffer[]> {
  const got = await readCatalogue({query, kind, limit: kFound}, signal);
  return got.ok ? got.value.items : [];
}

export const readModels = (signal?: AbortSignal) => get<Models>('/v1/models', {}, signal);
export const readModelHistory = (signal?: AbortSignal) => get<{history: Note[]}>('/v1/models/history', {}, signal);
/** `judge`: of the models of taste the one that does best on the shop's own past serves. */
export const trainModels = (judge: boolean) => ask<Models & {needs_predicted?: number}>('POST', '/v1/models/train', {body: judge ? {judge} : {}});
/** Holds models against popularity and personal frequency on the shop's own past; the answer is kept in the history. */
export const judgeModels = (models: readonly string[], k: number) => ask<unknown>('POST', '/v1/models/evaluate', {body: {models, k: [k], seeds: 1}});

export interface RulesQuestion {
  item?: string;
  if?: string;
  category?: string;
  sort?: string;
  n?: number;
}
export const readRules = ({item, if: left, category, sort, n}: RulesQuestion, signal?: AbortSignal) => get<RulesAnswer>('/v1/models/rules', {item, if: left, category, sort, n}, signal);

export const readCatalogue = (query: Record<string, string | number | undefined>, signal?: AbortSignal) => get<Catalogue>('/v1/catalogue', query, signal);
const offerAt = (kind: string, id: string): string => `/v1/catalogue/${encodeURIComponent(kind)}/${encodeURIComponent(id)}`;
export const readOffer = (kind: string, id: string, signal?: AbortSignal) => get<{offer: OfferLine; noun: Record<string, unknown>}>(offerAt(kind, id), {}, signal);
export const publishOffer = (kind: string, id: string, noun: Record<string, unknown>) => ask<{offset: number}>('PUT', offerAt(kind, id), {body: noun});

export const readReplay = (scene: string, days: number, signal?: AbortSignal) => get<ReplayAnswer>(`/v1/scenes/${encodeURIComponent(scene)}/replay`, {days}, signal);
/** The scene as it is being written, over what the published one showed. */
export const tryScene = (scene: Scene, days: number) => {
  const {scene_id: id, ...noun} = scene;
  return ask<ReplayAnswer>('POST', `/v1/scenes/${encodeURIComponent(id)}/whatif`, {body: {scene: noun, days}});
};
