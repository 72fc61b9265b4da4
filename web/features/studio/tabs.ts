import type {TemplateResult} from 'lit';

import {named, t} from '../../i18n/i18n';
import {tabs} from '../../ui/parts';

export const kPages = ['scenes', 'replay', 'models', 'rules', 'catalogue'] as const;
export type Page = (typeof kPages)[number];

/** The pages of the studio. */
export function studioTabs(current: Page): TemplateResult {
  return tabs(t('nav.studio'), kPages.map((page) => ({href: page === 'scenes' ? '/studio' : `/studio/${page}`, text: named('studiopage', page), current: page === current})));
}
