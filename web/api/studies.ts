import {bad, good, type Result} from '../model/result';
import type {Method} from '../model/study_form';
import type {Report} from '../model/study_report';
import {answer, ask, get} from './http';

/** What a study is about: a question to the shop, a table handed over, or the sheets of a survey. */
export interface StudyQuestion {
  sql?: string;
  table?: string;
  survey?: string;
  options: Record<string, unknown>;
}
export interface StudyColumn {
  name: string;
  type: 'number' | 'text';
  distinct?: number;
  missing?: number;
  examples: string[];
}
export interface StudyTable {
  table: string;
  n: number;
  columns: StudyColumn[];
  problems: string[];
}

export const readMethods = (signal?: AbortSignal) => get<{methods: Method[]}>('/v1/studies', {}, signal);

export function runStudy(method: string, question: StudyQuestion, signal?: AbortSignal): Promise<Result<Report>> {
  const asking = {query: {as: 'parts'}, body: question};
  return ask<Report>('POST', `/v1/studies/${encodeURIComponent(method)}`, signal ? {...asking, signal} : asking);
}
/** The same study as a file: the field's own JSON, or the page to print. */
export async function studyFile(method: string, question: StudyQuestion, as: 'json' | 'html', language: string): Promise<Result<Blob>> {
  const query = as === 'html' ? {as, lang: language} : {};
  const got = await answer('POST', `/v1/studies/${encodeURIComponent(method)}`, {query, body: question});
  if (!got.ok) return got;
  try {
    return good(await got.value.blob());
  } catch (cause) {
    return bad({code: 'unreadable', status: got.value.status, detail: String(cause)});
  }
}
/** Stops the study that is under way; one runs at a time. */
export const cancelStudy = () => ask<{cancelled: boolean}>('DELETE', '/v1/studies/running');
export const addStudyTable = (file: Blob, sheet: string) =>
  ask<StudyTable>('POST', '/v1/study-tables', {query: {sheet}, body: file});
