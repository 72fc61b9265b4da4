// The storefront with a public key over the real server: what a visitor does is what the customer's timeline shows.
import assert from 'node:assert/strict';
import {gzipSync} from 'node:zlib';

import {axe, open} from './page.mjs';

const kElementMost = 12 * 1024;
const kRuntimeMost = 10 * 1024;
const kElements = ['assistant', 'recommendations', 'reviews', 'order', 'orders', 'survey', 'question', 'services', 'composer'];

/** A visitor's page of her own; `key` is made once. */
let key;
async function visit(server, browser, options = {}) {
  key ??= server.key('public');
  const page = await open(browser, server.url, options);
  await page.goto(`/shop?key=${key}`);
  await page.locator('rapport-recommendations .item').first().waitFor();
  return page;
}
async function leave(page) {
  assert.deepEqual(page.wrong, []);
  await page.context().close();
}
/** Everybody that these tests were. */
const visitors = new Set();
async function anonymous(page) {
  const id = await page.evaluate(() => localStorage.getItem('rapport.anonymous_id'));
  visitors.add(id);
  return id;
}

/** What an administrator's key sees of a visitor, once the server has folded what was asked for. */
async function timeline(server, id, wanted) {
  server.adminKey ??= server.key('admin');
  const headers = {authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString('base64')}`};
  for (const until = Date.now() + 60_000; ;) {
    const answer = await fetch(`${server.url}/v1/customers/${encodeURIComponent(`anonymous_id:${id}`)}/timeline?limit=100`, {headers});
    const events = answer.ok ? (await answer.json()).events : [];
    if (wanted.every((name) => events.some((one) => one.event === name))) return events;
    assert.ok(Date.now() < until, `the timeline of ${id} has only: ${events.map((one) => one.event).join(', ')}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
/** A photograph as a camera leaves it: 2,000 px wide, and what it knows of the place beside the picture. */
async function photograph(page) {
  const bytes = await page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), {width: 2000, height: 1500});
    const context = canvas.getContext('2d');
    context.fillStyle = '#b33';
    context.fillRect(200, 200, 900, 700);
    const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  const told = Buffer.from('Exif\0\0GPS 30.2741N 120.1551E');
  const segment = Buffer.concat([Buffer.from([0xff, 0xe1, 0, told.length + 2]), told]);
  return Buffer.concat([Buffer.from(bytes.slice(0, 2)), segment, Buffer.from(bytes.slice(2))]);
}
async function deliverTo(page, name) {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('City').fill('Hangzhou');
  await page.getByLabel('Street and number').fill('1 Wensan Road');
}

