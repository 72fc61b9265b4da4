// What a shop owner reads: words for what the log holds as codes, people by their names, and a quiet shop told when it last was not.
import assert from 'node:assert/strict';
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';

import {open} from './page.mjs';
import {settled, signedIn, visit} from './signed_in.mjs';

const speak = async (page, language) => {
  await page.locator('select.language').selectOption(language);
  await page.waitForFunction((name) => document.documentElement.lang === name, language);
};

export const tests = signedIn({
  'words: a timeline and tags in Chinese hold no codes, hours are those of the reader': async ({page}) => {
    await visit(page, '/customers?sort=value');
    await page.locator('a.who').first().click();
    await page.locator('.touch').first().waitFor();
    await page.locator('.taglist').first().waitFor();
    await speak(page, 'zh-CN');
    const said = await page.locator('rp-timeline .part, .taglist a').allInnerTexts();
    assert.ok(said.length > 20, `${said.length} things are said`);
    const codes = said.filter((text) => /\b(mini_program|wechat_pay|alipay|unionpay|credit_card|insufficient_balance|not_as_described|customer|checkout|order_csat|contact_csat|UTC|true|false)\b/.test(text));
    assert.deepEqual(codes, []);
    assert.ok(said.some((text) => /（GMT\+8）/.test(text)), 'the zone of the hours is named');
    await page.locator('.taglist a', {hasText: 'GMT'}).first().click();
    await page.locator('.chip.button-like', {hasText: /活跃时段 .*GMT\+8/}).waitFor();
    await page.goBack();
    await speak(page, 'en');
    await page.locator('.taglist', {hasText: '(GMT+8)'}).first().waitFor();
    assert.ok(!(await page.locator('.tagline', {hasText: 'Category'}).allInnerTexts()).some((text) => /[\u4e00-\u9fff]/.test(text)), 'categories have their English names');
  },

  'words: a product page in English is English but for what buyers wrote': async ({server, browser}) => {
    const page = await open(browser, server.url);
    await page.goto(`/shop?key=${server.key('public')}`);
    await page.goto(`/shop/search?category=${encodeURIComponent('空气净化器')}`);
    await page.locator('.goods a').first().click();
    await page.getByRole('link', {name: 'purifier filter', exact: true}).waitFor();
    const text = await page.locator('main').evaluate((main) => {
      const copy = main.cloneNode(true);
      for (const one of copy.querySelectorAll('rapport-reviews')) one.remove();
      return copy.textContent;
    });
    assert.deepEqual(text.match(/[\u4e00-\u9fff]+/g) ?? [], []);
    await page.getByRole('button', {name: 'Buy now'}).click();
    // Nobody is begun with a method that cannot take the price.
    await page.getByRole('radio', {name: /Alipay/, checked: true}).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  },

  'words: who moves between classes is called by a name': async ({page}) => {
    await visit(page, '/data/live?show=flips');
    await page.locator('.touch.flip').first().waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.touch.flip .who')].some((one) => !/^c_\d+$/.test(one.textContent ?? '')));
    const narrow = await page.locator('.touch.flip').first().evaluate((row) => row.scrollWidth <= row.clientWidth);
    assert.ok(narrow);
  },

  'words: the tables and columns stand beside the query and are written into it': async ({page}) => {
    await visit(page, '/data/sql');
    const tables = page.locator('rp-sql-tables');
    await tables.getByText('order_lines').first().waitFor();
    await page.getByLabel('Query').fill('SELECT total FROM');
    await page.getByLabel('Query').press('End');
    await tables.locator('summary', {hasText: /^orders/}).click();
    await tables.getByRole('button', {name: 'Insert orders', exact: true}).click();
    assert.equal(await page.getByLabel('Query').inputValue(), 'SELECT total FROM orders');
    await page.getByRole('button', {name: 'Run'}).click();
    await page.locator('.card.flush tbody tr').first().waitFor();
    page.expected.push(/400/);
    await page.getByLabel('Query').fill('SELECT * FROM ordrs');
    await page.getByRole('button', {name: 'Run'}).click();
    await page.getByRole('alert').filter({hasText: 'one of the tables contacts, customers, events'}).waitFor();
  },

  'words: a shop without a word of late says when the last one was, and where the data are': async ({server, page}) => {
    const lines = join(server.folder, 'past.jsonl');
    const bought = (day, at) => JSON.stringify({type: 'track', event: 'Order Completed', userId: `past${at}`, messageId: `past-${at}`, timestamp: `2018-10-${day}T08:00:00Z`,
      properties: {order_id: `OLD-${at}`, total: 100, currency: 'CNY', products: [{product_id: 'P1', quantity: 1, price: 100}]}});
    writeFileSync(lines, `${['03', '11', '17'].map(bought).join('\n')}\n`);
    server.run('keys', 'add', '--data', server.data, '--shop', 'past', '--role', 'ingest', '--quiet');
    server.run('import', '--data', server.data, '--shop', 'past', '--recipe', 'events-jsonl', lines);
    const choose = (shop) => page.evaluate(async (name) => {
      const {csrf} = await (await fetch('/v1/session')).json();
      return (await fetch('/v1/session/shop', {method: 'PUT', headers: {'x-rapport-csrf': csrf, 'content-type': 'application/json'}, body: JSON.stringify({shop: name})})).status;
    }, shop);
    await visit(page, '/overview');
    assert.equal(await choose('past'), 200);
    try {
      await visit(page, '/overview');
      const told = page.locator('[data-silent]');
      await told.getByText('Oct 17, 2018').first().waitFor();
      await told.getByRole('link', {name: /Month by month/}).click();
      await page.locator('.card.flush tbody tr', {hasText: '2018-10-01'}).waitFor();
    } finally {
      await choose('demo');
    }
    await visit(page, '/overview');
    await settled(page);
    assert.equal(await page.locator('[data-silent]').count(), 0);
  },
});
