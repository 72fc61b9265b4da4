import {html, nothing, type TemplateResult} from 'lit';

import type {FoundOffer} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import type {Scene} from '../../model/scene';
import {icon} from '../../ui/icons';
import './picker';

type Hand = 'pins' | 'left_out' | 'boosts';
const kMost = 10;

/** Operators' hands: what comes first, what never comes, what is lifted or lowered; each is named among the reasons of what it touched. */
export function handsForm(scene: Scene, add: (name: Hand) => (event: CustomEvent<FoundOffer | undefined>) => void, set: (change: Partial<Scene>) => void): TemplateResult {
  const without = (name: Hand, id: string): void => {
    if (name === 'boosts') set({boosts: (scene.boosts ?? []).filter((one) => one.id !== id)});
    else set({[name]: (scene[name] ?? []).filter((one) => one !== id)});
  };
  const drop = (name: Hand, id: string): TemplateResult => html`<button type="button" class="button tiny square" aria-label="${t('action.remove')} ${id}" @click=${() => without(name, id)}>${icon('close', 14)}</button>`;
  const points = (id: string, event: Event): void => {
    const by = Math.max(-kMost, Math.min(kMost, Number((event.target as HTMLInputElement).value) || 0));
    set({boosts: (scene.boosts ?? []).map((one) => (one.id === id ? {id, points: Math.round(by * 1000) / 1000} : one))});
  };
  const listed = (name: 'pins' | 'left_out'): TemplateResult | typeof nothing => scene[name]?.length ? html`<ol class="lines small">${scene[name].map((id) => html`<li class="row spread"><code>${id}</code>${drop(name, id)}</li>`)}</ol>` : nothing;
  return html`<section class="card stack"><header><h2>${t('sceneform.hands')}</h2><p>${t('sceneform.hands_hint')}</p></header><div class="grid three">
    ${(['pins', 'left_out'] as const).map((name) => html`<div class="stack tight"><rp-offer-picker .label=${named('studio', name)} @chosen=${add(name)}></rp-offer-picker><p class="small muted">${named('handhint', name)}</p>${listed(name)}</div>`)}
    <div class="stack tight"><rp-offer-picker .label=${t('studio.boosts')} @chosen=${add('boosts')}></rp-offer-picker><p class="small muted">${t('handhint.boosts')}</p>
      ${scene.boosts?.length ? html`<ul class="lines small">${scene.boosts.map((one) => html`<li class="row spread"><code>${one.id}</code><span class="row"><input class="input number-field" type="number" step="0.01" min=${-kMost} max=${kMost} aria-label="${t('studio.boosts')} ${one.id}" .value=${String(one.points)} @change=${(event: Event) => points(one.id, event)}>${drop('boosts', one.id)}</span></li>`)}</ul>` : nothing}</div></div></section>`;
}
