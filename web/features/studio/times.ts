import {html, type TemplateResult} from 'lit';

import {t} from '../../i18n/i18n';
import type {Hand} from '../../model/scene';
import {momentOf, momentText} from '../../model/offer';
import {moment} from '../../ui/format';

/** From when until when something holds. */

type Times = Pick<Hand, 'from' | 'until'>;
export const times = ({from, until}: Times): string => (from || until ? t('offers.life', {from: from ? moment(from) : t('offers.now'), until: until ? moment(until) : t('offers.open')}) : t('offers.always'));
export const withTimes = (of: Times, text: string): string => (of.from || of.until ? `${text} (${times(of)})` : text);

/** Two moments of the reader's own clock; emptied, always. `of`: whose, for those who cannot see it. */
export function timesForm(now: Times, of: string, set: (change: Times) => void): TemplateResult {
  const field = (name: 'from' | 'until'): TemplateResult => html`<label class="field"><span class="label">${name === 'from' ? t('offerfield.from') : t('offerfield.until')}</span><input class="input" type="datetime-local" aria-label="${name === 'from' ? t('offerfield.from') : t('offerfield.until')} ${of}"
    .value=${momentText(now[name] ?? '')} @change=${(event: Event) => set({[name]: momentOf((event.target as HTMLInputElement).value)})}></label>`;
  return html`<div class="row timesform">${field('from')}${field('until')}</div>`;
}
