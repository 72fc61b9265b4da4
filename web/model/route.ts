/** Where the reader is: the path's pattern, what it caught, and every filter. */
export interface Place {
  path: string;
  params: Record<string, string>;
  query: URLSearchParams;
}

/**
 * What `pattern` ("/customers/:id") catches of `path`, decoded; undefined when it is another place.
 * A last part `*` catches the rest.
 */
export function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  const params: Record<string, string> = {};
  for (const [i, part] of want.entries()) {
    if (part === '*') {
      params['rest'] = have.slice(i).join('/');
      return params;
    }
    const given = have[i];
    if (given === undefined) return undefined;
    if (part.startsWith(':')) {
      try {
        params[part.slice(1)] = decodeURIComponent(given);
      } catch {
        return undefined;
      }
    } else if (part !== given) {
      return undefined;
    }
  }
  return have.length === want.length ? params : undefined;
}

/** The address of the same place with some filters changed; an empty value takes the filter away. */
export function withFilters(path: string, query: URLSearchParams, changes: Record<string, string | undefined>): string {
  const next = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined || value === '') next.delete(name);
    else next.set(name, value);
  }
  const text = next.toString();
  return text ? `${path}?${text}` : path;
}

/** `next` after signing in: only a path of our own, never somewhere else. */
export function safeNext(next: string | null): string {
  if (!next || !next.startsWith('/') || next.startsWith('//') || next.startsWith('/\\')) return '/';
  if (/^\/(login|welcome|setup)/.test(next)) return '/';
  return next;
}
