import {html, nothing, type TemplateResult} from 'lit';

import type {Tile} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {changeOf} from '../../model/change';
import {fullDays, thin} from '../../model/sparkline';
import {figure} from '../../ui/figure';
import {percent} from '../../ui/format';
import {icon} from '../../ui/icons';
import {sparkline} from '../../ui/sparkline';

/** One figure: its value, how it changed, its target, and its line; the whole of it opens the facts. */
export function tile(one: Tile): TemplateResult {
  const change = changeOf(one.value, one.previous, one.better ?? 'up');
  const by = change?.relative === undefined ? undefined : percent(Math.abs(change.relative), Math.abs(change.relative) < 0.1 ? 1 : 0);
  const inner = html`<h2>${named('tile', one.id)}</h2>
    <p class="bignumber">${one.value === null ? html`<span class="muted">–</span>` : figure(one.value, one.unit)}</p>
    ${one.value === null ? html`<p class="small muted">${named('why_none', one.reason ?? 'no facts yet')}</p>` : html`
      <p class="small">${change && by ? html`<span class="delta ${change.tone}">${change.tone === 'even' ? '' : icon(change.absolute > 0 ? 'up' : 'down', 14)}${change.tone === 'even' ? t('tile.even') : by}</span>` : html`<span class="muted">${t('tile.first')}</span>`}
        ${one.target === null || one.target === undefined ? nothing : html`<span class="muted">${t('tile.target', {value: figure(one.target, one.unit)})}</span>`}</p>`}
    ${one.value !== null && one.series.length > 1 ? sparkline(thin(fullDays(one.series), 60).map((point) => point.value), 160, 34) : nothing}`;
  const about = named('tiledef', one.id) === one.id ? (one.definition ?? '') : named('tiledef', one.id);
  return one.drill ? html`<a class="card tile" href=${one.drill} title=${about}>${inner}</a>` : html`<div class="card tile" title=${about}>${inner}</div>`;
}
