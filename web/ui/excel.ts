import {exportRows} from '../api/data';
import {rowsAsSql} from '../model/rows_as_sql';
import {problemText, saveFile} from './parts';
import {toast} from './toast';

/** What a screen shows as an Excel file, written by the server like every other export. */
export async function saveExcel(name: string, columns: readonly string[], rows: readonly (readonly (string | number | null)[])[]): Promise<void> {
  const got = await exportRows(rowsAsSql(columns, rows), 'xlsx');
  if (got.ok) saveFile(`${name}.xlsx`, got.value);
  else toast(problemText(got.error), {bad: true});
}
