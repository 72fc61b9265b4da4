/** What was trained and how good it is, now and over time. Pure. */

export interface Models {
  serving: boolean;
  training: boolean;
  damage?: string;
  trained_at?: string;
  position?: number;
  customers?: number;
  items?: number;
  purchases?: number;
  views?: number;
  baskets?: number;
  bytes?: number;
  digest?: string;
  models?: {model: string; learned_from: string; what: string; serves_like?: boolean}[];
  left_out?: {model: string; why: string}[];
  last_training: {at: string; succeeded: boolean; why?: string} | null;
}
export interface Estimate {
  mean: number;
  low: number;
  high: number;
}
export interface Comparison extends Estimate {
  metric: string;
  baseline: string;
  p: number;
}
export interface Judged {
  model: string;
  metrics: Record<string, Estimate>;
  against: Comparison[];
}
export interface TrainedNote {
  kind: 'trained';
  at: string;
  digest: string;
  baskets: number;
  customers: number;
  items: number;
  purchases: number;
  views: number;
  first?: string;
  last?: string;
  models: string[];
  left_out: {model: string; why: string}[];
  seconds: number;
}
export interface FailedNote {
  kind: 'failed';
  at: string;
  why: string;
}
export interface JudgedNote {
  kind: 'judged';
  at: string;
  split: string;
  k: number;
  customers: number;
  interactions: number;
  asked: number;
  cold: number;
  models: Judged[];
  seconds: number;
}
export type Note = TrainedNote | FailedNote | JudgedNote;

export const judgedNotes = (history: readonly Note[]): JudgedNote[] => history.filter((note): note is JudgedNote => note.kind === 'judged');
/** What the models that serve were learned from; undefined when its note is gone. */
export const trainingOf = (history: readonly Note[], digest: string | undefined): TrainedNote | undefined => history.find((note): note is TrainedNote => note.kind === 'trained' && note.digest === digest);

/** A model's name without its settings, and the settings. */
export function partsOf(spec: string): {name: string; settings: string} {
  const at = spec.indexOf(':');
  return at < 0 ? {name: spec, settings: ''} : {name: spec.slice(0, at), settings: spec.slice(at + 1)};
}

/** The lines that every model has to beat. */
export const kBaselines: readonly string[] = ['popularity', 'personal'];
export type Standing = 'line' | 'better' | 'worse' | 'open';
/** Where a model stands to the line to beat: decided only where the interval of the paired difference leaves nought out. */
export function standing({model, against}: Judged): Standing {
  const found = against.find(({metric}) => metric === 'ndcg');
  if (!found) return kBaselines.includes(partsOf(model).name) ? 'line' : 'open';
  return found.low > 0 ? 'better' : found.high < 0 ? 'worse' : 'open';
}
/** Best first by NDCG. */
export const ranked = (judged: readonly Judged[]): Judged[] => [...judged].sort((a, b) => (b.metrics['ndcg']?.mean ?? 0) - (a.metrics['ndcg']?.mean ?? 0));

/** What is judged: what serves, each model once; popularity and personal frequency are there anyway. */
export const toJudge = (models: Models): string[] => (models.models ?? []).map(({model}) => model).filter((spec) => !kBaselines.includes(partsOf(spec).name));

export interface Quality {
  at: string;
  values: (number | null)[];
}
/** NDCG of each model by judgement, oldest first. */
export function overTime(history: readonly Note[]): {models: string[]; rows: Quality[]} {
  const notes = judgedNotes(history).reverse();
  const models = [...new Set(notes.flatMap((note) => note.models.map(({model}) => partsOf(model).name)))];
  return {models, rows: notes.map((note) => ({at: note.at, values: models.map((name) => note.models.find(({model}) => partsOf(model).name === name)?.metrics['ndcg']?.mean ?? null)}))};
}
