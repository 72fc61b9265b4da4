import {html, type TemplateResult} from 'lit';

import {currentLanguage, named, t} from '../../i18n/i18n';
import type {DeskPolicy} from '../../model/desk_policy';
import {type Forbidden, refusalOf} from '../../model/desk_refusal';
import type {Problem} from '../../model/result';
import {session} from '../../shell/session';
import {moneyText} from '../../ui/format';
import {icon} from '../../ui/icons';
import {errorState} from '../../ui/parts';

/** Roles as one says who could do it; "nobody" where the policy itself would have to change. */
export function rolesText(roles: readonly string[]): string {
  return roles.length === 0 ? t('refused.nobody') : new Intl.ListFormat(currentLanguage(), {type: 'disjunction'}).format(roles.map((role) => named('role', role)));
}
/** What the desk's limits forbid, in words: the limit, whose it is, who may; any other problem as it is. */
export function refusedState(problem: Problem, of: Forbidden, policy: DeskPolicy | undefined): TemplateResult {
  const role = session()?.user?.role ?? '';
  const refusal = policy && refusalOf(problem, of, policy, role);
  if (!refusal) return errorState(problem);
  const {why, ...facts} = refusal;
  const fills = Object.entries({...facts, role: named('role', role)}).map(([name, value]): [string, string | number] => [name, Array.isArray(value) ? rolesText(value) : typeof value === 'string' ? moneyText(value) : (value as number)]);
  return html`<div class="note bad" role="alert" data-refused=${why}>${icon('warning')}<div class="grow">${t(`refused.${why}`, Object.fromEntries(fills))}</div></div>`;
}
