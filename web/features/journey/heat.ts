import {html, type TemplateResult} from 'lit';

import type {Areas} from '../../api/insight';
import {named, t} from '../../i18n/i18n';
import {cssVars} from '../../ui/css_vars';
import {count, duration} from '../../ui/format';
import {dataTable, emptyState} from '../../ui/parts';

/** Areas of a product page from top to bottom; others follow in the order of their dwell. */
const kOrder = ['gallery', 'title', 'price', 'selling_points', 'services', 'delivery', 'scene', 'specification', 'compare', 'reviews', 'questions', 'recommendations', 'footer'];

/** The areas of a page as bands, the warmer the longer people stayed; every band says its numbers. */
export function heatMap(areas: Areas, choose: (page: string) => void): TemplateResult {
  if (areas.areas.length === 0) return emptyState(t('journey.no_areas'), t('journey.no_areas_text'), undefined, 'eye');
  const pages = areas.pages.map((page) => typeof page === 'string' ? page : page.page);
  const rank = (area: string): number => kOrder.includes(area) ? kOrder.indexOf(area) : kOrder.length;
  const shown = [...areas.areas].sort((a, b) => rank(a.area) - rank(b.area) || b.dwell_ms - a.dwell_ms);
  const most = Math.max(1, ...shown.map((area) => area.dwell_ms));
  const top = [...shown].sort((a, b) => b.dwell_ms - a.dwell_ms)[0]!;
  const total = shown.reduce((sum, area) => sum + area.dwell_ms, 0) || 1;
  return html`<div class="row spread"><p class="reading">${t('journey.heat_reading', {area: named('area', top.area), share: `${Math.round((top.dwell_ms / total) * 100)} %`})}</p>
      <label class="row"><span class="muted small">${t('journey.page')}</span><select class="input" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${pages.map((page) => html`<option value=${page} ?selected=${page === areas.page}>${page}</option>`)}</select></label></div>
    <div class="grid two"><div class="heat" aria-hidden="true">${shown.map((area) => html`<div class="band" ${cssVars({'--heat': `${Math.round((area.dwell_ms / most) * 100)}%`, '--tall': `${28 + Math.round((area.dwell_ms / most) * 44)}px`})}><span>${named('area', area.area)}</span></div>`)}</div>
      <div>${dataTable(t('journey.heat'), [
        {head: t('journey.area'), cell: (row: Areas['areas'][number]) => named('area', row.area)},
        {head: t('journey.dwell'), number: true, cell: (row: Areas['areas'][number]) => duration(row.dwell_ms / 1000)},
        {head: t('journey.times'), number: true, cell: (row: Areas['areas'][number]) => count(row.count)},
      ], shown)}</div></div>`;
}
