import type {Nouns} from '../../api/nouns';
import type {PreviewReason} from '../../model/preview';
import type {Scene} from '../../model/scene';
import {told} from '../../model/study_report';
import {currentLanguage, fill, named, t} from '../../i18n/i18n';
import {may, session} from '../../shell/session';
import {count, decimal, percent} from '../../ui/format';

/** What the studio calls things, and who may change them. */

/** Curating is the owner's, marketing's and product's; analysts and viewers read. */
export const mayCurate = (): boolean => may('catalogue');

/** Who publishes scenes at once and approves drafts; the others write drafts. */
export const mayGoLive = (): boolean => may('approval');
const me = (): string => `user:${session()?.user?.id ?? ''}`;
export const mayApprove = (draftedBy: string | null | undefined): boolean => session()?.user?.role === 'owner' || (session()?.user?.role === 'marketing' && draftedBy !== me());
export const mayWithdraw = (draftedBy: string | null | undefined): boolean => mayGoLive() || draftedBy === me();
/** `user:3` as a reader says it. */
export function authorName(who: string | null | undefined): string {
  if (!who) return '–';
  if (who === me()) return t('draft.you');
  const [kind, id = ''] = who.split(':');
  return kind === 'user' ? t('draft.member_id', {id}) : kind === 'key' ? t('draft.key', {id}) : named('role', kind ?? '');
}

export const sceneTitle = (scene: Scene): string => told(scene.title, currentLanguage()) || scene.scene_id;
export const laneName = (lane: string): string => named('lane', lane);
export const kindName = (kind: string): string => named('value.item_kind', kind);
/** Names in a row. */
export const joined = (names: readonly string[]): string => names.join(currentLanguage() === 'en' ? ', ' : '、');

interface Titled {
  title: string;
  title_en: string;
  id?: string;
  item?: string;
}
/** What an offer is called; in traditional characters as the shop's names are told in them. */
export function titleIn(one: Titled, nouns?: Nouns): string {
  if (currentLanguage() === 'en') return one.title_en || one.title;
  const id = one.item ?? one.id ?? '';
  const told = currentLanguage() === 'zh-TW' ? (nouns?.products.get(id) ?? nouns?.services.get(id)) : undefined;
  return told?.name || one.title || one.title_en;
}

/** Why, in a sentence with its figures. */
export function reasonText(reason: PreviewReason): string {
  const {figures = {}, kind} = reason;
  const title = currentLanguage() === 'en' ? (reason.because_title_en ?? reason.because ?? '') : (reason.because_title ?? reason.because ?? '');
  const overdue = figures['overdue_days'] ?? 0;
  const form = kind === 'due' && overdue < 0 ? 'due_soon' : kind === 'offer' && title ? 'offer_fits' : kind;
  const need = /^need: (.*), strength [\d.]+$/.exec(reason.evidence)?.[1] ?? '';
  return fill(named('reason', form), {
    need, strength: decimal(figures['strength'], 2),
    title, n: count(figures['n']), orders: count(figures['orders']), confidence: percent(figures['confidence']), lift: decimal(figures['lift'], 2), interval: count(figures['interval_days']),
    days: count(Math.abs(overdue)), views: count(figures['views']), share: percent(figures['share']), above: count(figures['above']),
  });
}
