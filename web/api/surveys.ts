import type {Told} from '../model/study_report';
import type {Survey} from '../model/survey';
import {bad, good, type Result} from '../model/result';
import {answer, ask, get} from './http';

export interface SurveyTemplate {
  template: string;
  kind: string;
  title: Told;
  purpose: Told;
  items: number;
  method?: string;
}
export interface SurveyLine {
  survey_id: string;
  title: Told;
  template?: string;
  kind: string;
  items: number;
  closed: boolean;
  invited: number;
  reminders: number;
  answered: number;
}
export interface SurveyResults {
  survey_id: string;
  invited: number;
  reminders: number;
  answered: number;
  response_rate: number | null;
  version: number;
  versions: {version: number; sheets: number; items: {item: string; n: number; mean: number | null}[]}[];
  items: {item: string; text: Told; type: string; since: number; n: number; mean: number | null; reverse?: boolean; dimension?: string; counts: {value: number; n: number}[]}[];
  trend: {day: string; n: number}[];
  known_at: number;
}
export interface SurveyLink {
  token: string;
  url: string;
  path: string;
  qr: string;
  expires_at: string;
}
export interface Invitations {
  invited: {customer: string; token: string; url: string; path: string; expires_at: string; reminder: boolean; sent_by: '' | 'mail' | 'shop' | 'webhook'}[];
  refused: {customer: string; code: string; why: string; expected?: string}[];
}

const at = (id: string, rest = ''): string => `/v1/surveys/${encodeURIComponent(id)}${rest}`;

export const readSurveyTemplates = (signal?: AbortSignal) => get<{templates: SurveyTemplate[]}>('/v1/survey-templates', {}, signal);
export const readSurveyTemplate = (template: string, signal?: AbortSignal) => get<Survey>(`/v1/survey-templates/${encodeURIComponent(template)}`, {}, signal);
export const readSurveys = (signal?: AbortSignal) => get<{surveys: SurveyLine[]}>('/v1/surveys', {}, signal);
export const readSurvey = (id: string, signal?: AbortSignal) => get<{survey: Survey; invited: number; answered: number}>(at(id), {}, signal);
export const publishSurvey = (id: string, survey: Survey) => ask<{offset: number}>('PUT', at(id), {body: survey});
export const makeSurveyLink = (id: string, link: {label?: string; single?: boolean; days?: number}) => ask<SurveyLink>('POST', at(id, '/links'), {body: link});
export const inviteToSurvey = (id: string, whom: Record<string, unknown>) => ask<Invitations>('POST', at(id, '/invitations'), {body: whom});
export const readSurveyResults = (id: string, signal?: AbortSignal) => get<SurveyResults>(at(id, '/results'), {}, signal);
export async function surveySheets(id: string): Promise<Result<Blob>> {
  const got = await answer('GET', at(id, '/results'), {query: {as: 'csv'}, headers: {accept: '*/*'}});
  if (!got.ok) return got;
  try {
    return good(await got.value.blob());
  } catch (cause) {
    return bad({code: 'unreadable', status: got.value.status, detail: String(cause)});
  }
}
