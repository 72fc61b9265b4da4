/** Whether an answer of SQL can be drawn, and as what. Pure. */
export interface Table {
  columns: {name: string; type: string}[];
  rows: (string | number | boolean | null)[][];
}
export interface Drawable {
  kind: 'bar' | 'line';
  label: number;
  values: number[];
}

const kNumber = /INT|DOUBLE|FLOAT|DECIMAL|REAL|HUGEINT/i;
const kTime = /DATE|TIME/i;
const kBarsMost = 60;
const kPointsMost = 5_000;

/** One column of words or times and at least one of numbers make a chart; times a line, words bars; else nothing does. */
export function drawable(table: Table): Drawable | undefined {
  const values = table.columns.flatMap((column, i) => kNumber.test(column.type) ? [i] : []);
  const label = table.columns.findIndex((column) => !kNumber.test(column.type));
  if (values.length === 0 || label < 0 || table.rows.length < 2) return undefined;
  const kind = kTime.test(table.columns[label]!.type) ? 'line' : 'bar';
  if (table.rows.length > (kind === 'line' ? kPointsMost : kBarsMost)) return undefined;
  return {kind, label, values: values.slice(0, 5)};
}

/** The greatest of the first value column, for the sentence. */
export function greatest(table: Table, drawn: Drawable): {label: string; value: number; column: string} | undefined {
  const column = drawn.values[0]!;
  let best: {label: string; value: number; column: string} | undefined;
  for (const row of table.rows) {
    const value = Number(row[column]);
    if (row[column] !== null && Number.isFinite(value) && (!best || value > best.value)) {
      best = {label: String(row[drawn.label] ?? ''), value, column: table.columns[column]!.name};
    }
  }
  return best;
}
