// Parcels and returns in the console: a delay that is announced with its coupon and why, and a return from its photograph to the refund.
import assert from 'node:assert/strict';

import {open} from './page.mjs';
import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const kPassword = 'a walk along the Su causeway';
const kHour_ms = 3_600_000;
const api = (page, path, body, method = 'POST') => page.evaluate(async ([path, body, method]) => {
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch(path, {method, headers: {'content-type': 'application/json', 'x-rapport-csrf': csrf}, ...(body ? {body: JSON.stringify(body)} : {})});
  return {status: answer.status, ...(await answer.json())};
}, [path, body, method]);
const at = (hours) => new Date(Date.now() + hours * kHour_ms).toISOString();
const kAnna = 'goods-anna';
const told = (event, hours, properties) => ({type: 'track', event, messageId: `goods-${event}-${hours}-${properties.order_id}`, userId: kAnna, timestamp: at(hours), properties});
const placed = (order_id, hours) => told('Order Completed', hours, {order_id, total: '249.00', currency: 'CNY', products: [{product_id: 'P0001', quantity: 1, price: '249.00'}]});

/** A picture that the browser draws, kept for the customer as the shop's own server would. */
const photograph = (page, user) => page.evaluate(async (user) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 240});
  const pen = canvas.getContext('2d');
  for (const [i, colour] of ['#a33', '#396', '#e7d3b0'].entries()) {
    pen.fillStyle = colour;
    pen.fillRect(i * 107, 0, 107, 240);
  }
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch(`/v1/files?subject=user_id:${user}`, {method: 'POST', headers: {'x-rapport-csrf': csrf}, body: blob});
  return (await answer.json()).hash;
}, user);

let made = false;
/** A user of that role in a browser of his own. */
async function colleague({server, browser, page}, name, role) {
  if (role === 'agent' ? !made : true) {
    await page.goto('/overview');
    const answer = await api(page, '/v1/users', {name, role, password: kPassword});
    assert.equal(answer.status, 201, JSON.stringify(answer));
    made ||= role === 'agent';
  }
  const theirs = await open(browser, server.url);
  await theirs.goto('/login');
  await theirs.getByLabel('Name').fill(name);
  await theirs.getByLabel('Password', {exact: true}).fill(kPassword);
  await theirs.getByRole('button', {name: 'Sign in'}).click();
  await theirs.waitForURL(/overview/);
  return theirs;
}
/** Looks again until something stands there: what the server does by itself takes its time. */
async function seen(page, path, selector) {
  for (const until = Date.now() + 90_000; ;) {
    await visit(page, path);
    if (await page.locator(selector).count()) return page.locator(selector).first();
    assert.ok(Date.now() < until, `${selector} at ${path}`);
    await page.waitForTimeout(1_000);
  }
}

