// Services: packages composed and published, a profile against the ordinary, whom a churn study warns of, a survey that is sent.
import assert from 'node:assert/strict';

import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const kDay_ms = 86_400_000;

/** Snapshots of every buyer on some days, and whether she ordered nothing in the twenty days after. */
const kSnapshots = `WITH n AS (SELECT max(placed_at) AS now FROM orders), d AS (SELECT unnest([66,64,62,60,58,56,54,52,50,48,46,44,42,21,20,0]) AS ago),
  s AS (SELECT o.customer, d.ago, count(*) AS orders, date_diff('day', max(o.placed_at), n.now - d.ago * INTERVAL 1 DAY) AS recency
    FROM orders o, d, n WHERE o.placed_at < n.now - d.ago * INTERVAL 1 DAY AND o.customer IS NOT NULL GROUP BY o.customer, d.ago, n.now)
  SELECT 'c_' || s.customer AS customer, strftime(n.now - s.ago * INTERVAL 1 DAY, '%Y-%m-%d') AS date, s.orders, s.recency,
    CASE WHEN s.ago < 20 THEN NULL WHEN EXISTS (SELECT 1 FROM orders o WHERE o.customer = s.customer AND o.placed_at >= n.now - s.ago * INTERVAL 1 DAY
      AND o.placed_at < n.now - (s.ago - 20) * INTERVAL 1 DAY) THEN 0 ELSE 1 END AS outcome FROM s, n ORDER BY date, customer`;

