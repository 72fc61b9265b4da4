/**
 * The clock of the shop that is shown. A simulated shop's is driven, often faster than ours; its answers tell where it stands, and
 * "3 hours ago" is counted from there. Any other shop's is our own.
 */
let driven = false;
let latest_ms = 0;

/** From the session document, at sign-in and after a change of the shop. */
export function useShopClock(isDriven: boolean, now: string | null | undefined): void {
  driven = isDriven;
  latest_ms = 0;
  hearShopClock(now);
}
/** An answer said as of when it holds. */
export function hearShopClock(now: string | null | undefined): void {
  const told_ms = now ? Date.parse(now) : NaN;
  if (Number.isFinite(told_ms)) latest_ms = Math.max(latest_ms, told_ms);
}
/** Milliseconds since 1970. */
export function shopNow(): number {
  return driven && latest_ms > 0 ? latest_ms : Date.now();
}
