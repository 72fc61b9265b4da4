/** Rows that a screen holds, as a SELECT that gives them back: so that one export serves them and queries alike. Pure. */
export function rowsAsSql(names: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
  const head = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(', ');
  if (rows.length === 0) return `SELECT ${names.map((name) => `NULL AS "${name.replaceAll('"', '""')}"`).join(', ')} WHERE false`;
  const lines = rows.map((row) => `(${row.map((cell) => cell === null ? 'NULL' : typeof cell === 'number' ? (Number.isFinite(cell) ? String(cell) : 'NULL') : quoted(cell)).join(', ')})`);
  return `SELECT * FROM (VALUES ${lines.join(', ')}) AS report(${head})`;
}
