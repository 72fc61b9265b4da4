import {html, nothing, type TemplateResult} from 'lit';

import type {StudyColumn} from '../../api/studies';
import {currentLanguage, named, t} from '../../i18n/i18n';
import type {Answers, Field} from '../../model/study_form';

/** One field of a study's form for each kind of option. */

export interface Filling {
  method: string;
  answers: Answers;
  columns: readonly StudyColumn[];
  set: (name: string, value: string) => void;
}

/** What to write there: the server's own words in English, ours in other languages. */
function hint(field: Field, method: string): string {
  if (currentLanguage() === 'en') return field.help;
  const own = named('opthelp', `${method}.${field.name}`);
  if (own !== `${method}.${field.name}`) return own;
  const shared = named('opthelp', field.name);
  if (shared !== field.name) return shared;
  return '';
}

const chosen = (filling: Filling, name: string): string[] => (filling.answers[name] ?? '').split(',').map((one) => one.trim()).filter(Boolean);

function columnsField(field: Field, id: string, filling: Filling): TemplateResult {
  const picked = chosen(filling, field.name);
  const toggle = (name: string): void => filling.set(field.name, (picked.includes(name) ? picked.filter((one) => one !== name) : [...picked, name]).join(','));
  return html`<fieldset class="columns" aria-describedby="${id}-hint"><legend class="unseen">${named('opt', field.name)}</legend><div class="chips">${filling.columns.map(({name, type}) => html`<button type="button"
    class="chip button-like" aria-pressed=${picked.includes(name)} @click=${() => toggle(name)}>${name} <span class="muted" aria-hidden="true">${type === 'number' ? '#' : 'A'}</span></button>`)}</div></fieldset>`;
}

function input(field: Field, filling: Filling): TemplateResult {
  const id = `opt-${field.name}`;
  const value = filling.answers[field.name] ?? '';
  const set = (event: Event): void => filling.set(field.name, (event.target as HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement).value);
  const about = `${id}-hint`;
  if (field.kind === 'columns' && filling.columns.length) return columnsField(field, id, filling);
  if (field.kind === 'choice') {
    return html`<select class="input" id=${id} aria-describedby=${about} @change=${set}><option value="" ?selected=${value === ''}>${t('study.default')}</option>
      ${field.choices.map((one) => html`<option value=${one} ?selected=${one === value}>${one}</option>`)}</select>`;
  }
  if (field.kind === 'column' && filling.columns.length) {
    const known = filling.columns.some(({name}) => name === value);
    return html`<select class="input" id=${id} aria-describedby=${about} @change=${set}><option value="" ?selected=${value === ''}>${field.needed ? t('study.choose') : t('study.default')}</option>
      ${known || value === '' ? nothing : html`<option value=${value} selected>${value}</option>`}
      ${filling.columns.map(({name}) => html`<option value=${name} ?selected=${name === value}>${name}</option>`)}</select>`;
  }
  if (field.kind === 'model' || field.kind === 'lines') {
    return html`<textarea class="input mono" id=${id} aria-describedby=${about} rows=${field.kind === 'model' ? 5 : 3} spellcheck="false" .value=${value} @input=${set}
      placeholder=${field.kind === 'model' ? 'f =~ x1 + x2 + x3' : field.value}></textarea>`;
  }
  return html`<input class="input" id=${id} aria-describedby=${about} type=${field.kind === 'date' ? 'date' : 'text'} inputmode=${field.kind === 'number' ? 'decimal' : nothing}
    autocomplete="off" placeholder=${field.kind === 'number' || field.kind === 'date' ? '' : field.value} .value=${value} @input=${set}>`;
}

export function studyField(field: Field, filling: Filling): TemplateResult {
  const id = `opt-${field.name}`;
  const help = hint(field, filling.method);
  const own = named('opt', `${filling.method}.${field.name}`);
  const label = own === `${filling.method}.${field.name}` ? named('opt', field.name) : own;
  const hinted = help ? html`<span class="hint" id="${id}-hint">${help}</span>` : html`<span hidden id="${id}-hint"></span>`;
  if (field.kind === 'flag') {
    const on = (event: Event): void => filling.set(field.name, (event.target as HTMLInputElement).checked ? 'yes' : '');
    return html`<div class="field"><label class="check"><input type="checkbox" aria-describedby="${id}-hint" .checked=${filling.answers[field.name] === 'yes'} @change=${on}>${label}</label>${hinted}</div>`;
  }
  const grouped = field.kind === 'columns' && filling.columns.length > 0;
  const title = html`${label} <code class="muted">${field.name}</code>${field.needed ? html` <span class="chip">${t('study.needed')}</span>` : nothing}`;
  return html`<div class="field ${['columns', 'model', 'lines'].includes(field.kind) ? 'whole' : ''}">${grouped ? html`<span class="label">${title}</span>` : html`<label for=${id}>${title}</label>`}
    ${input(field, filling)}${hinted}</div>`;
}
