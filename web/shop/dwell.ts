import {areaEngaged} from '../widgets/runtime/events';
import {shop} from './state';

const kLeast_ms = 1000;
const kMost_ms = 600_000;

/** Measures how long each `[data-area]` below `root` is in view, and tells it when the page is left. Call what it returns on leaving. */
export function measure(root: Element, page: string, product: string): () => void {
  const since = new Map<string, number>();
  const spent = new Map<string, number>();
  const pause = (area: string): void => {
    const from = since.get(area);
    since.delete(area);
    if (from !== undefined) spent.set(area, (spent.get(area) ?? 0) + performance.now() - from);
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      const area = (entry.target as HTMLElement).dataset['area']!;
      if (entry.isIntersecting && !document.hidden) since.set(area, since.get(area) ?? performance.now());
      else pause(area);
    }
  }, {threshold: 0.3});
  for (const area of root.querySelectorAll('[data-area]')) seen.observe(area);
  const tell = (): void => {
    for (const area of [...since.keys()]) pause(area);
    for (const [area, ms] of spent) if (ms >= kLeast_ms) shop.client.leave(areaEngaged(page, area, Math.min(ms, kMost_ms), product));
    spent.clear();
  };
  window.addEventListener('pagehide', tell);
  return () => {
    seen.disconnect();
    window.removeEventListener('pagehide', tell);
    tell();
  };
}
