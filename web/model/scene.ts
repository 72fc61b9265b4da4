import type {Told} from './study_report';

/** A scene of recommendations as it is published, what an editor does to it, and what became of it. Pure: each change gives a new one. */

export const kSources = ['region', 'trend', 'due', 'like', 'goes_with', 'alike', 'category', 'offers', 'newest'] as const;
export const kOfferKinds = ['product', 'bundle', 'content', 'service', 'coupon', 'adviser', 'early_access'] as const;
export const kPolicies = ['thompson', 'calibrated', 'literal', 'fixed'] as const;
export type OfferKind = (typeof kOfferKinds)[number];

export interface Lane {
  lane: string;
  share: number;
  source: (typeof kSources)[number];
  kinds: OfferKind[];
  only?: string[];
  prefer?: string[];
}
/** What an operator does to one thing, always or for a time. */
export interface Hand {
  id: string;
  from?: string;
  until?: string;
}
export interface Boost extends Hand {
  points: number;
}
export interface Scene {
  scene_id: string;
  title: Told;
  rank: number;
  trigger: string;
  other_category?: boolean;
  needs_product?: boolean;
  category_cap: number;
  holdout: number;
  explore: number;
  policy: (typeof kPolicies)[number];
  stopped: boolean;
  /** When it serves at all; always where neither is told. */
  from?: string;
  until?: string;
  pins?: (string | Hand)[];
  left_out?: string[];
  boosts?: Boost[];
  lanes: Lane[];
}
export interface Arm {
  shown: number;
  taken: number;
  rate: number | null;
}
export interface SceneMonth {
  month: string;
  shown: number;
  taken: number;
  rate_low: number;
  rate_high: number;
  below_10_percent: number;
}
/** Who wrote, approved and published it: `user:<id>`, `key:<id>`, `owner`. */
export interface Authors {
  drafted_by?: string | null;
  approved_by?: string | null;
  published_by?: string | null;
}
export interface Draft extends Authors {
  scene: Scene;
  /** Of its text: approving names it, so that nobody approves what was changed meanwhile. */
  draft: string;
  drafted_at: string;
}
export interface SceneLine extends Authors {
  scene: Scene;
  recommended: Arm;
  held_out: Arm;
  /** Recommended less held out, with an interval over whole customers; null where either side has too few. */
  difference?: (Difference & {customers: number; customers_held_out: number}) | null;
  lane_outcomes: {lane: string; taken: number; ignored: number}[];
  shares: {class: string; shares: number[]}[];
  months: SceneMonth[];
  flagged: boolean;
}

export const kLanesMost = 16;

export const kBlankScene: Scene = {
  scene_id: '', title: {en: '', 'zh-Hans': '', 'zh-Hant': ''}, rank: 100, trigger: '', category_cap: 0, holdout: 5, explore: 5, policy: 'thompson', stopped: false,
  lanes: [{lane: 'lane1', share: 100, source: 'trend', kinds: ['product']}],
};

export const shareSum = (scene: Scene): number => scene.lanes.reduce((sum, {share}) => sum + share, 0);

export const handOf = (hand: string | Hand): Hand => (typeof hand === 'string' ? {id: hand} : hand);

export type SceneFault = 'id' | 'title' | 'times' | 'lanes' | 'lane_name' | 'lane_twice' | 'lane_kinds' | 'shares';
/** What still stands in the way of publishing; undefined when nothing does. */
export function faultOf(scene: Scene): SceneFault | undefined {
  if (!/^[a-z][a-z0-9_]{0,31}$/.test(scene.scene_id)) return 'id';
  const title = scene.title;
  if (!title || (typeof title === 'object' && ![title.en, title['zh-Hans'], title['zh-Hant']].every((text) => text?.trim()))) return 'title';
  if ([scene, ...(scene.pins ?? []).map(handOf), ...(scene.boosts ?? [])].some(({from, until}) => from && until && Date.parse(until) <= Date.parse(from))) return 'times';
  if (scene.lanes.length === 0) return 'lanes';
  if (scene.lanes.some(({lane}) => !lane.trim())) return 'lane_name';
  if (new Set(scene.lanes.map(({lane}) => lane)).size < scene.lanes.length) return 'lane_twice';
  if (scene.lanes.some(({kinds}) => kinds.length === 0)) return 'lane_kinds';
  return shareSum(scene) === 100 ? undefined : 'shares';
}

