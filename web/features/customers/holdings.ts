import {html, nothing, type TemplateResult} from 'lit';

import type {Customer, Order} from '../../api/customers';
import type {Nouns} from '../../api/nouns';
import {named, t} from '../../i18n/i18n';
import {kParcelNodes, parcelStep} from '../../model/timeline';
import {cssVars} from '../../ui/css_vars';
import {ago, count, day, money, moment} from '../../ui/format';
import {icon} from '../../ui/icons';
import {productName, serviceName} from '../../ui/nouns';

const kScreens: Readonly<Record<string, string>> = {ticket: '/desk/', return: '/returns/'};
/** To where it is worked on. */
function problemLink({kind, id}: Customer['open_problems'][number]): TemplateResult {
  const screen = kScreens[kind];
  return screen ? html`<a class="mono" href="${screen}${encodeURIComponent(id)}">${id}</a>` : html`<span class="mono">${id}</span>`;
}

/** What is unsolved stands above everything else. */
export function openProblems(customer: Customer): TemplateResult | typeof nothing {
  if (customer.open_problems.length === 0) return nothing;
  return html`<div class="note warn">${icon('warning')}<div class="grow"><strong>${t('customer.open', {n: customer.open_problems.length})}</strong>
    <ul>${customer.open_problems.map((one) => html`<li>${named('problem', one.kind)} ${problemLink(one)} · ${named('state', one.state)}
      · ${t('customer.open_since', {when: ago(one.since)})}</li>`)}</ul></div></div>`;
}

function parcel(order: Order): TemplateResult {
  const {step, aside} = parcelStep(order.state);
  if (aside) return html`<span class="chip ${aside === 'refunded' || aside === 'cancelled' ? '' : 'warn'}">${named('state', aside)}</span>`;
  const share = `${((step + 1) / kParcelNodes.length) * 100}%`;
  return html`<span class="parcel"><i class="bar" ${cssVars({'--share': share})}></i><span class="small">${named('state', order.state)}</span></span>`;
}

/** Orders with how far their parcel is, and the life of each service. */
export function holdings(customer: Customer, nouns: Nouns | undefined): TemplateResult {
  return html`<section class="card" id="orders"><header><h2>${t('customer.orders')}</h2><p>${count(customer.orders_total)}</p></header>
      ${customer.orders.length === 0 ? html`<p class="muted">${t('customer.no_orders')}</p>` : html`<ul class="lines">${customer.orders.slice(0, 8).map((order) => html`<li>
        <div class="row spread base"><a class="mono" href="/parcels/${encodeURIComponent(order.order_id)}">${order.order_id}</a><span class="number">${money(order.total, order.currency)}</span></div>
        <div class="small soft">${order.lines.slice(0, 3).map((line, i) => html`${i ? ' · ' : ''}${productName(nouns, line.product_id)}${line.quantity > 1 ? ` × ${line.quantity}` : ''}`)}
          ${order.lines.length > 3 ? ` +${order.lines.length - 3}` : ''}</div>
        <div class="row spread"><span class="small muted">${day(order.placed)}</span>${parcel(order)}</div></li>`)}</ul>`}
    </section>
    <section class="card"><header><h2>${t('customer.services')}</h2></header>
      ${customer.services.length === 0 ? html`<p class="muted">${t('customer.no_services')}</p>` : html`<ul class="lines">${customer.services.map((service) => html`<li>
        <div class="row spread base"><a href="/services/${service.service_id}">${serviceName(nouns, service.service_id)}</a><span class="chip">${named('stage', service.stage)}</span></div>
        <div class="small muted">${moment(service.since)} · ${Object.entries(service.counts).map(([stage, n], i) => html`${i ? ', ' : ''}${named('stage', stage)} ${n}`)}
          ${service.late ? html` · ${t('customer.late', {n: service.late})}` : nothing}${service.errors ? html` · ${t('customer.errors', {n: service.errors})}` : nothing}</div></li>`)}</ul>`}
    </section>`;
}
