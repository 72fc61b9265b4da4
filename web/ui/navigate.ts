import {withFilters} from '../model/route';

/** Moves within the console without loading a page. */
export function go(address: string, options: {replace?: boolean; keepFocus?: boolean} = {}): void {
  if (options.replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  window.dispatchEvent(new CustomEvent('rapport-moved', {detail: {keepFocus: options.keepFocus ?? false}}));
}

/** Changes filters in place: the address says what is shown. */
export function setFilters(changes: Record<string, string | undefined>, options: {replace?: boolean} = {}): void {
  const here = new URL(window.location.href);
  go(withFilters(here.pathname, here.searchParams, changes), {replace: options.replace ?? false, keepFocus: true});
}
