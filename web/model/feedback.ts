/** What customers said, clause by clause: how it is marked in the text, and how a person corrects it. Pure. */

export const kFeedbackClasses = ['product', 'service', 'logistics', 'price', 'payment', 'experience'] as const;
export type FeedbackClass = (typeof kFeedbackClasses)[number];
export const kMoods = ['negative', 'neutral', 'positive'] as const;
export type Mood = (typeof kMoods)[number];

/** The aspects that the shipped model knows, by the class they belong to. */
export const kAspects: Readonly<Record<FeedbackClass, readonly string[]>> = {
  product: ['quality', 'function', 'battery', 'noise', 'size', 'appearance', 'smell', 'taste', 'safety', 'authenticity', 'instructions', 'facility', 'content'],
  service: ['attitude', 'response', 'expertise', 'promise', 'repair', 'return', 'installation'],
  logistics: ['delay', 'packaging', 'damage', 'courier', 'tracking', 'wrong_item'],
  price: ['value', 'discount', 'drop', 'fees'],
  payment: ['failure', 'methods', 'refund', 'invoice', 'charge'],
  experience: ['app', 'navigation', 'description', 'account', 'ads', 'checkout', 'loyalty'],
};

export interface Clause {
  class: FeedbackClass;
  /** -1 (blame) .. 1 (praise). */
  sentiment: number;
  /** "" where none stands out. */
  aspect: string;
  urgency: number;
  confidence: number;
  /** Characters of the text (code points), the end not among them. */
  from: number;
  to: number;
  text?: string;
}
export interface FeedbackEntry {
  id: string;
  kind: 'review' | 'follow_up' | 'message' | 'survey';
  at: string;
  seq: number;
  customer: string;
  product_id: string;
  order_id: string;
  contact_id: string;
  rating: number | null;
  state: 'classified' | 'unsure' | 'corrected';
  department: string;
  sentiment: number;
  replied: boolean;
  ticket: {ticket_id: string; state: string} | null;
  clauses: Clause[];
  unsure: Clause[];
  /** For those who may reveal. */
  text?: string;
}
export interface FeedbackCounts {
  all: number;
  negative: number;
  unsure: number;
  corrected: number;
  classes: Record<string, number>;
  aspects: Record<string, number>;
}
export interface FeedbackModel {
  version: string;
  examples: number;
  threshold: number;
  listening: boolean;
  behind: number;
}
export interface Feedback {
  feedback: FeedbackEntry[];
  next: number | null;
  /** By class, as the service levels name them. */
  departments: Record<string, string>;
  counts: FeedbackCounts;
  model: FeedbackModel;
  complete: boolean;
}
export interface Pain {
  phrase: string;
  /** Complaints with it, and what is no complaint and has it. */
  n: number;
  others: number;
  customers: number;
  recent: number;
  expected: number;
  /** Log-odds of standing in a complaint, over its standard error. */
  odds: number;
  /** Recent less expected, over its standard error. */
  rise: number;
  burst: boolean;
  examples: {id: string; at: string; customer: string; product_id: string; text?: string}[];
}
export interface Pains {
  pains: Pain[];
  days: number;
  recent_days: number;
  clauses: number;
  blamed: number;
  complete: boolean;
}

export const moodOf = (sentiment: number): Mood => (sentiment < 0 ? 'negative' : sentiment > 0 ? 'positive' : 'neutral');

export interface Label {
  clause: Clause;
  sure: boolean;
}
/** A stretch of the text; `labels` are those of the clauses over it, `ends` those of the clauses that end with it. */
export interface Stretch {
  text: string;
  labels: Label[];
  ends: Label[];
}

/** The text in stretches that the same clauses cover; joined they are the text again, whatever the places are. */
export function stretches(text: string, clauses: readonly Clause[], unsure: readonly Clause[]): Stretch[] {
  const characters = Array.from(text);
  const within = (place: number): number => Math.max(0, Math.min(characters.length, Math.trunc(place) || 0));
  const labels = [...clauses.map((clause) => ({clause, sure: true})), ...unsure.map((clause) => ({clause, sure: false}))]
    .map((label) => ({label, from: within(label.clause.from), to: within(label.clause.to)})).filter(({from, to}) => from < to);
  const cuts = [...new Set([0, characters.length, ...labels.flatMap(({from, to}) => [from, to])])].sort((a, b) => a - b);
  const out: Stretch[] = [];
  for (let i = 0; i + 1 < cuts.length; i += 1) {
    const [from, to] = [cuts[i]!, cuts[i + 1]!];
    const over = labels.filter((one) => one.from <= from && one.to >= to);
    out.push({text: characters.slice(from, to).join(''), labels: over.map(({label}) => label), ends: over.filter((one) => one.to === to).map(({label}) => label)});
  }
  return out;
}

