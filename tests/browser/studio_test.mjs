// The recommendations studio: scenes and what they earn, editing without code, the stop, what a customer would see and why.
import assert from 'node:assert/strict';

import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const api = (page, path, body, method = 'POST') => page.evaluate(async ([path, body, method]) => {
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch(path, {method, headers: {'content-type': 'application/json', 'x-rapport-csrf': csrf}, ...(body ? {body: JSON.stringify(body)} : {})});
  return {status: answer.status, ...(await answer.json())};
}, [path, body, method]);

/** A list that is decided, seen whole, and of which the first is clicked: the only way a scene comes to have outcomes. */
async function shown(page, scene, customer, n) {
  const list = await api(page, '/v1/recommend', {customer, scene, n: 4, seed: n});
  const told = (event, item, at) => ({type: 'track', event, messageId: `studio-${event}-${n}-${at}`, anonymousId: `studio-visitor-${n}`,
    properties: {decision_id: list.decision_id, position: at + 1, item: item.item, item_kind: item.item_kind}});
  return [...list.items.map((item, at) => told('Recommendation Shown', item, at)), told('Recommendation Clicked', list.items[0], 0)];
}

const homeScene = (page) => page.evaluate(async () => (await (await fetch('/v1/scenes')).json()).scenes.find(({scene}) => scene.scene_id === 'home'));

