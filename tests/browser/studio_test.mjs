// The recommendations studio: scenes and what they earn, editing without code, the stop, what a customer would see and why.
import assert from 'node:assert/strict';

import {open} from './page.mjs';
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
    for (const until = Date.now() + 90_000; (await homeScene(page)).recommended.taken < 20; await page.waitForTimeout(200)) assert.ok(Date.now() < until, 'no outcomes');
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
    await page.locator('.pagehead code', {hasText: 'ever Purchase'}).waitFor();
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

  'studio: a draft waits, is looked at, approved, and serves; pins hold for their time': async ({page}) => {
    await visit(page, '/studio/scenes/autumn/edit');
    await page.getByLabel('Customers held out (%)').fill('0');
    await page.getByLabel('From P0002').fill('2099-01-01T00:00');
    await page.getByRole('button', {name: 'Save as draft'}).click();
    await page.waitForURL(/studio\/scenes\/autumn$/);
    await settled(page);
    const change = page.locator('#draft tbody tr', {hasText: 'Customers held out'});
    assert.match((await change.innerText()).replace(/\s+/g, ' '), /5 0|5 –/);
    await page.locator('#draft').getByText(/written by (you|owner|member \d+|key \d+)/i).waitFor();
    assert.equal((await homeScene(page)).scene.scene_id, 'home');
    let list = await api(page, '/v1/recommend', {scene: 'autumn', n: 3});
    assert.equal(list.items[0].item, 'P0002', 'what serves is not touched');
    await visit(page, '/studio');
    await page.locator('#drafts').getByRole('link', {name: 'Autumn'}).click();
    await settled(page);
    await page.getByLabel('Preview the draft').check();
    await page.getByRole('button', {name: 'Somebody unknown'}).click();
    await page.locator('#preview .chip', {hasText: 'draft'}).waitFor();
    await page.getByRole('button', {name: 'Approve'}).click();
    await page.locator('#draft').waitFor({state: 'detached'});
    list = await api(page, '/v1/recommend', {scene: 'autumn', n: 3});
    assert.equal(list.items.some(({reasons}) => reasons.some(({kind}) => kind === 'pin')), false, 'its pin is not due yet');
    assert.ok(list.hands.some(({hand}) => hand === 'approved'), JSON.stringify(list.hands));
    await visit(page, '/studio/scenes/autumn/edit');
    await page.getByLabel('Rank').fill('77');
    await page.getByRole('button', {name: 'Save as draft'}).click();
    await page.waitForURL(/studio\/scenes\/autumn$/);
    await page.getByRole('button', {name: 'Withdraw'}).click();
    await page.locator('#draft').waitFor({state: 'detached'});
  },

  'studio: product drafts and does not publish, an analyst only reads': async ({server, browser, page}) => {
    const enter = async (name, role) => {
      const made = await api(page, '/v1/users', {name, role, password: 'an afternoon by the West Lake'});
      assert.equal(made.status, 201, JSON.stringify(made));
      const theirs = await open(browser, server.url);
      await theirs.goto('/login');
      await theirs.getByLabel('Name').fill(name);
      await theirs.getByLabel('Password', {exact: true}).fill('an afternoon by the West Lake');
      await theirs.getByRole('button', {name: 'Sign in'}).click();
      await theirs.waitForURL(/overview/);
      return theirs;
    };
    await page.goto('/overview');
    const product = await enter('pei', 'product');
    await visit(product, '/studio/scenes/home/edit');
    assert.equal(await product.getByRole('button', {name: 'Publish', exact: true}).count(), 0);
    await product.getByLabel('Rank').fill('999');
    await product.getByRole('button', {name: 'Save as draft'}).click();
    await product.locator('#draft').getByText('An owner approves it, or somebody else of marketing.').waitFor();
    assert.equal(await product.getByRole('button', {name: 'Emergency stop'}).count(), 0);
    const analyst = await enter('an', 'analyst');
    await visit(analyst, '/studio/scenes/home');
    assert.equal(await analyst.getByRole('link', {name: 'Edit', exact: true}).count(), 0);
    assert.deepEqual([...product.wrong, ...analyst.wrong], []);
    await product.context().close();
    await analyst.context().close();
    await visit(page, '/studio/scenes/home');
    await page.locator('#draft').getByText(/written by member/).waitFor();
    await page.getByRole('button', {name: 'Approve'}).click();
    await page.locator('#draft').waitFor({state: 'detached'});
    assert.equal((await homeScene(page)).scene.rank, 999);
  },

  'studio: policies are replayed, and a log that is too short says so in plain words': async ({page}) => {
    await visit(page, '/studio/replay?scene=home');
    await page.locator('#replayed tbody tr').first().waitFor();
    assert.equal(await page.locator('#replayed tbody tr').count(), 4);
    await page.getByText(/Only \d+ impressions have closed; it takes 200/).first().waitFor();
    await visit(page, '/studio/scenes/home/edit');
    await page.getByLabel('Share (%)').first().fill('20');
    await page.getByRole('button', {name: 'Scale to 100 %'}).click();
    await page.getByRole('button', {name: 'Try it'}).click();
    await page.locator('#replayed tbody tr', {hasText: 'As edited'}).waitFor();
  },

  'studio: models are trained and judged from the page, with intervals and a history': async ({page}) => {
    await visit(page, '/studio/models');
    await page.getByRole('button', {name: 'Train now'}).click();
    await page.getByText('Trained; the new models serve.').waitFor();
    await page.getByText(/Purchases from .* to /).waitFor();
    assert.ok(await page.locator('.modelcard').count() >= 6);
    await page.getByRole('button', {name: 'Judge now'}).click();
    await page.locator('#quality tbody tr').first().waitFor();
    await page.locator('#quality tr', {hasText: 'Popularity'}).getByText(/to/).first().waitFor();
    assert.ok(await page.locator('#quality .chip', {hasText: /Better|Worse|Open/}).count() >= 3, 'each beside the line');
    await page.getByRole('button', {name: 'Judge now'}).click();
    await page.locator('rp-chart figure').waitFor();
    assert.match(await page.locator('rp-chart .reading').innerText(), /2 judgements/);
    assert.ok(await page.locator('#history li').count() >= 4);
  },

  'studio: a rule becomes a bundle, which serves, and the rule knows it': async ({page}) => {
    // Two things that go together, more often than chance would have it, whatever the simulated people do.
    const orders = Array.from({length: 40}, (_, i) => ({type: 'track', event: 'Order Completed', messageId: `pair-${i}`, userId: `pair-${i}`, properties: {order_id: `PAIR-${i}`, total: 2, currency: 'CNY',
      products: [{product_id: 'P0007', quantity: 1, price: 1}, {product_id: 'P0009', quantity: 1, price: 1}]}}));
    assert.equal((await api(page, '/v1/batch', {batch: orders})).rejected, 0);
    assert.equal((await api(page, '/v1/models/train', {})).status, 200);
    await visit(page, '/studio/rules');
    await page.getByLabel('Product', {exact: true}).fill('P0007');
    await page.locator('.found button').first().click();
    await page.getByLabel('On which side').selectOption('left');
    const row = page.locator('rp-rules tbody tr', {hasText: 'P0009'}).first();
    await row.waitFor();
    await row.getByRole('link', {name: 'Make it a bundle'}).click();
    await page.waitForURL(/catalogue\/bundle\/new\?products=P0007,P0009/);
    await settled(page);
    await page.getByText(/By themselves they cost/).waitFor();
    assert.equal(await page.getByRole('button', {name: 'Publish', exact: true}).isDisabled(), true, 'it has no title');
    await page.getByLabel('Title', {exact: true}).fill('一起买');
    await page.getByLabel('Title in English').fill('The pair');
    await page.getByLabel('Price', {exact: true}).fill('9');
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByRole('heading', {name: 'The pair'}).waitFor();
    await page.locator('.chip', {hasText: 'On offer'}).waitFor();
    const list = await api(page, '/v1/recommend', {scene: 'product', product: 'P0007', n: 8});
    assert.ok(list.items.some(({item}) => item === 'B-P0007-P0009'), JSON.stringify(list.items.map(({item}) => item)));
    await visit(page, '/studio/rules?product=P0007&side=left');
    await page.getByRole('link', {name: 'Bundle B-P0007-P0009'}).waitFor();
  },

  'studio: the catalogue holds every kind, tells its state, and an offer is taken off it': async ({page}) => {
    await visit(page, '/studio/catalogue');
    await page.getByRole('button', {name: /^product/i}).first().waitFor();
    await page.getByLabel('New', {exact: true}).selectOption('content');
    await page.waitForURL(/catalogue\/content\/new/);
    await settled(page);
    await page.getByLabel('Id', {exact: true}).fill('T-video');
    await page.getByLabel('Title', {exact: true}).fill('怎么泡茶');
    await page.getByLabel('Title in English').fill('How to brew');
    await page.getByLabel('Link to the video or page').fill('http://plain.example');
    await page.getByText('A link begins with https://').waitFor();
    await page.getByLabel('Link to the video or page').fill('https://v.example/brew');
    await page.getByLabel('Until').fill('2020-01-01T00:00');
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.locator('.chip', {hasText: 'Expired'}).waitFor();
    await page.getByLabel('Until').fill('');
    await page.getByLabel('Hidden: not recommended').check();
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.locator('.chip', {hasText: 'Hidden'}).waitFor();
    await visit(page, '/studio/catalogue?kind=content&state=hidden');
    await page.getByRole('link', {name: 'How to brew'}).waitFor();
    await page.getByPlaceholder('Name, id or category').fill('no such thing');
    await page.getByText('Nothing fits').waitFor();
    // A need is met by what the catalogue holds for it, or stands first, without.
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const needs = ['咖啡豆', 'nobody sells this'].map((need, i) => ({type: 'track', event: 'Need Predicted', messageId: `need-${i}`, userId: 'pair-1', properties: {need, strength: 0.5, until}}));
    assert.equal((await api(page, '/v1/batch', {batch: needs})).rejected, 0);
    await visit(page, '/studio/catalogue?kind=bundle');
    await page.locator('#needs tbody tr', {hasText: 'nobody sells this'}).getByText('nothing yet').waitFor();
    await page.locator('#needs tbody tr', {hasText: 'coffee beans'}).getByRole('link', {name: 'Coffee set'}).waitFor();
  },

  'studio: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    const {customers} = await page.evaluate(async () => (await fetch('/v1/customers?limit=1&sort=value')).json());
    await holdScreens(page, ['/studio', `/studio/scenes/home?customer=${customers[0].id}`, '/studio/scenes/related_need/edit', '/studio/replay?scene=home', '/studio/models', '/studio/rules', '/studio/catalogue', '/studio/catalogue/bundle/B-P0007-P0009', '/studio/catalogue/product/P0001']);
  },
};

export const tests = signedIn(kTests);