export const tests = {
  'shop: a package of one\'s own has its price at once, in three languages, and what is taken is hers piece by piece': async ({server, browser}) => {
    const page = await visit(server, browser, {viewport: {width: 390, height: 844}});
    await page.goto('/shop/services');
    const composer = page.locator('rapport-composer');
    await composer.getByText('Nothing chosen yet').waitFor();
    await composer.getByRole('button', {name: 'One more Training'}).click();
    await composer.getByRole('button', {name: 'One more Training'}).click();
    await composer.getByRole('button', {name: 'One more Extended warranty'}).click();
    // 49 + 49 + 129 by the list, or less where the shop has published a package of them.
    const total = async (least, most) => {
      await composer.locator('dd.total').waitFor();
      for (const until = Date.now() + 60_000; ; await page.waitForTimeout(50)) {
        const told = Number((await composer.locator('dd.total').innerText()).replace(/[^\d.]/g, ''));
        if (told > least && told <= most) return told;
        assert.ok(Date.now() < until, `the total is ${told}`);
      }
    };
    const three = await total(129, 227);
    await composer.getByRole('button', {name: 'One Training fewer'}).click();
    await total(49, Math.min(178, three - 1));
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 390, 'fits a telephone');
    for (const [code, words] of [['zh-CN', '购买这份套餐'], ['zh-TW', '購買這份套餐']]) {
      await page.evaluate((lang) => { document.documentElement.lang = lang; }, code);
      await composer.getByRole('button', {name: words}).waitFor();
    }
    await composer.getByRole('button', {name: '購買這份套餐'}).click();
    await composer.getByText('已購買').waitFor();
    const events = await timeline(server, await anonymous(page), ['Service Bought']);
    assert.equal(events.filter((one) => one.event === 'Service Bought').length, 2);
    await leave(page);
  },

  'shop: an order, its payment refused and paid another way, is in the timeline and in her orders': async ({server, browser}) => {
    const page = await visit(server, browser);
    await page.locator('shop-suggest input').fill('air purifier');
    await page.locator('.suggestions a').first().click();
    await page.locator('.parameters').waitFor();
    const name = await page.locator('main h1').textContent();
    await page.getByText('For rooms of').waitFor();
    await page.getByRole('button', {name: 'Buy now'}).click();
    await deliverTo(page, 'Li Na');
    await page.getByRole('radio', {name: /digital yuan/}).check();
    await page.getByRole('button', {name: /^Pay /}).click();
    await page.getByText('The balance is too low.').waitFor();
    await page.getByRole('button', {name: 'Pay by credit card'}).click();
    await page.getByText('Ordered and paid.').waitFor();
    const order = (await page.locator('rapport-order .order').textContent()).trim();
    const events = await timeline(server, await anonymous(page), ['Product Viewed', 'Checkout Started', 'Payment Failed', 'Order Completed']);
    const placed = events.find((one) => one.event === 'Order Completed');
    assert.equal(placed.properties.order_id, order);
    assert.equal(placed.properties.method, 'credit_card');
    await page.getByRole('link', {name: 'Follow the parcel'}).click();
    const card = page.locator('rapport-orders .order', {hasText: order});
    await card.getByText(name.trim()).waitFor();
    assert.equal(await card.locator('.nodes li').count(), 6);
    assert.equal(await card.locator('.nodes li.reached').count(), 1);
    await card.getByRole('button', {name: 'Return something'}).click();
    await card.getByLabel('Why').selectOption('size');
    const photo = {name: 'too-wide.jpg', mimeType: 'image/jpeg', buffer: await photograph(page)};
    await card.getByLabel('Photographs').setInputFiles([photo, {name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('too wide')}]);
    await card.getByText('notes.txt is no picture').waitFor();
    assert.equal(await card.locator('canvas').count(), 1);
    await card.getByRole('button', {name: 'Leave out too-wide.jpg'}).click();
    assert.equal(await card.locator('canvas').count(), 0);
    await card.getByLabel('Photographs').setInputFiles([photo]);
    await card.locator('canvas').waitFor();
    await card.getByRole('button', {name: 'Ask for the return'}).click();
    await page.locator('rapport-orders section', {hasText: 'Returns'}).waitFor();
    const id = await anonymous(page);
    const asked = (await timeline(server, id, ['Return Requested'])).find((one) => one.event === 'Return Requested');
    const [hash] = asked.personal.properties?.photos ?? asked.personal.photos;
    const headers = {authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString('base64')}`};
    const kept = await fetch(`${server.url}/v1/files/${hash}`, {headers});
    const bytes = Buffer.from(await kept.arrayBuffer());
    assert.equal(kept.headers.get('content-type'), 'image/jpeg');
    assert.ok(!bytes.includes('GPS') && bytes.length < photo.buffer.length, 'smaller, and without the place');
    // The console's customer page shows it.
    const desk = await open(browser, server.url);
    await desk.goto(server.link());
    await desk.waitForURL(/overview|setup/);
    await desk.goto(`/customers/${encodeURIComponent(`anonymous_id:${id}`)}`);
    const shown = desk.locator('.touch .photos img');
    await shown.waitFor();
    await desk.waitForFunction(() => document.querySelector('.touch .photos img')?.naturalWidth === 1600);
    assert.match(await shown.getAttribute('alt'), /Photo 1/);
    await leave(desk);
    await leave(page);
  },

  'shop: the cart, one click the second time, a service, a survey, a question': async ({server, browser}) => {
    const page = await visit(server, browser, {viewport: {width: 390, height: 844}});
    await page.locator('rapport-recommendations .item a').first().click();
    await page.getByRole('button', {name: 'Add to cart'}).click();
    await page.getByRole('link', {name: 'Go to the cart'}).click();
    await deliverTo(page, 'Wang Wei');
    await page.getByRole('radio', {name: /credit card/}).check();
    await page.getByRole('button', {name: /^Pay /}).click();
    await page.getByRole('heading', {name: 'Thank you'}).waitFor();
    await page.getByRole('button', {name: /^Add · ¥129/}).click();
    // The words are those of the published questionnaire.
    await page.locator('rapport-survey').getByRole('heading', {name: 'Your order'}).waitFor();
    await page.locator('rapport-survey').getByText('How satisfied are you with this purchase?').waitFor();
    await page.getByRole('radio', {name: '5'}).first().check();
    await page.getByRole('button', {name: 'Send'}).click();
    await page.getByText('Received. Thank you.').waitFor();
    await page.getByRole('link', {name: 'Services'}).first().click();
    await page.locator('rapport-services').getByText('Extended warranty').first().waitFor();
    await page.locator('.stage', {hasText: 'Bought'}).waitFor();
    await page.goto('/shop');
    await page.locator('rapport-recommendations .item a').nth(1).click();
    await page.getByRole('button', {name: /^Buy in one click/}).click();
    await page.getByText('Ordered and paid.').waitFor();
    await page.getByRole('link', {name: 'Ask', exact: true}).click();
    await page.getByLabel('Your question').fill('What does CADR mean?');
    await page.locator('rapport-question').getByRole('button', {name: 'Send'}).click();
    await page.getByText('in the shop’s inbox').waitFor();
    const events = await timeline(server, await anonymous(page), ['Product Added', 'Order Completed', 'Service Bought', 'Survey Answered', 'Contact Started', 'Message Posted']);
    assert.equal(events.find((one) => one.event === 'Contact Started').properties.term, 'CADR');
    assert.deepEqual(events.filter((one) => one.event === 'Order Completed').map((one) => one.properties.method), ['credit_card', 'credit_card']);
    await leave(page);
  },

  'shop: an appointment is booked, seen again, and cancelled after a yes': async ({server, browser}) => {
    server.adminKey ??= server.key('admin');
    const headers = {authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString('base64')}`};
    const noun = {event: 'Service Published', messageId: 'booked-by-the-hour', anonymousId: 'shop', properties: {service_id: 'S-hourly', title: '上门检修', title_en: 'Home check-up', price: '0.00', currency: 'CNY', layer: 'augmented', capacity: 1}};
    assert.equal((await fetch(`${server.url}/v1/t`, {method: 'POST', headers, body: JSON.stringify(noun)})).status, 200);
    const page = await visit(server, browser, {viewport: {width: 390, height: 844}});
    await page.goto('/shop/services');
    const card = page.locator('rapport-services li.card', {hasText: 'Home check-up'});
    await card.getByRole('button', {name: /^Add/}).click();
    await card.locator('summary', {hasText: 'Book'}).click();
    await card.locator('.times button').first().click();
    await card.getByText(/^Booked: /).waitFor();
    await card.getByRole('heading', {name: 'Your appointments'}).waitFor();
    await page.reload();
    await card.locator('.stage', {hasText: 'Booked'}).waitFor();
    await card.locator('summary', {hasText: 'See or cancel it'}).click();
    const cancel = card.getByRole('button', {name: /^Cancel the appointment of/});
    await cancel.click();
    await card.getByRole('button', {name: 'Keep it'}).click();
    await cancel.click();
    await card.getByText('Its place goes to somebody else.').waitFor();
    assert.deepEqual(await axe(page), []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the telephone');
    await card.getByRole('button', {name: 'Yes, cancel it'}).click();
    await card.getByText(/^Cancelled: /).waitFor();
    await card.locator('.stage', {hasText: 'Bought'}).waitFor();
    assert.equal(await card.getByRole('heading', {name: 'Your appointments'}).count(), 0);
    const id = await anonymous(page);
    const events = await timeline(server, id, ['Service Booked', 'Booking Cancelled']);
    assert.equal(events.filter((one) => one.event === 'Booking Cancelled').length, 1);
    const me = await (await fetch(`${server.url}/v1/shop/me?anonymous_id=${id}`, {headers: {authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`}})).json();
    assert.deepEqual(me.appointments, []);
    await leave(page);
  },

  'shop: everything that was written was taken': async ({server}) => {
    server.adminKey ??= server.key('admin');
    const headers = {authorization: `Basic ${Buffer.from(`${server.adminKey}:`).toString('base64')}`};
    assert.ok(visitors.size >= 2);
    const {dead_letters: letters} = await (await fetch(`${server.url}/v1/dead-letters?limit=100`, {headers})).json();
    assert.deepEqual(letters.filter((one) => [...visitors].some((id) => JSON.stringify(one).includes(id))), []);
  },

  'shop: without a key it says what it needs; with a wrong one, that it is wrong': async ({server, browser}) => {
    const page = await open(browser, server.url);
    await page.goto('/shop');
    await page.getByRole('heading', {name: 'The shop needs its key'}).waitFor();
    page.expected.push(/401|403/);
    await page.goto('/shop?key=rk_public_wrong');
    await page.getByText('The public key is wrong').first().waitFor();
    await leave(page);
  },

  'shop: axe finds nothing, in both themes and three languages': async ({server, browser}) => {
    const found = [];
    for (const [locale, heading, colorScheme] of [['zh-CN', '今天想添点什么？', 'light'], ['zh-TW', '今天想添點什麼？', 'dark'], ['en-GB', 'What shall it be today?', 'dark']]) {
      const page = await visit(server, browser, {locale, colorScheme, viewport: {width: 390, height: 844}});
      await page.getByRole('heading', {name: heading}).waitFor();
      found.push(...await axe(page, `${locale} home`));
      await page.locator('rapport-recommendations .item a').first().click();
      await page.locator('rapport-reviews h2').waitFor();
      await page.locator('.parameters').waitFor();
      found.push(...await axe(page, `${locale} product`));
      for (const path of ['/shop/search', '/shop/cart', '/shop/orders', '/shop/services', '/shop/ask']) {
        await page.goto(path);
        await page.locator('main h1').waitFor();
        await page.waitForFunction(() => !document.querySelector('[aria-busy]'));
        found.push(...await axe(page, `${locale} ${path}`));
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${locale}: the page is ${wide} px too wide`);
      await leave(page);
    }
    assert.deepEqual(found, []);
  },

  'elements: each is small, beside one runtime': async ({server}) => {
    const chunks = new Map();
    const read = async (path) => {
      const answer = await fetch(server.url + path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get('access-control-allow-origin'), '*', path);
      const text = await answer.text();
      const size = gzipSync(text, {level: 9}).length;
      const own = [...text.matchAll(/from\s*"\.\/([^"]+)"/g)].map((match) => match[1]);
      for (const chunk of own) if (!chunks.has(chunk)) chunks.set(chunk, await read(`/elements/${chunk}`));
      return {size, own};
    };
    for (const name of kElements) {
      const {size, own} = await read(`/elements/rapport-${name}.js`);
      const beside = own.filter((chunk) => !chunk.startsWith('runtime')).reduce((sum, chunk) => sum + chunks.get(chunk).size, 0);
      assert.ok(size + beside <= kElementMost, `rapport-${name}: ${size} + ${beside} bytes compressed`);
    }
    const runtime = [...chunks].filter(([name]) => name.startsWith('runtime'));
    assert.equal(runtime.length, 1);
    assert.ok(runtime[0][1].size <= kRuntimeMost, `the runtime: ${runtime[0][1].size} bytes compressed`);
  },

  'elements: a page on another origin embeds one with a script tag and a key': async ({server, browser}) => {
    key ??= server.key('public');
    const {createServer} = await import('node:http');
    const policy = `default-src 'none'; script-src ${server.url}; connect-src ${server.url}; img-src data:`;
    const shop = createServer((request, response) => response.writeHead(200, {'content-type': 'text/html', 'content-security-policy': policy}).end(`<!doctype html><html lang="en">
      <title>Another shop</title><meta name="rapport-key" content="${key}"><link rel="icon" href="data:,">
      <script type="module" src="${server.url}/elements/rapport-recommendations.js"></script><rapport-recommendations limit="3" href="/p/{id}"></rapport-recommendations>`));
    await new Promise((resolve) => shop.listen(0, '127.0.0.1', resolve));
    const context = await browser.newContext();
    const page = await context.newPage();
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(error)));
    page.on('console', (message) => { if (message.type() === 'error') errors.push(message.text()); });
    await page.goto(`http://127.0.0.1:${shop.address().port}/`);
    await page.locator('rapport-recommendations .item').nth(2).waitFor();
    await timeline(server, await anonymous(page), ['Product List Viewed']);
    await context.close();
    shop.close();
    assert.deepEqual(errors, []);
  },
};