const kTests = {
  'studio: scenes tell what they earn, with n and interval, and what their lanes learned': async ({page}) => {
    await visit(page, '/overview');
    assert.equal((await api(page, '/v1/models/train', {})).status, 200);
    const {customers} = await page.evaluate(async () => (await fetch('/v1/customers?limit=30&sort=value')).json());
    const batch = [];
    for (const [i, {id}] of customers.entries()) batch.push(...await shown(page, 'home', id, i));
    const sent = await api(page, '/v1/batch', {batch});
    assert.equal(sent.rejected, 0, JSON.stringify(sent));
    // The ledger of impressions is read a moment after the log.
    for (const until = Date.now() + 20_000; (await homeScene(page)).recommended.taken < 20; await page.waitForTimeout(200)) assert.ok(Date.now() < until, 'no outcomes');
    await visit(page, '/studio');
    assert.equal(await page.locator('.scenecard').count(), 6);
    const home = page.locator('.scenecard', {hasText: 'For you'});
    assert.match(await home.locator('.figures').innerText(), /\d+(\.\d)?%.*to.*n = \d+/s);
    await home.getByRole('link').first().click();
    await page.waitForURL(/studio\/scenes\/home/);
    await settled(page);
    await page.locator('#lanes tbody tr').first().waitFor();
    assert.equal(await page.locator('#lanes tbody tr').count(), 5);
    assert.ok(await page.locator('.classshares li').count() >= 2, 'as written, and as learned');
    await page.locator('#earns').getByText('Held out (best-sellers)').or(page.locator('#earns').getByText(/held out and get best-sellers/)).first().waitFor();
  },

  'studio: what a chosen customer would see, with reasons that add up': async ({page}) => {
    await visit(page, '/studio/scenes/home');
    const {customers} = await page.evaluate(async () => (await fetch('/v1/customers?limit=1&sort=value')).json());
    await page.getByLabel('Customer', {exact: true}).fill(customers[0].label);
    await page.locator('.found button').first().click();
    await page.waitForURL(/customer=c_/);
    await page.locator('.previewitem').first().waitFor();
    const items = await page.locator('.previewitem').evaluateAll((all) => all.map((one) => ({
      points: [...one.querySelectorAll('.reasons li:not(.sum) .number')].map((part) => Number(part.textContent.replace('−', '-'))), score: Number(one.querySelector('.sum .number').textContent), says: one.querySelector('.sum').textContent,
    })));
    assert.equal(items.length, 8);
    for (const {points, score, says} of items) {
      assert.ok(Math.abs(points.reduce((a, b) => a + b, 0) - score) < 0.0006 * (points.length + 1), `${points} is ${score}`);
      assert.match(says, /the score$|the score/);
    }
    await page.getByRole('button', {name: 'Somebody unknown'}).click();
    await page.waitForURL((url) => !url.searchParams.get('customer'));
    await page.locator('.previewitem').first().waitFor();
    await visit(page, '/studio/scenes/product?unknown=1');
    await page.getByText('This scene serves beside a product: choose one.').waitFor();
    await page.getByLabel('Product in view').fill('P0001');
    await page.locator('.found button').first().click();
    await page.locator('.previewitem').first().waitFor();
  },

  'studio: a scene made from a copy is edited, published and serves; its faults stand in the way': async ({page}) => {
    await visit(page, '/studio/scenes/home');
    await page.getByRole('link', {name: 'Copy to a new scene'}).click();
    await page.waitForURL(/scenes\/new\/edit\?from=home/);
    await settled(page);
    const publish = page.getByRole('button', {name: 'Publish', exact: true});
    assert.equal(await page.getByLabel('Id', {exact: true}).inputValue(), 'home_copy');
    await page.getByLabel('Id', {exact: true}).fill('autumn');
    await page.getByLabel('Title · English').fill('');
    await page.getByText('A title is needed in all three languages').waitFor();
    assert.equal(await publish.isDisabled(), true);
    await page.getByLabel('Title · English').fill('Autumn');
    await page.getByLabel('Share (%)').first().fill('5');
    await page.getByText('The shares do not add up to 100 %').waitFor();
    await page.getByRole('button', {name: 'Scale to 100 %'}).click();
    await page.getByText('100 % in all').waitFor();
    await page.getByLabel('Trigger').fill('ever Purchase and');
    await page.locator('rp-rule-field .note.bad').waitFor();
    await page.getByLabel('Trigger').fill('ever Purchase');
    await page.locator('rp-rule-field .bignumber').waitFor();
    await page.getByLabel('Pinned').fill('P0002');
    await page.locator('.found button').first().click();
    await page.locator('ol.lines code', {hasText: 'P0002'}).waitFor();
    await publish.click();
    await page.waitForURL(/studio\/scenes\/autumn$/);
    await settled(page);
    await page.getByRole('heading', {name: 'Autumn'}).waitFor();
    const list = await api(page, '/v1/recommend', {scene: 'autumn', n: 3});
    assert.equal(list.items[0].item, 'P0002');
    assert.equal(list.items[0].reasons.some(({kind}) => kind === 'pin'), true);
  },

  'studio: the emergency stop asks for the name, and everybody gets best-sellers until it is taken back': async ({page}) => {
    await visit(page, '/studio/scenes/autumn');
    await page.getByRole('button', {name: 'Emergency stop'}).click();
    const dialog = page.getByRole('dialog');
    assert.equal(await dialog.getByRole('button', {name: 'Emergency stop'}).isDisabled(), true);
    await dialog.getByLabel('Type autumn to confirm').fill('autumn');
    await dialog.getByRole('button', {name: 'Emergency stop'}).click();
    await page.getByText('This scene is stopped: everybody gets best-sellers.').waitFor();
    assert.equal((await api(page, '/v1/recommend', {scene: 'autumn', n: 3})).stopped, true);
    await page.getByRole('button', {name: 'Run again'}).click();
    await page.getByText('This scene is stopped: everybody gets best-sellers.').waitFor({state: 'detached'});
    assert.equal((await api(page, '/v1/recommend', {scene: 'autumn', n: 3})).stopped, false);
  },

  'studio: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    const {customers} = await page.evaluate(async () => (await fetch('/v1/customers?limit=1&sort=value')).json());
    await holdScreens(page, ['/studio', `/studio/scenes/home?customer=${customers[0].id}`, '/studio/scenes/related_need/edit']);
  },
};

export const tests = signedIn(kTests);
