import {html, nothing, type TemplateResult} from 'lit';

import {named} from '../../i18n/i18n';
import {isDone} from '../../model/desk';
import type {Roster} from '../../model/policies';
import {tabs} from '../../ui/parts';
import {staffName} from '../../ui/staff';
import {t} from '../../i18n/i18n';

/** What the desk calls people, departments and states. */

/** A department has its class's name until the shop gives it another. */
export const departmentName = (department: string): string => named('value.class', department);
export const agentName = (roster: Roster | undefined, agent: string): string => roster?.agents.find((one) => one.agent === agent)?.name || staffName(agent);

export const stateChip = (state: string): TemplateResult =>
  html`<span class="chip ${isDone(state) ? 'good' : state === 'escalated' || state === 'reopened' ? 'bad' : state === 'waiting' ? '' : 'warn'}">${named('state', state)}</span>`;
export const priorityChip = (priority: string | null): TemplateResult | typeof nothing =>
  priority && priority !== 'normal' ? html`<span class="chip ${priority === 'urgent' || priority === 'high' ? 'bad' : ''}">${named('value.priority', priority)}</span>` : nothing;

export const deskTabs = (current: 'queue' | 'team' | 'policies' | 'knowledge' | 'macros'): TemplateResult => tabs(t('desk.title'), [
  {href: '/desk', text: t('desk.queue'), current: current === 'queue'}, {href: '/desk/team', text: t('team.title'), current: current === 'team'},
  {href: '/desk/policies', text: t('policies.title'), current: current === 'policies'}, {href: '/desk/knowledge', text: t('knowledge.title'), current: current === 'knowledge'}, {href: '/desk/macros', text: t('desk.macros'), current: current === 'macros'}]);
