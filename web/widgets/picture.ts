import {svg, html, type TemplateResult} from 'lit';

import type {Product} from './runtime/nouns';

/** A drawing of what a product is, for shops that publish no photograph of it. 64 x 64, strokes only. */
const kDrawings: Record<string, TemplateResult> = {
  'air purifier': svg`<rect x="20" y="8" width="24" height="48" rx="6"/><path d="M26 40h12M26 45h12M26 50h12"/><circle cx="32" cy="22" r="7"/><path d="M50 18c4 0 4 6 8 6M50 28c4 0 4 6 8 6M6 20c4 0 4 6 8 6"/>`,
  'purifier filter': svg`<rect x="14" y="12" width="36" height="40" rx="4"/><path d="M20 12v40M26 12v40M32 12v40M38 12v40M44 12v40"/>`,
  'water purifier': svg`<path d="M32 8c8 11 13 17 13 24a13 13 0 0 1-26 0c0-7 5-13 13-24z"/><path d="M25 34a7 7 0 0 0 7 7"/><path d="M14 54h36"/>`,
  'coffee machine': svg`<path d="M16 8h32v12H16zM16 20v36h32V46H28V20"/><path d="M36 28h10v6a5 5 0 0 1-10 0zM46 29h3a3 3 0 0 1 0 6h-3M41 20v4"/>`,
  'coffee beans': svg`<path d="M18 14h28l4 42H14z"/><path d="M18 14l4-6h20l4 6"/><ellipse cx="32" cy="36" rx="8" ry="11" transform="rotate(25 32 36)"/><path d="M36 27c-6 5-2 12-8 18"/>`,
  'robot vacuum': svg`<circle cx="32" cy="32" r="23"/><circle cx="32" cy="24" r="7"/><path d="M14 42h36M28 50h8"/>`,
  'humidifier': svg`<path d="M20 30h24l4 26H16z"/><path d="M32 30v-6M26 18c0-5 6-5 6-10M34 20c0-5 6-5 6-10"/><path d="M22 44h20"/>`,
  'stroller': svg`<path d="M14 16h8l6 26h20l4-16H26"/><path d="M52 26A20 20 0 0 0 32 10v16"/><circle cx="28" cy="52" r="5"/><circle cx="48" cy="52" r="5"/>`,
  'infant formula': svg`<rect x="16" y="14" width="32" height="42" rx="5"/><path d="M18 8h28v6H18zM16 28h32M16 44h32"/><circle cx="32" cy="36" r="4"/>`,
  'child seat': svg`<path d="M20 8h20a6 6 0 0 1 6 6v26H22z"/><path d="M22 40l-4 8h32v8H14v-8M27 16v24M41 16v24"/>`,
  'nappies': svg`<path d="M8 16h48v12c-12 0-16 8-16 22H24c0-14-4-22-16-22z"/><path d="M8 22h8M48 22h8"/>`,
  'breast pump': svg`<path d="M20 28h24v24a6 6 0 0 1-6 6H26a6 6 0 0 1-6-6z"/><path d="M24 28l-8-18h32l-8 18M26 40h12"/>`,
  'study desk': svg`<path d="M8 26h48v6H8zM14 32v24M50 32v24M14 46h36"/><path d="M42 26V12l-8-4"/>`,
  'tent': svg`<path d="M32 10L6 54h52zM32 28l-10 26M32 28l10 26M32 10v18"/>`,
  'sleeping bag': svg`<path d="M22 8h20a8 8 0 0 1 8 8l-4 34a8 8 0 0 1-8 6H26a8 8 0 0 1-8-6l-4-34a8 8 0 0 1 8-8z"/><ellipse cx="32" cy="20" rx="9" ry="6"/><path d="M32 26v28"/>`,
  'power station': svg`<rect x="8" y="18" width="48" height="34" rx="6"/><path d="M22 18v-6h20v6M34 24l-8 12h12l-8 12"/>`,
  'solar panel': svg`<path d="M14 24h36l8 28H6z"/><path d="M26 24l-4 28M38 24l4 28M10 38h44"/><circle cx="50" cy="10" r="4"/>`,
  'shell jacket': svg`<path d="M24 8h16l14 10-4 14-6-3v27H20V29l-6 3-4-14z"/><path d="M32 14v42M24 8l8 6 8-6"/>`,
  'hiking shoes': svg`<path d="M12 18h16l4 14 18 6a8 8 0 0 1 6 8v4H12z"/><path d="M12 44h44M28 26h-5M30 32h-5"/>`,
  'vacuum flask': svg`<rect x="20" y="18" width="24" height="40" rx="6"/><path d="M24 6h16v12H24zM20 30h24"/>`,
  'serum': svg`<rect x="20" y="28" width="24" height="30" rx="5"/><path d="M26 28v-8h12v8M32 20V8M28 8h8M32 36c4 5 5 7 5 9a5 5 0 0 1-10 0c0-2 1-4 5-9z"/>`,
  'sunscreen': svg`<path d="M18 30h28l-4 28H22z"/><path d="M22 22h20v8H22z"/><circle cx="32" cy="10" r="4"/><path d="M22 10h3M39 10h3M26 4l2 2M38 4l-2 2"/>`,
  'lipstick': svg`<path d="M22 34h20v24H22zM26 22h12v12H26zM26 22V12l12-6v16"/>`,
  'face cream': svg`<rect x="10" y="28" width="44" height="28" rx="8"/><path d="M12 16h40v12H12zM24 42h16"/>`,
  'RF beauty device': svg`<path d="M24 8h16l4 14H20zM26 22h12l-2 36h-8z"/><path d="M12 10c-3 4-3 8 0 12M52 10c3 4 3 8 0 12"/>`,
  'electric toothbrush': svg`<rect x="27" y="30" width="10" height="28" rx="4"/><path d="M30 30V10h4v20M34 10h6v10h-6"/><circle cx="32" cy="40" r="2"/>`,
};
const kAny = svg`<path d="M10 20l22-12 22 12v26L32 58 10 46z"/><path d="M10 20l22 12 22-12M32 32v26"/>`;

const kOrder = Object.keys(kDrawings);

/** One of six grounds: one category looks alike, and its neighbours differ. */
export function groundOf(product: Product): number {
  const at = kOrder.indexOf(product.category_en ?? '');
  return (at < 0 ? (product.category ?? '').length : at) % 6;
}

export function picture(product: Product): TemplateResult {
  return html`<span class="picture ground${groundOf(product)}" part="picture"><svg viewBox="0 0 64 64" aria-hidden="true" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${kDrawings[product.category_en ?? ''] ?? kAny}</svg></span>`;
}
