/** From the options that the server tells of a method to the fields of a form, and from the form to what is asked. */

export interface MethodOption {
  name: string;
  /** What stands after the option: `A,B,C`, `COLUMN`, `a|b`, `NUMBER`; empty for a flag. */
  value: string;
  help: string;
}
export interface Method {
  name: string;
  purpose: string;
  needs_table: boolean;
  /** Its own question to the shop, empty when only the caller knows the columns. */
  sql: string;
  options: MethodOption[];
}

export type FieldKind = 'flag' | 'columns' | 'column' | 'choice' | 'number' | 'date' | 'text' | 'model' | 'lines';
export interface Field {
  name: string;
  kind: FieldKind;
  choices: string[];
  needed: boolean;
  /** Shown without opening "more": what the question is about, rather than how it is computed. */
  first: boolean;
  help: string;
  value: string;
}

/** Without these nothing can be answered. */
const kNeeded: Record<string, readonly string[]> = {
  alpha: ['items'], efa: ['items'], cfa: ['model'], sem: ['model'], pls: ['model'], drivers: ['outcome', 'items'], ipa: ['outcome', 'items'],
  regression: ['outcome', 'items'], causal: ['treatment', 'outcome'], servqual: ['perceived'],
};
/** Options that name a file: the table is given above the form. */
const kTheTable: readonly string[] = ['matrix', 'summary'];
const kColumns = /^(A,B(,C)?|[PE]1,[PE]2,\.\.\.|B|A)$/;
const kColumn = /^(COLUMN|Y)$/;
const kNumber = /^(NUMBER|N|K|P|A|D|S|SD|SHARE|AMOUNT|RATE|DAYS|MINUTES|HOURS)$/;
/** Words that are numbers in one method and columns in another. */
const kExactly: Record<string, FieldKind> = {
  'power.alpha': 'number', 'power.baseline': 'number', 'weights.reverse': 'columns', 'alpha.reverse': 'columns', 'fuzzy.scores': 'text',
};
const kLater: readonly string[] = ['seed', 'replicates', 'level', 'bootstrap', 'folds', 'draws', 'ci', 'likelihood', 'errors', 'ri', 'curve', 'step', 'theta', 'tuning',
  'trim', 'caliper', 'pairs', 'scheme', 'modindices', 'std-lv', 'orthogonal', 'low', 'high', 'degree', 'no-intercept', 'quantiles', 'planned', 'fractions', 'look', 'adjust',
  'table', 'group', 'top', 'test-share', 'threshold', 'least', 'discount', 'margin', 'satisfied-from', 'counts', 'strata', 'groups', 'visit-gap', 'ask-within',
  'form-pages', 'done-within', 'chase-within', 'back-within', 'importance-line', 'performance-line', 'benefit-line', 'cost-line', 'split', 'horizon', 'given', 'missing'];

function kindOf(method: string, option: MethodOption): FieldKind {
  const exact = kExactly[`${method}.${option.name}`];
  if (exact) return exact;
  const {value} = option;
  if (value === '') return 'flag';
  if (option.name === 'model' && value === 'FILE|TEXT') return 'model';
  if (/^[a-z0-9-]+(\|[a-z0-9-]+)+$/.test(value)) return 'choice';
  if (kColumn.test(value)) return 'column';
  if (kNumber.test(value)) return 'number';
  if (kColumns.test(value)) return 'columns';
  if (value === 'DATE') return 'date';
  return value.startsWith('NAME:N,') ? 'lines' : 'text';
}

export function fieldsOf(method: Method): Field[] {
  const needed = kNeeded[method.name] ?? [];
  return method.options.filter(({name}) => !kTheTable.includes(name)).map((option) => {
    const kind = kindOf(method.name, option);
    return {
      name: option.name, kind, help: option.help, value: option.value, needed: needed.includes(option.name),
      choices: kind === 'choice' ? option.value.split('|') : [],
      first: needed.includes(option.name) || !kLater.includes(option.name),
    };
  });
}

/** The form's answers: one text an option; of `lines` one a line, of `columns` separated by commas. */
export type Answers = Record<string, string>;
const kPrefix = 'o.';

export function answersFrom(query: URLSearchParams): Answers {
  const out: Answers = {};
  for (const [name, value] of query) if (name.startsWith(kPrefix) && value !== '') out[name.slice(kPrefix.length)] = value;
  return out;
}

/** As filters of the address; options that are not answered are taken away. */
export function answersAsFilters(fields: readonly Field[], answers: Answers): Record<string, string> {
  return Object.fromEntries(fields.map(({name}) => [kPrefix + name, answers[name] ?? '']));
}

/** As the server takes them: a flag is true, lines are a list, everything else is text. */
export function asOptions(fields: readonly Field[], answers: Answers): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const {name, kind} of fields) {
    const text = (answers[name] ?? '').trim();
    if (!text) continue;
    if (kind === 'flag') out[name] = true;
    else if (kind === 'lines') out[name] = text.split('\n').map((line) => line.trim()).filter(Boolean);
    else out[name] = text;
  }
  return out;
}

/** The needed options that nobody answered yet. */
export function unanswered(fields: readonly Field[], answers: Answers): string[] {
  return fields.filter(({name, needed}) => needed && !(answers[name] ?? '').trim()).map(({name}) => name);
}

/** Names of the answers that are no columns of this table: it was another table when they were chosen. */
export function strangers(fields: readonly Field[], answers: Answers, columns: readonly string[]): string[] {
  if (!columns.length) return [];
  return fields.filter(({kind}) => kind === 'columns' || kind === 'column')
    .flatMap(({name}) => (answers[name] ?? '').split(',').map((one) => one.trim()).filter(Boolean))
    .filter((name) => !columns.includes(name));
}
