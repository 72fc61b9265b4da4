import {html, nothing, type TemplateResult} from 'lit';

import type {FoundOffer} from '../../api/studio';
import {named, t} from '../../i18n/i18n';
import {type Hand as Held, handOf, type Scene} from '../../model/scene';
import {icon} from '../../ui/icons';
import './picker';
import {timesForm} from './times';

type Hand = 'pins' | 'left_out' | 'boosts';
const kMost = 10;

/** Operators' hands: what comes first, what never comes, what is lifted or lowered; each is named among the reasons of what it touched. */
export function handsForm(scene: Scene, add: (name: Hand) => (event: CustomEvent<FoundOffer | undefined>) => void, set: (change: Partial<Scene>) => void): TemplateResult {
  const without = (name: Hand, id: string): void => {
    if (name === 'boosts') set({boosts: (scene.boosts ?? []).filter((one) => one.id !== id)});
    else if (name === 'pins') set({pins: (scene.pins ?? []).filter((one) => handOf(one).id !== id)});
    else set({left_out: (scene.left_out ?? []).filter((one) => one !== id)});
  };
  const drop = (name: Hand, id: string): TemplateResult => html`<button type="button" class="button tiny square" aria-label="${t('action.remove')} ${id}" @click=${() => without(name, id)}>${icon('close', 14)}</button>`;
  const points = (id: string, event: Event): void => {
    const by = Math.max(-kMost, Math.min(kMost, Number((event.target as HTMLInputElement).value) || 0));
    set({boosts: (scene.boosts ?? []).map((one) => (one.id === id ? {...one, points: Math.round(by * 1000) / 1000} : one))});
  };
  const timed = <T extends Held>(hand: T, keep: (hand: T) => void): TemplateResult => timesForm(hand, hand.id, (change) => keep({...hand, ...change}));
  const pins = (scene.pins ?? []).map(handOf);
  const listed = (name: 'pins' | 'left_out'): TemplateResult | typeof nothing => {
    if (name === 'left_out') return scene.left_out?.length ? html`<ul class="lines small">${scene.left_out.map((id) => html`<li class="row spread"><code>${id}</code>${drop(name, id)}</li>`)}</ul>` : nothing;
    return pins.length ? html`<ol class="lines small">${pins.map((pin, i) => html`<li class="stack tight"><span class="row spread"><code>${pin.id}</code>${drop(name, pin.id)}</span>${timed(pin, (next) => set({pins: pins.map((one, at) => (at === i ? next : one))}))}</li>`)}</ol>` : nothing;
  };
  return html`<section class="card stack"><header><h2>${t('sceneform.hands')}</h2><p>${t('sceneform.hands_hint')}</p></header><div class="grid three">
    ${(['pins', 'left_out'] as const).map((name) => html`<div class="stack tight"><rp-offer-picker .label=${named('studio', name)} @chosen=${add(name)}></rp-offer-picker><p class="small muted">${named('handhint', name)}</p>${listed(name)}</div>`)}
    <div class="stack tight"><rp-offer-picker .label=${t('studio.boosts')} @chosen=${add('boosts')}></rp-offer-picker><p class="small muted">${t('handhint.boosts')}</p>
      ${scene.boosts?.length ? html`<ul class="lines small">${scene.boosts.map((one) => html`<li class="stack tight"><span class="row spread"><code>${one.id}</code><span class="row"><input class="input number-field" type="number" step="0.01" min=${-kMost} max=${kMost} aria-label="${t('studio.boosts')} ${one.id}" .value=${String(one.points)} @change=${(event: Event) => points(one.id, event)}>${drop('boosts', one.id)}</span></span>${timed(one, (next) => set({boosts: (scene.boosts ?? []).map((other) => (other.id === one.id ? next : other))}))}</li>`)}</ul>` : nothing}</div></div></section>`;
}
