import {html, type TemplateResult} from 'lit';

import {named, t} from '../../i18n/i18n';
import {kOfferKinds, kSources, type Lane, type OfferKind} from '../../model/scene';
import {cssVars} from '../../ui/css_vars';
import {icon} from '../../ui/icons';
import {laneTone} from './figures';
import {kindName, laneName} from './names';

export interface LaneEditing {
  lane: Lane;
  index: number;
  set: (change: Partial<Lane>) => void;
  drop: () => void;
}

const value = (event: Event): string => (event.target as HTMLInputElement).value;
/** Words written with commas of any script, or a line each. */
const words = (text: string): string[] => text.split(/[,，、;；\n]/).map((one) => one.trim()).filter(Boolean);

/** One lane of a scene in the editor. */
export function laneForm({lane, index, set, drop}: LaneEditing): TemplateResult {
  const id = (name: string): string => `lane-${index}-${name}`;
  const toggle = (kind: OfferKind): void => set({kinds: lane.kinds.includes(kind) ? lane.kinds.filter((one) => one !== kind) : [...lane.kinds, kind]});
  const wordsField = (name: 'only' | 'prefer'): TemplateResult => html`<div class="field"><label for=${id(name)}>${named('laneform', name)}</label><input class="input" id=${id(name)} autocomplete="off" .value=${(lane[name] ?? []).join('，')}
    @change=${(event: Event) => set({[name]: words(value(event))})}><span class="hint">${named('lanehint', name)}</span></div>`;
  return html`<li class="surveyitem stack tight" aria-label=${laneName(lane.lane)}><div class="row spread"><span class="row"><i class="dot" ${cssVars({'--dot': laneTone(index)})}></i><strong>${laneName(lane.lane)}</strong></span>
      <button type="button" class="button tiny danger" aria-label="${t('action.remove')} ${laneName(lane.lane)}" @click=${drop}>${icon('close', 14)}${t('action.remove')}</button></div>
    <div class="fields"><div class="field"><label for=${id('name')}>${t('laneform.name')}</label><input class="input" id=${id('name')} required maxlength="40" autocomplete="off" .value=${lane.lane} @input=${(event: Event) => set({lane: value(event).trim()})}></div>
      <div class="field"><label for=${id('share')}>${t('laneform.share')}</label><input class="input" id=${id('share')} type="number" min="0" max="100" step="1" required .value=${String(lane.share)} @input=${(event: Event) => set({share: Math.round(Number(value(event)) || 0)})}></div>
      <div class="field"><label for=${id('source')}>${t('laneform.source')}</label><select class="input" id=${id('source')} @change=${(event: Event) => set({source: value(event) as Lane['source']})}>
        ${kSources.map((source) => html`<option value=${source} ?selected=${source === lane.source}>${named('lanesource', source)}</option>`)}</select><span class="hint">${named('sourcehint', lane.source)}</span></div>
      <fieldset class="field whole"><legend class="label">${t('laneform.kinds')}</legend><div class="chips">${kOfferKinds.map((kind) => html`<button type="button" class="chip button-like" aria-pressed=${lane.kinds.includes(kind)} @click=${() => toggle(kind)}>${kindName(kind)}</button>`)}</div></fieldset>
      ${wordsField('only')}${wordsField('prefer')}</div></li>`;
}
