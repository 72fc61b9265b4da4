/** What can go wrong with a question to the server: an RFC 9457 problem document, or no answer at all. */
export interface Problem {
  /** The server's code, or `unreachable` when nothing answered and `unreadable` when the answer made no sense. */
  code: string;
  status: number;
  detail: string;
  where?: string;
  expected?: string;
  /** Seconds after which asking again makes sense. */
  retryAfter?: number;
}

export type Result<T> = {ok: true; value: T} | {ok: false; error: Problem};

export function good<T>(value: T): Result<T> {
  return {ok: true, value};
}

export function bad<T>(error: Problem): Result<T> {
  return {ok: false, error};
}

/** A problem out of the body of an answer that was no success. Never throws. */
export function problemOf(status: number, body: string, retryAfter: string | null): Problem {
  const problem: Problem = {code: 'unreadable', status, detail: ''};
  try {
    const parsed = JSON.parse(body) as Record<string, unknown>;
    if (typeof parsed['code'] === 'string') problem.code = parsed['code'];
    if (typeof parsed['detail'] === 'string') problem.detail = parsed['detail'];
    if (typeof parsed['where'] === 'string' && parsed['where']) problem.where = parsed['where'];
    if (typeof parsed['expected'] === 'string' && parsed['expected']) problem.expected = parsed['expected'];
  } catch {
    problem.detail = body.slice(0, 200);
  }
  const seconds = Number(retryAfter);
  if (retryAfter !== null && Number.isFinite(seconds)) problem.retryAfter = seconds;
  return problem;
}
