import {html, svg, type TemplateResult} from 'lit';

import {linePath} from '../model/sparkline';

/** A line without axes beside a number that says the value; not for reading values off. */
export function sparkline(values: readonly (number | null)[], width = 120, height = 30): TemplateResult {
  const path = linePath(values, width, height);
  return html`<svg class="spark" viewBox="0 0 ${width} ${height}" width=${width} height=${height} preserveAspectRatio="none" aria-hidden="true">
    ${svg`<path d=${path} fill="none" stroke="currentColor" stroke-width="1.6" stroke-linejoin="round" stroke-linecap="round" vector-effect="non-scaling-stroke"></path>`}
  </svg>`;
}