/** How a stretch is coloured: by what is surely said, blame before praise. */
export function toneOf(labels: readonly Label[]): {mood: Mood; sure: boolean} | undefined {
  if (labels.length === 0) return undefined;
  const sure = labels.filter((one) => one.sure);
  const moods = (sure.length ? sure : labels).map(({clause}) => moodOf(clause.sentiment));
  return {mood: kMoods.find((mood) => mood !== 'neutral' && moods.includes(mood)) ?? 'neutral', sure: sure.length > 0};
}

/** A line of the correction, as the form has it. */
export interface Corrected {
  class: FeedbackClass;
  mood: Mood;
  aspect: string;
  urgent: boolean;
  from: number;
  to: number;
}
/** What a person starts from: what the model says, sure and unsure. */
export const correctionOf = ({clauses, unsure}: FeedbackEntry): Corrected[] => [...clauses, ...unsure]
  .map((clause) => ({class: clause.class, mood: moodOf(clause.sentiment), aspect: clause.aspect, urgent: clause.urgency > 0, from: clause.from, to: clause.to}))
  .sort((a, b) => a.from - b.from);
/** A clause that the model did not see: the whole text. */
export const wholeText = ({text}: FeedbackEntry): Corrected => ({class: 'product', mood: 'negative', aspect: '', urgent: false, from: 0, to: Math.max(1, Array.from(text ?? ' ').length)});

const kSigns: Readonly<Record<Mood, number>> = {negative: -1, neutral: 0, positive: 1};
/** The body of POST /v1/feedback/{id}/correct; no clause means that it is about nothing. */
export const correctionBody = (lines: readonly Corrected[]) => ({
  clauses: lines.map(({mood, aspect, urgent, ...line}) => ({...line, sentiment: kSigns[mood], urgency: urgent ? 1 : 0, ...(aspect ? {aspect} : {})})),
});

/** Of what an answer to many speaks; who praised hears of it as who blamed. */
export interface About {
  phrase?: string;
  class?: string;
  aspect?: string;
  product_id?: string;
  days?: number;
}
export interface AnswerDraft {
  answer_id: string;
  phrase: string;
  class: string;
  aspect: string;
  product_id: string;
  days: string;
}
export const aboutOf = ({phrase, class: of, aspect, product_id: product, days}: AnswerDraft): About => ({
  ...(phrase.trim() ? {phrase: phrase.trim()} : {}), ...(of ? {class: of} : {}), ...(aspect ? {aspect} : {}), ...(product.trim() ? {product_id: product.trim()} : {}), days: Number(days),
});
/** What keeps it from being counted: the first fault, by the name of its words. */
export function answerFault({answer_id: id, days, ...about}: AnswerDraft): 'id' | 'about' | 'days' | undefined {
  if (!/^[A-Za-z0-9_.:-]{1,64}$/.test(id.trim())) return 'id';
  if (![about.phrase, about.class, about.aspect, about.product_id].some((one) => one.trim())) return 'about';
  return /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= 365 ? undefined : 'days';
}

/** Who said something, with how often and when last; those who said it most come first. */
export interface Voice {
  customer: string;
  pieces: number;
  last: string;
  tickets: string[];
}
export function voicesOf(entries: readonly Pick<FeedbackEntry, 'customer' | 'at' | 'ticket'>[]): Voice[] {
  const all = new Map<string, Voice>();
  for (const {customer, at, ticket} of entries) {
    const one = all.get(customer) ?? {customer, pieces: 0, last: at, tickets: []};
    one.pieces += 1;
    if (Date.parse(at) > Date.parse(one.last)) one.last = at;
    if (ticket && !one.tickets.includes(ticket.ticket_id)) one.tickets.push(ticket.ticket_id);
    all.set(customer, one);
  }
  return [...all.values()].sort((a, b) => b.pieces - a.pieces || Date.parse(b.last) - Date.parse(a.last));
}
/** A list for a table program: quoted where it must be, and nothing that it would take for a formula. */
export function csvOf(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
    return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n') + '\r\n';
}
