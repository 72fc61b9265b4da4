import {kRoutes} from './routes';

/** What older browsers lack, and what their users ask of us. */
interface Connection {
  saveData?: boolean;
}

let begun = false;

/**
 * Fetches the code of the other screens while nobody waits for anything, one after the other, so that the first visit of a screen does
 * not wait for it. Not for readers who save data; what fails is fetched again when it is wanted.
 */
export function fetchAhead(): void {
  const connection = (navigator as Navigator & {connection?: Connection}).connection;
  if (begun || connection?.saveData) return;
  begun = true;
  const waiting = [...new Set(kRoutes.map(({load}) => load))];
  const idle = (call: () => void): void => void (window.requestIdleCallback ? window.requestIdleCallback(call, {timeout: 5_000}) : setTimeout(call, 1_000));
  const next = (): void => {
    const load = waiting.shift();
    if (load) void load().catch(() => undefined).then(() => idle(next));
  };
  idle(next);
}
