import type {TemplateResult} from 'lit';

import {t} from '../../i18n/i18n';
import {tabs} from '../../ui/parts';

/** The pages about services: the catalogue, their worth, packages, their reviews. */
export function serviceTabs(current: 'catalogue' | 'worth' | 'reviews' | 'packages'): TemplateResult {
  return tabs(t('nav.services'), [
    {href: '/services', text: t('services.catalogue'), current: current === 'catalogue'},
    {href: '/services/worth', text: t('services.worth'), current: current === 'worth'},
    {href: '/services/packages', text: t('services.packages'), current: current === 'packages'},
    {href: '/services/reviews', text: t('services.reviews'), current: current === 'reviews'},
  ]);
}