function freeLane(lanes: readonly Lane[]): string {
  for (let n = lanes.length + 1; ; n += 1) if (!lanes.some(({lane}) => lane === `lane${n}`)) return `lane${n}`;
}
/** A further lane takes what is missing to 100. */
export function withLane(scene: Scene): Scene {
  const lane: Lane = {lane: freeLane(scene.lanes), share: Math.max(0, 100 - shareSum(scene)), source: 'trend', kinds: ['product']};
  return {...scene, lanes: [...scene.lanes, lane]};
}
export const withoutLane = (scene: Scene, index: number): Scene => ({...scene, lanes: scene.lanes.filter((_, i) => i !== index)});
export const changedLane = (scene: Scene, index: number, change: Partial<Lane>): Scene => ({...scene, lanes: scene.lanes.map((lane, i) => (i === index ? {...lane, ...change} : lane))});
/** The shares scaled to add up to 100, by largest remainders; equal shares where all are nought. */
export function evened(scene: Scene): Scene {
  const sum = shareSum(scene);
  const exact = scene.lanes.map(({share}) => (sum > 0 ? (share * 100) / sum : 100 / scene.lanes.length));
  const whole = exact.map(Math.floor);
  const order = exact.map((value, i) => ({i, rest: value - whole[i]!})).sort((a, b) => b.rest - a.rest || a.i - b.i);
  let left = 100 - whole.reduce((a, b) => a + b, 0);
  for (const {i} of order) if (left-- > 0) whole[i]! += 1;
  return {...scene, lanes: scene.lanes.map((lane, i) => ({...lane, share: whole[i]!}))};
}
/** A copy under a name of its own: it serves nobody unasked until somebody gives it a trigger or a place before others. */
export const copyOf = (scene: Scene, id: string): Scene => ({...scene, scene_id: id, rank: scene.rank + 1, stopped: false});

/** What is published: no member that says nothing. */
export function nounOf(scene: Scene): Scene {
  const noun: Scene = {...scene, lanes: scene.lanes.map(({only, prefer, ...lane}) => ({...lane, ...(only?.length ? {only} : {}), ...(prefer?.length ? {prefer} : {})}))};
  if (noun.pins) noun.pins = noun.pins.map(handOf).map((hand) => (hand.from || hand.until ? hand : hand.id));
  for (const name of ['pins', 'left_out', 'boosts'] as const) if (noun[name]?.length === 0) delete noun[name];
  for (const name of ['from', 'until'] as const) if (!noun[name]) delete noun[name];
  for (const name of ['other_category', 'needs_product'] as const) if (!noun[name]) delete noun[name];
  return noun;
}

export interface Interval {
  low: number;
  high: number;
}
const k95 = 1.959964;
/** 95 % interval of a share (Wilson 1927); undefined without trials. */
export function wilson(taken: number, shown: number): Interval | undefined {
  if (shown <= 0) return undefined;
  const p = taken / shown;
  const z2 = (k95 * k95) / shown;
  const middle = p + z2 / 2;
  const half = k95 * Math.sqrt((p * (1 - p)) / shown + z2 / (4 * shown));
  return {low: Math.max(0, (middle - half) / (1 + z2)), high: Math.min(1, (middle + half) / (1 + z2))};
}
export interface Difference extends Interval {
  value: number;
}
/** The first share less the second with its 95 % interval (Newcombe 1998, method 10); undefined where one side is empty. */
export function difference(a: Arm, b: Arm): Difference | undefined {
  const one = wilson(a.taken, a.shown);
  const other = wilson(b.taken, b.shown);
  if (!one || !other) return undefined;
  const p = a.taken / a.shown;
  const q = b.taken / b.shown;
  return {value: p - q, low: p - q - Math.hypot(p - one.low, other.high - q), high: p - q + Math.hypot(one.high - p, q - other.low)};
}

