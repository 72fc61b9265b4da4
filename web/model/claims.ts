import type {Cell, Report} from './study_report';

/** A row of the claims board. */
export interface Claim {
  claim: string;
  claimed: number | null;
  figure: number | null;
  low: number | null;
  high: number | null;
  n: number;
  exposed: number;
  evidence: string;
  verdict: string;
  reason: string;
}

const number = (cell: Cell | undefined): number | null => (typeof cell === 'number' ? cell : null);

/** Out of the report's own table; empty when it has none. */
export function claimsOf(report: Pick<Report, 'tables'>): Claim[] {
  const table = report.tables.find(({key}) => key === 'claims');
  if (!table) return [];
  const at = (row: readonly Cell[], column: string): Cell | undefined => row[table.columns.indexOf(column)];
  return table.rows.map((row) => ({
    claim: String(at(row, 'claim') ?? ''), claimed: number(at(row, 'claimed')), figure: number(at(row, 'figure')), low: number(at(row, 'ci_low')), high: number(at(row, 'ci_high')),
    n: number(at(row, 'n')) ?? 0, exposed: number(at(row, 'n_exposed')) ?? 0, evidence: String(at(row, 'evidence') ?? ''), verdict: String(at(row, 'verdict') ?? ''), reason: String(at(row, 'reason') ?? ''),
  }));
}

/** Whether the claim is a share (a relative change), rather than points. */
export const share = (claim: string): boolean => claim !== 'experience';

/** Why a claim cannot be told, when the server says it in one of its usual ways; undefined for another. */
export type Reason = {kind: 'no_column'; what: string} | {kind: 'few_with' | 'few_without' | 'few'; n: string; least: string};
export function reasonOf(reason: string): Reason | undefined {
  const column = /^the data has no (.+)$/.exec(reason);
  if (column) return {kind: 'no_column', what: column[1]!};
  const few = /^only (\d+) (?:(complete) )?rows(?: (with|without) it)? \((\d+) are needed\)$/.exec(reason);
  if (!few) return undefined;
  return {kind: few[3] === 'with' ? 'few_with' : few[3] === 'without' ? 'few_without' : 'few', n: few[1]!, least: few[4]!};
}
