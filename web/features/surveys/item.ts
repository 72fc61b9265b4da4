import {html, nothing, type TemplateResult} from 'lit';

import {currentLanguage, named, t} from '../../i18n/i18n';
import {told} from '../../model/study_report';
import {conditionOf, kConditions, type SurveyItem, written} from '../../model/survey';
import {icon} from '../../ui/icons';

export interface Editing {
  item: SurveyItem;
  index: number;
  last: boolean;
  /** Earlier items that a condition can ask about. */
  earlier: SurveyItem[];
  set: (change: Partial<SurveyItem>) => void;
  move: (by: -1 | 1) => void;
  drop: () => void;
}

const value = (event: Event): string => (event.target as HTMLInputElement).value;

function texts(editing: Editing, name: 'text' | 'low_label' | 'high_label'): TemplateResult {
  const {item, index, set} = editing;
  return html`<div class="field ${name === 'text' ? 'whole' : ''}"><label for="item-${index}-${name}">${named('surveyitem', name)}</label><input class="input" id="item-${index}-${name}" maxlength="400" autocomplete="off"
    .value=${told(item[name], currentLanguage())} @input=${(event: Event) => set({[name]: written(item[name], currentLanguage(), value(event))})}></div>`;
}
function side(editing: Editing, name: 'left' | 'right'): TemplateResult {
  const {item, index, set} = editing;
  const one = item[name] ?? {item: name, text: ''};
  return html`<div class="field"><label for="item-${index}-${name}">${named('surveyitem', name)} <code class="muted">${one.item}</code></label><input class="input" id="item-${index}-${name}" maxlength="400" autocomplete="off"
    .value=${told(one.text, currentLanguage())} @input=${(event: Event) => set({[name]: {...one, text: written(one.text, currentLanguage(), value(event))}})}></div>`;
}
function whole(editing: Editing, name: 'low' | 'high', fallback: number): TemplateResult {
  const {item, index, set} = editing;
  return html`<div class="field"><label for="item-${index}-${name}">${named('surveyitem', name)}</label><input class="input" id="item-${index}-${name}" type="number" min="0" max="100" .value=${String(item[name] ?? fallback)}
    @input=${(event: Event) => set({[name]: Number(value(event))})}></div>`;
}
function choices(editing: Editing): TemplateResult {
  const {item, index, set} = editing;
  const lines = (item.choices ?? []).map((one) => told(one.text, currentLanguage())).join('\n');
  const read = (event: Event): void => set({choices: value(event).split('\n').filter((line) => line.trim()).map((line, i) => {
    const before = item.choices?.[i];
    return {value: before?.value ?? i + 1, text: written(before?.text, currentLanguage(), line.trim())};
  })});
  return html`<div class="field whole"><label for="item-${index}-choices">${t('surveyitem.choices')}</label><textarea class="input" id="item-${index}-choices" rows="3" .value=${lines} @change=${read}></textarea></div>`;
}

/** Whom the question is asked: everybody, or those whose earlier answer is so. */
function condition(editing: Editing): TemplateResult | typeof nothing {
  const {item, index, earlier, set} = editing;
  if (earlier.length === 0 && !item.when) return nothing;
  const told_ = conditionOf(item.when) ?? {way: 'at_most' as const, value: 0};
  const put = (about: string, way: (typeof kConditions)[number], n: number): void => set({when: about ? {item: about, [way]: n} : undefined} as Partial<SurveyItem>);
  const about = item.when?.item ?? '';
  return html`<div class="fields"><div class="field"><label for="item-${index}-when">${t('surveyitem.when')}</label><select class="input" id="item-${index}-when" @change=${(event: Event) => put(value(event), told_.way, told_.value)}>
      <option value="" ?selected=${!about}>${t('surveyitem.everybody')}</option>${earlier.map((one) => html`<option value=${one.item} ?selected=${one.item === about}>${one.item} · ${told(one.text, currentLanguage()).slice(0, 40)}</option>`)}</select></div>
    ${about ? html`<div class="field"><label for="item-${index}-way">${t('surveyitem.way')}</label><select class="input" id="item-${index}-way" @change=${(event: Event) => put(about, value(event) as (typeof kConditions)[number], told_.value)}>
      ${kConditions.map((one) => html`<option value=${one} ?selected=${one === told_.way}>${named('condition', one)}</option>`)}</select></div>
    <div class="field"><label for="item-${index}-than">${t('surveyitem.than')}</label><input class="input" id="item-${index}-than" type="number" .value=${String(told_.value)} @input=${(event: Event) => put(about, told_.way, Number(value(event)))}></div>` : nothing}</div>`;
}

/** One question in the editor. */
export function surveyItem(editing: Editing): TemplateResult {
  const {item, index, last, set, move, drop} = editing;
  return html`<li class="surveyitem stack tight" aria-label=${item.item}><div class="row spread"><span class="row"><strong>${index + 1}</strong><code>${item.item}</code><span class="chip">${named('itemtype', item.type)}</span></span>
      <span class="row"><button type="button" class="button tiny square" ?disabled=${index === 0} aria-label="${t('surveys.up')} ${item.item}" @click=${() => move(-1)}>${icon('up', 15)}</button>
      <button type="button" class="button tiny square" ?disabled=${last} aria-label="${t('surveys.down')} ${item.item}" @click=${() => move(1)}>${icon('down', 15)}</button>
      <button type="button" class="button tiny danger" aria-label="${t('action.remove')} ${item.item}" @click=${drop}>${t('action.remove')}</button></span></div>
    <div class="fields">${item.type === 'pair' ? html`${side(editing, 'left')}${side(editing, 'right')}` : texts(editing, 'text')}
      ${item.type === 'scale' ? html`${whole(editing, 'low', 1)}${texts(editing, 'low_label')}${whole(editing, 'high', 5)}${texts(editing, 'high_label')}` : nothing}
      ${item.type === 'choice' ? choices(editing) : nothing}</div>${item.type === 'pair' ? nothing : condition(editing)}
    ${item.type === 'scale' ? html`<div class="row"><label class="check"><input type="checkbox" .checked=${item.required ?? false} @change=${(event: Event) => set({required: (event.target as HTMLInputElement).checked})}>${t('surveyitem.required')}</label>
      <label class="check"><input type="checkbox" .checked=${item.reverse ?? false} @change=${(event: Event) => set({reverse: (event.target as HTMLInputElement).checked})}>${t('surveyitem.reverse')}</label></div>` : nothing}</li>`;
}