async function call(server, method, path, body) {
  server.adminKey ??= server.key('admin');
  const answer = await fetch(`${server.real ?? server.url}${path}`, {method, body: body && JSON.stringify(body), headers: {authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString('base64')}`}});
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
  return JSON.parse(text);
}

const kTests = {
  'services: a package is composed with its price seen at once, and published': async ({page}) => {
    await visit(page, '/services/packages');
    const part = page.getByLabel('Add a part');
    await part.selectOption('service:S-warranty');
    await part.selectOption('service:S-training');
    await page.getByLabel('Discount (%)').fill('10');
    await page.getByLabel('Title', {exact: true}).fill('Care and know-how');
    // 129 and 49, a tenth less, half a fen to the customer.
    await page.locator('.bignumber', {hasText: '160.2'}).waitFor();
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByText('The package is published.').waitFor();
    const row = page.locator('tr', {hasText: 'Care and know-how'});
    await row.waitFor();
    assert.match(await row.innerText(), /160\.2/);
  },

  'services: a price below what the parts cost is not published by accident': async ({page}) => {
    await visit(page, '/services/packages');
    await page.getByLabel('Add a part').selectOption('service:S-adviser');
    await page.getByLabel('Title', {exact: true}).fill('An adviser for nothing');
    await page.getByRole('alert').first().waitFor();
    page.expected.push(/422/);
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByText(/costs less than its parts|below_cost/).first().waitFor();
    assert.equal(await page.locator('tr', {hasText: 'An adviser for nothing'}).count(), 0);
  },

  'services: a profile holds a service against the ordinary one, with its evidence': async ({page}) => {
    await visit(page, '/services/S-warranty/profile');
    const names = await page.locator('main section h2').allInnerTexts();
    assert.equal(names.length, 6, `${names}`);
    assert.ok(await page.locator('main section .chip').count() >= 6, 'a stand each');
    await page.locator('a[href="/services/S-warranty"]').first().click();
    await page.waitForURL(/services\/S-warranty$/);
  },

  'services: whom a churn study warns of becomes a segment with an action': async ({server, page}) => {
    const split = new Date(Date.now() - 23 * kDay_ms).toISOString().slice(0, 10);
    await call(server, 'PUT', '/v1/published-studies/churn-browser', {method: 'churn', sql: kSnapshots, options: {outcome: 'outcome', features: 'orders,recency', date: 'date', customer: 'customer', horizon: '20', top: '6', split}});
    await visit(page, '/studies/published/churn-browser');
    await page.getByRole('button', {name: 'Make the warned a segment'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is done').selectOption('test');
    await dialog.getByLabel('Expected value').fill('900');
    await dialog.getByLabel('Guardrail', {exact: true}).selectOption('complaint_rate');
    await dialog.getByLabel('Guardrail bound').fill('0.05');
    await dialog.getByRole('button', {name: 'Save'}).click();
    await page.getByText(/^6 people are in the segment now; 0 were left out/).waitFor();
    const {segments} = await call(server, 'GET', '/v1/segments');
    assert.equal(segments.find(({name}) => name === 'churn_warned')?.members, 6);
    await visit(page, '/studies/actions');
    await page.locator('a[href="/studies/published/churn-browser"]').first().waitFor();
  },

  'services: a survey is sent into the box of the shop, or nobody is asked': async ({server, page}) => {
    await call(server, 'PUT', '/v1/surveys/box', {template: 'csat', title: 'Into the box'});
    const events = [{type: 'track', userId: 'box-reader', anonymousId: 'b'.repeat(32), event: 'Page Viewed', messageId: 'box-1', properties: {name: 'home'}},
      {type: 'track', userId: 'box-reader', event: 'Consent Updated', messageId: 'box-2', properties: {purpose: 'survey', channel: 'app', granted: true}}];
    await call(server, 'POST', '/v1/batch', {batch: events});
    await visit(page, '/surveys/box');
    await page.getByLabel('Or one customer').fill('user_id:box-reader');
    await page.getByLabel('Channel').selectOption('app');
    await page.getByLabel('Send it, and remind whoever has not answered').check();
    await page.getByRole('button', {name: 'Invite', exact: true}).click();
    await page.getByText('1 invited, 0 not').waitFor();
    await page.getByText('1 of them are on their way.').waitFor();
    const browser = 'b'.repeat(32);
    const me = async (headers = {}) => (await fetch(`${server.real ?? server.url}/v1/shop/me?anonymous_id=${browser}`, {
      headers: {authorization: `Basic ${Buffer.from(`${server.key('public')}:`).toString('base64')}`, ...headers},
    })).json();
    assert.equal((await me()).messages.length, 0, 'a browser that only says that it is hers');
    const {proof} = await call(server, 'POST', '/v1/visitors/proof', {anonymous_id: browser, subject: 'box-reader'});
    assert.equal((await me({'x-rapport-proof': proof})).messages[0]?.survey_id, 'box');
    page.expected.push(/422/);
    // No letter leaves where no mail server is named, and then nobody is invited.
    await page.getByLabel('Channel').selectOption('email');
    await page.getByRole('button', {name: 'Invite', exact: true}).click();
    await page.getByRole('alert').first().waitFor();
  },

  'services: an edited survey tells its versions apart': async ({server, page}) => {
    const answer = async (token, value, more = []) => {
      const got = await (await fetch(`${server.real ?? server.url}/v1/ask/${token}`)).json();
      return fetch(`${server.real ?? server.url}/v1/ask/${token}`, {method: 'POST', body: JSON.stringify({response: got.response, answers: [{item: got.survey.items[0].item, value}, ...more]})});
    };
    await call(server, 'PUT', '/v1/surveys/edited', {title: 'Edited', items: [{item: 'ease', text: 'Was it easy?', low: 1, high: 5}]});
    const {token} = await call(server, 'POST', '/v1/surveys/edited/links', {});
    assert.equal((await answer(token, 2)).status, 200);
    await call(server, 'PUT', '/v1/surveys/edited', {items: [{item: 'ease', text: 'How easy was it?', low: 1, high: 7}]});
    assert.equal((await answer(token, 6)).status, 400, 'of which version?');
    assert.equal((await answer(token, 6, [{item: 'survey_version', value: 1}])).status, 409);
    assert.equal((await answer(token, 6, [{item: 'survey_version', value: 2}])).status, 200);
    await visit(page, '/surveys/edited');
    await page.getByText('since version 2').waitFor();
    const table = page.locator('table', {hasText: 'Version 1'});
    assert.match(await table.innerText(), /mean 2, n = 1\s+mean 6, n = 1/);
    const guest = await page.context().newPage();
    await guest.setViewportSize({width: 390, height: 844});
    await guest.goto(`${server.url}/ask/${token}`);
    await guest.locator('form').waitFor();
    await guest.close();
  },

  'services: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/services/packages', '/services/S-warranty/profile', '/surveys/edited', '/studies/published/churn-browser']);
    await settled(page);
  },
};

export const tests = signedIn(kTests);