/** What the scene adds to best-sellers: over customers where the server tells it, else over impressions. */
export const liftOf = (line: SceneLine): Difference | undefined => line.difference ?? difference(line.recommended, line.held_out);

export interface LaneOutcome extends Lane {
  taken: number;
  shown: number;
  rate: number | null;
  interval: Interval | undefined;
  /** Of all classes together; undefined before anything was learned. */
  learned: number | undefined;
}
/** The lanes with what became of them; outcomes of a lane that is gone are left out. */
export function laneOutcomes({scene, lane_outcomes: outcomes, shares}: SceneLine): LaneOutcome[] {
  const learned = shares.find((one) => one.class === 'other')?.shares;
  return scene.lanes.map((lane, i) => {
    const known = outcomes.find((one) => one.lane === lane.lane) ?? {taken: 0, ignored: 0};
    const shown = known.taken + known.ignored;
    return {...lane, taken: known.taken, shown, rate: shown > 0 ? known.taken / shown : null, interval: wilson(known.taken, shown), learned: learned?.[i]};
  });
}

export type Remedy =
  | {kind: 'weights'; weak: LaneOutcome; strong: LaneOutcome}
  | {kind: 'content'; lane: LaneOutcome}
  | {kind: 'policy'}
  | {kind: 'tags'};
const kLow = 0.1;
const kSeenLeast = 50;
/**
 * What can be done about a scene that is flagged: move weight from a lane that surely does worse than another, put other content into lanes
 * that surely lie under 10 %, let the shares learn, and look at the tags that bring people here.
 */
export function remediesOf(line: SceneLine): Remedy[] {
  const seen = laneOutcomes(line).filter(({shown}) => shown >= kSeenLeast).sort((a, b) => b.rate! - a.rate!);
  const found: Remedy[] = [];
  const strong = seen[0];
  const weak = seen.at(-1);
  if (strong && weak && strong.interval!.low > weak.interval!.high) found.push({kind: 'weights', weak, strong});
  for (const lane of seen.filter(({interval}) => interval!.high < kLow)) found.push({kind: 'content', lane});
  if (line.scene.policy === 'fixed' || line.scene.policy === 'literal') found.push({kind: 'policy'});
  return [...found, {kind: 'tags'}];
}

export type Change = {member: string; before: string; after: string};
const kPlain = ['rank', 'trigger', 'other_category', 'needs_product', 'category_cap', 'holdout', 'explore', 'policy', 'from', 'until', 'stopped'] as const;
const said = (value: unknown): string => (value === undefined || value === null || value === '' || value === false ? '–' : Array.isArray(value) ? value.join(', ') || '–' : typeof value === 'object' ? Object.values(value).join(' / ') : String(value));
/** What a draft changes of the scene that serves, member by member. */
export function changesOf(before: Scene, after: Scene): Change[] {
  const changes: Change[] = [];
  const tell = (member: string, a: unknown, b: unknown): void => {
    if (said(a) !== said(b)) changes.push({member, before: said(a), after: said(b)});
  };
  tell('title', before.title, after.title);
  for (const name of kPlain) tell(name, before[name], after[name]);
  const lanes = (scene: Scene): string[] => scene.lanes.map(({lane, share}) => `${lane} ${share}`);
  tell('lanes', lanes(before), lanes(after));
  const rest = (scene: Scene): string => JSON.stringify(scene.lanes.map(({share, ...lane}) => lane));
  if (rest(before) !== rest(after) && !changes.some(({member}) => member === 'lanes')) changes.push({member: 'lanes', before: '…', after: '…'});
  const hands = (all: readonly (string | Hand | Boost)[] | undefined): string[] => (all ?? []).map((one) => {
    const hand: Hand & {points?: number} = handOf(one);
    const times = hand.from || hand.until ? ` (${hand.from ?? '…'} – ${hand.until ?? '…'})` : '';
    return `${hand.id}${hand.points === undefined ? '' : ` ${hand.points > 0 ? '+' : ''}${hand.points}`}${times}`;
  });
  for (const name of ['pins', 'left_out', 'boosts'] as const) tell(name, hands(before[name]), hands(after[name]));
  return changes;
}