const kTests = {
  'goods: nothing is announced until a policy is published, whose faults stand in the way': async ({page}) => {
    await visit(page, '/parcels');
    await page.locator('#unpublished').getByText('Nothing is announced until a policy is published.').waitFor();
    await page.locator('#unpublished').getByRole('link', {name: 'Open the rules'}).click();
    await page.waitForURL(/parcels\/policy/);
    await settled(page);
    await page.getByRole('button', {name: 'Write one Announcing delays'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Decided by').selectOption('threshold');
    await dialog.getByLabel('From a chance of (%)').fill('3');
    await dialog.getByText('A share from 0 to 50, a chance from 5 to 100').waitFor();
    await dialog.getByLabel('From a chance of (%)').fill('5');
    await dialog.getByLabel('A coupon goes with the announcement').check();
    await dialog.getByText('The coupon needs a name').waitFor();
    assert.equal(await dialog.getByRole('button', {name: 'Publish'}).isDisabled(), true);
    await dialog.getByLabel('Coupon', {exact: true}).fill('C-LATE5');
    await dialog.getByLabel('Worth').fill('5.00');
    await dialog.getByLabel('Behind the promise by').fill('0s');
    await dialog.getByLabel('Budget').fill('5.00');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await dialog.waitFor({state: 'detached'});
    const card = page.locator('#parcelpolicy');
    await card.getByText('From a chance of 5% of being late').waitFor();
    await card.getByText('C-LATE5').waitFor();
    await card.getByText('5.00 in 30 days, all together').waitFor();
    await visit(page, '/parcels');
    assert.equal(await page.locator('#unpublished').count(), 0);
  },

  'goods: a likely delay is announced with a coupon, the next one without, and each says why': async ({page}) => {
    await visit(page, '/parcels?queue=open');
    const sent = await api(page, '/v1/batch', {batch: ['GOODS-1', 'GOODS-2'].flatMap((order_id) => [
      placed(order_id, -40), told('Shipment Promised', -39.9, {order_id, node: 'signed', by: at(13)}), told('Shipment Updated', -39, {order_id, node: 'packing', place: '嘉兴', carrier: '四方物流'}),
      told('Shipment Updated', -2, {order_id, node: 'exception', place: '武汉', carrier: '四方物流'}),
      told('Shipment Updated', -0.01, {order_id, node: 'in_transit', place: '长沙', carrier: '四方物流'})])});
    assert.equal(sent.rejected, 0, JSON.stringify(sent));
    await seen(page, '/parcels/GOODS-1', '#announced dl');
    await seen(page, '/parcels/GOODS-2', '#announced dl');
    const withCoupon = [];
    for (const order of ['GOODS-1', 'GOODS-2']) {
      await visit(page, `/parcels/${order}`);
      await page.locator('#nodes li[data-node="packing"]').getByText('嘉兴').waitFor();
      await page.locator('#nodes li[data-node="exception"]').getByText('武汉').waitFor();
      assert.deepEqual(await page.locator('#nodes li').evaluateAll((all) => all.map((one) => one.dataset.node)), ['placed', 'packing', 'exception', 'picked_up', 'in_transit', 'out_for_delivery', 'signed']);
      await page.locator('#announced').getByText('Told that it is likely late').waitFor();
      await page.locator('#announced li').getByText('Chance then').waitFor();
      if (await page.locator('#announced').getByText('¥5.00').count()) withCoupon.push(order);
      else await page.locator('#announced').getByText('none: the budget is spent').waitFor();
    }
    assert.equal(withCoupon.length, 1, `${withCoupon}: the budget holds one coupon`);
    await visit(page, '/parcels?queue=open');
    const row = page.locator(`[data-parcel="${withCoupon[0]}"]`);
    await row.getByText(/announced/).waitFor();
    await row.getByText('coupon ¥5.00').waitFor();
    await row.click();
    await page.waitForURL(new RegExp(`parcels/${withCoupon[0]}`));
  },

  'goods: an agent sees the photograph, decides with a word, and brings the return to its refund': async (given) => {
    const {page} = given;
    await page.goto('/overview');
    assert.equal((await api(page, '/v1/batch', {batch: [placed('GOODS-3', -90), told('Shipment Promised', -89.9, {order_id: 'GOODS-3', node: 'signed', by: at(-20)}), told('Shipment Updated', -30, {order_id: 'GOODS-3', node: 'signed', place: '上海'})]})).rejected, 0);
    const hash = await photograph(page, kAnna);
    const asked = await api(page, '/v1/returns', {order_id: 'GOODS-3', product_id: 'P0001', reason: 'damaged', text: '杯子裂了一道口子。', photos: [hash]});
    assert.equal(asked.state, 'under_review', JSON.stringify(asked));
    const theirs = await colleague(given, 'qing', 'agent');
    await seen(theirs, '/returns', `[data-return="${asked.return_id}"]`);
    await theirs.locator(`[data-return="${asked.return_id}"]`).click();
    await theirs.waitForURL(/returns\/R-/);
    await settled(theirs);
    await theirs.getByText('杯子裂了一道口子。').waitFor();
    await theirs.waitForFunction(() => (document.querySelector('#asked img')?.naturalWidth ?? 0) > 0);
    await theirs.locator('#updates').getByText('no rule is published, a person decides').waitFor();
    assert.equal(await theirs.getByRole('button', {name: 'Reject'}).isDisabled(), true, 'a rejection says why');
    await theirs.getByLabel('Why', {exact: true}).fill('broken on the way');
    await theirs.getByRole('button', {name: 'Approve'}).click();
    await theirs.locator('.pagehead .chip', {hasText: 'Approved'}).waitFor();
    for (const [step, state] of [['Pick-up booked', 'Pick-up booked'], ['Picked up', 'Picked up'], ['Inspected', 'Inspected'], ['Start the refund', 'Refunding']]) {
      await theirs.locator('#moves').getByRole('button', {name: step, exact: true}).click();
      await theirs.locator('.pagehead .chip', {hasText: state}).waitFor();
    }
    theirs.expected.push(/409/, /403/);
    await theirs.getByLabel('Paid back (CNY)').fill('250.00');
    await theirs.locator('#moves').getByRole('button', {name: 'Paid back', exact: true}).click();
    await theirs.locator('#moves [role="alert"]').getByText(/at most 249.00 CNY/).waitFor();
    // More than an agent may alone: somebody who lets through at the desk pays.
    await theirs.getByLabel('Paid back (CNY)').fill('249.00');
    await theirs.locator('#moves').getByRole('button', {name: 'Paid back', exact: true}).click();
    await theirs.locator('#moves [role="alert"]').getByText(/of one order alone.*Who pays back more/).waitFor();
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
    // The owner reads who did it by name.
    await visit(page, `/returns/${asked.return_id}`);
    await page.locator('#updates').getByText(/broken on the way · qing/).waitFor();
    await page.getByLabel('Paid back (CNY)').fill('249.00');
    await page.locator('#moves').getByRole('button', {name: 'Paid back', exact: true}).click();
    await page.locator('.pagehead .chip', {hasText: 'Refunded'}).waitFor();
    await page.locator('#asked dd', {hasText: '249.00'}).nth(1).waitFor();
  },

  'goods: returns that a rule decides need nobody, and whoever may only look sees neither words nor buttons': async (given) => {
    const {page} = given;
    await visit(page, '/parcels/policy');
    await page.getByRole('button', {name: 'Write one Returns decided by rule'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Add a rule'}).click();
    await dialog.getByLabel('Order up to').fill('three hundred');
    await dialog.getByText('An amount is written as 300.00').waitFor();
    await dialog.getByLabel('Order up to').fill('300.00');
    await dialog.getByLabel('Reasons').fill('size');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await page.locator('#returnpolicy').getByText('the size is wrong · order up to 300.00').waitFor();
    assert.equal((await api(page, '/v1/batch', {batch: [placed('GOODS-4', -80), told('Shipment Promised', -79.9, {order_id: 'GOODS-4', node: 'signed', by: at(-20)}), told('Shipment Updated', -28, {order_id: 'GOODS-4', node: 'signed'})]})).rejected, 0);
    const asked = await api(page, '/v1/returns', {order_id: 'GOODS-4', product_id: 'P0001', reason: 'size', text: '太大了。'});
    assert.deepEqual([asked.state, asked.decided_by], ['approved', 'rule']);
    const theirs = await colleague(given, 'looker', 'viewer');
    await visit(theirs, `/returns/${asked.return_id}`);
    await theirs.locator('#updates').getByText(/rule 1: the size is wrong/).waitFor();
    await theirs.getByText('Her words and photographs are for those who may see personal parts.').waitFor();
    assert.equal(await theirs.getByText('太大了。').count(), 0);
    assert.equal(await theirs.locator('#moves, #decision').count(), 0);
    await visit(theirs, '/parcels/policy');
    assert.equal(await theirs.locator('#parcelpolicy button').count(), 0);
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
  },

  'goods: what is none says so, and an empty queue says what it is for': async ({page}) => {
    page.expected.push(/404/);
    await page.goto('/parcels/no-such-order');
    await page.getByRole('heading', {name: 'No such parcel'}).waitFor();
    await page.goto('/returns/no-such-return');
    await page.getByRole('heading', {name: 'No such return'}).waitFor();
    await visit(page, '/returns?queue=waiting');
    await page.getByRole('heading', {name: 'No return waits for a decision'}).waitFor();
  },

  'goods: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await visit(page, '/returns?queue=done');
    const one = await page.locator('[data-return]').first().getAttribute('href');
    await holdScreens(page, ['/parcels', '/parcels?queue=delivered', '/parcels/GOODS-1', '/parcels/policy', '/returns?queue=done', one]);
  },
};

export const tests = signedIn(kTests);
