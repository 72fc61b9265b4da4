import {html, nothing, type TemplateResult} from 'lit';
import {ref} from 'lit/directives/ref.js';

import {named, t} from '../i18n/i18n';
import {isClass} from '../model/classes';
import type {Problem} from '../model/result';
import {cssVars} from './css_vars';
import {count} from './format';
import {icon, type Icon} from './icons';
import type {Load} from './load';

/** The small parts that every screen is made of. */

export type Part = TemplateResult | typeof nothing | string;

export function pageHead(title: string, lead: Part = nothing, actions: Part = nothing): TemplateResult {
  return html`<header class="pagehead">
    <div class="grow"><h1 tabindex="-1">${title}</h1>${lead === nothing ? nothing : html`<p>${lead}</p>`}</div>
    ${actions === nothing ? nothing : html`<div class="actions">${actions}</div>`}
  </header>`;
}

export function skeleton(lines = 6): TemplateResult {
  return html`<div class="skeleton" role="status" ${cssVars({'--tall': `${lines * 26}px`})}>
    <span class="unseen">${t('state.loading')}</span>${Array.from({length: lines}, () => html`<i></i>`)}
  </div>`;
}

export function emptyState(title: string, text: Part = nothing, action: Part = nothing, picture: Icon = 'search'): TemplateResult {
  return html`<div class="state">${icon(picture, 28)}<h2>${title}</h2>${text === nothing ? nothing : html`<p>${text}</p>`}${action}</div>`;
}

/** What went wrong, in words, with the server's own hint. */
export function problemText(problem: Problem): string {
  if (problem.code === 'unreachable') return t('error.unreachable');
  if (problem.code === 'unreadable') return t('error.unreadable');
  if (problem.code === 'forbidden') return t('error.forbidden');
  const where = problem.where ? ` (${problem.where})` : '';
  const expected = problem.expected ? ` ${t('error.expected', {what: problem.expected})}` : '';
  return `${problem.detail || t('error.code', {code: problem.code})}${where}.${expected}`.replace(/([.。?!])\./, '$1');
}

export function errorState(problem: Problem, retry?: () => void): TemplateResult {
  return html`<div class="note bad" role="alert">${icon('warning')}
    <div class="grow">${problemText(problem)}</div>
    ${retry ? html`<button class="button tiny" @click=${retry}>${t('action.retry')}</button>` : nothing}
  </div>`;
}

/** Loading, failed, or the drawn value; while asking again the old value stays and a line moves. */
export function loaded<T>(load: Load<T>, draw: (value: T) => Part, lines = 6): TemplateResult {
  if (load.value === undefined) {
    return load.error ? errorState(load.error, () => void load.reload()) : skeleton(lines);
  }
  return html`<div class="busyline" ?data-busy=${load.busy}></div>
    ${load.error ? errorState(load.error, () => void load.reload()) : nothing}${draw(load.value)}`;
}

export function classChip(name: string, options: {main?: boolean; href?: string} = {}): TemplateResult {
  const known = isClass(name);
  const words = known ? named('class', name) : name;
  const inner = html`${known ? html`<i class="dot"></i>` : nothing}${words}`;
  const kind = options.main ? 'chip main' : 'chip';
  return options.href
    ? html`<a class="${kind} plain" data-class=${name} href=${options.href}>${inner}</a>`
    : html`<span class=${kind} data-class=${name}>${inner}</span>`;
}

/** A score 0..100 as its number and a bar. */
export function meter(value: number | null | undefined, tone = 'var(--accent)'): TemplateResult {
  const share = Math.max(0, Math.min(100, value ?? 0));
  return html`<span class="meter"><span>${count(value)}</span><i ${cssVars({'--share': `${share}%`, '--tone': tone})}></i></span>`;
}

export interface Column<T> {
  head: string;
  cell: (row: T) => unknown;
  number?: boolean;
  sort?: 'ascending' | 'descending' | 'none';
  onSort?: () => void;
}

/** A table with a name for those who cannot see it. */
export function dataTable<T>(name: string, columns: Column<T>[], rows: readonly T[]): TemplateResult {
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${name}><table class="table">
    <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.number ? 'number' : ''} aria-sort=${column.sort ?? nothing}>
      ${column.onSort ? html`<button class="textbutton" @click=${column.onSort}>${column.head}${column.sort && column.sort !== 'none'
        ? icon(column.sort === 'descending' ? 'down' : 'up', 14) : nothing}</button>` : column.head || html`<span class="unseen">${t('table.actions')}</span>`}</th>`)}</tr></thead>
    <tbody>${rows.map((row) => html`<tr>${columns.map((column) => html`<td class=${column.number ? 'number' : ''}>${column.cell(row)}</td>`)}</tr>`)}</tbody>
  </table></div>`;
}

/** On a narrow page the tab that one is on stands in view. */
function showCurrent(tab: Element | undefined): void {
  if (!(tab instanceof HTMLElement)) return;
  requestAnimationFrame(() => {
    const bar = tab.parentElement;
    if (bar && bar.scrollWidth > bar.clientWidth) bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  });
}
/** Links that are tabs: each its own address. */
export function tabs(label: string, items: {href: string; text: string; current: boolean}[]): TemplateResult {
  return html`<nav class="tabs" aria-label=${label}>${items.map((item) => html`<a href=${item.href}
    aria-current=${item.current ? 'page' : nothing} ${ref(item.current ? showCurrent : undefined)}>${item.text}</a>`)}</nav>`;
}

/** Saves a file that we hold. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
