/** A study's report as the server tells it in parts, and what a page needs to draw it. */

export interface Text3 {
  en: string;
  'zh-Hans': string;
  'zh-Hant': string;
}
export type Told = string | Partial<Text3> | null | undefined;
export type Cell = string | number | null;
export interface Figure {
  name: string;
  group: string;
  value: number | null;
  low: number | null;
  high: number | null;
  n: number;
  definition: string;
}
export interface ReportTable {
  key: string;
  title: Told;
  columns: string[];
  rows: Cell[][];
}
export interface Check {
  name: string;
  status: 'passed' | 'warned' | 'failed';
  detail: Told;
}
export interface Report {
  method: string;
  title: Told;
  n: number;
  rows_given: number;
  checks: Check[];
  figures: Figure[];
  tables: ReportTable[];
  charts: {title: Told; svg: string}[];
  reading: Told;
  citations: string[];
}

/** The text in the page's language; a text that is not there in it, in the next best. */
export function told(text: Told, language: string): string {
  if (!text) return '';
  if (typeof text === 'string') return text;
  const hans = text['zh-Hans'];
  const hant = text['zh-Hant'];
  const order = language === 'zh-TW' ? [hant, hans, text.en] : language === 'zh-CN' ? [hans, hant, text.en] : [text.en, hans, hant];
  return order.find((one) => one) ?? '';
}

/** Sentences of a reading: what may become an action. Numbers like 3.94 and "p = .05" do not end one. */
export function sentences(reading: string): string[] {
  return (reading.match(/[^。！？]*?(?:[。！？]|[.!?](?=\s+["'“‘(\p{Lu}])|$)/gsu) ?? []).map((one) => one.trim()).filter(Boolean);
}

/** Six significant digits at most; fixed where that is readable. */
export function digits(value: number | null | undefined, language: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e9)) return value.toExponential(2);
  return new Intl.NumberFormat(language, {maximumSignificantDigits: Math.abs(value) >= 10_000 ? 7 : 4}).format(value);
}

/** Figures whose interval's ends the server tells beside them, drawn as one: `rmsea.ci.lower`, or `ci_low` of an `effect` or `lift`. */
export function withIntervals(figures: readonly Figure[]): Figure[] {
  const find = (group: string, name: string): Figure | undefined => figures.find((one) => one.group === group && one.name === name);
  const used = new Set<Figure>();
  const joined = new Map<Figure, Figure>();
  const join = (figure: Figure, low: Figure | undefined, high: Figure | undefined): void => {
    if (!low || !high || figure.low !== null) return;
    used.add(low).add(high);
    joined.set(figure, {...figure, low: low.value, high: high.value});
  };
  for (const figure of figures) {
    join(figure, find(figure.group, `${figure.name}.ci.lower`), find(figure.group, `${figure.name}.ci.upper`));
    if (figure.name === 'effect' || figure.name === 'lift') join(figure, find(figure.group, 'ci_low'), find(figure.group, 'ci_high'));
  }
  return figures.filter((figure) => !used.has(figure)).map((figure) => joined.get(figure) ?? figure);
}

/** A column of a drawn table: one of the report's, or an interval made of two. */
export interface Drawn {
  column: number;
  name: string;
  /** The upper end when the column is an interval's lower end. */
  until?: number;
  numeric: boolean;
}

const kEnds: readonly [RegExp, string][] = [[/^(.*?)_?ci_low$/, 'ci_high'], [/^(.*?)_?ci\.lower$/, 'ci.upper']];

/** The columns to draw: an interval's two ends side by side become one column. */
export function drawnColumns(table: ReportTable): Drawn[] {
  const out: Drawn[] = [];
  table.columns.forEach((name, column) => {
    const numeric = table.rows.some((row) => typeof row[column] === 'number') && table.rows.every((row) => typeof row[column] !== 'string');
    for (const [low, high] of kEnds) {
      const found = low.exec(name);
      const upper = name.includes('.') ? 'ci.upper' : name.replace(/ci_low$/, high);
      if (found && table.columns[column + 1] === upper) {
        out.push({column, until: column + 1, name: found[1] ? `${found[1]}_ci` : 'ci', numeric: true});
        return;
      }
    }
    const before = out.at(-1);
    if (before?.until === column) return;
    out.push({column, name, numeric});
  });
  return out;
}

/** Whether every check passed, some warned, or one failed. */
export function worst(checks: readonly Check[]): Check['status'] {
  if (checks.some(({status}) => status === 'failed')) return 'failed';
  return checks.some(({status}) => status === 'warned') ? 'warned' : 'passed';
}
