import {exportRows} from '../../api/data';
import type {Overview} from '../../api/insight';
import {named} from '../../i18n/i18n';
import {rowsAsSql} from '../../model/rows_as_sql';
import {problemText, saveFile} from '../../ui/parts';
import {toast} from '../../ui/toast';

/** The tiles as an Excel file, written by the server like every other export. */
export async function exportTiles(overview: Overview): Promise<void> {
  const rows = overview.tiles.map((tile) => [named('tile', tile.id), tile.value, tile.unit ?? '', tile.previous ?? null, tile.target ?? null]);
  const got = await exportRows(rowsAsSql(['tile', 'value', 'unit', 'previous', 'target'], rows), 'xlsx');
  if (got.ok) saveFile(`overview-${overview.as_of.slice(0, 10)}.xlsx`, got.value);
  else toast(problemText(got.error), {bad: true});
}
