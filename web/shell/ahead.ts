import {kRoutes, type Route} from './routes';

/** What older browsers lack, and what their users ask of us. */
interface Connection {
  saveData?: boolean;
}

let waiting: (() => Promise<unknown>)[] | undefined;
let busy = false;

const idle = (call: () => void): void => void (window.requestIdleCallback ? window.requestIdleCallback(call, {timeout: 5_000}) : setTimeout(call, 1_000));

function next(): void {
  const load = waiting?.shift();
  busy = load !== undefined;
  if (load) void load().catch(() => undefined).then(() => idle(next));
}

/**
 * Fetches the code of the other screens while nobody waits for anything, one after the other, so that the first visit of a screen does
 * not wait for it; those that are a step away from `here` first. Not for readers who save data; what fails is fetched again when it is wanted.
 */
export function fetchAhead(here: Route): void {
  const connection = (navigator as Navigator & {connection?: Connection}).connection;
  if (connection?.saveData) return;
  waiting ??= [...new Set(kRoutes.map(({load}) => load))];
  const near = new Set(kRoutes.filter(({nav}) => nav === here.nav).map(({load}) => load));
  waiting = [...waiting.filter((load) => near.has(load)), ...waiting.filter((load) => !near.has(load))];
  if (busy) return;
  busy = true;
  idle(next);
}
