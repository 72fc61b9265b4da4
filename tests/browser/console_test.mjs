// The console over the real server: who comes first, who signs in, and what each screen shows.
import assert from 'node:assert/strict';
import {gzipSync} from 'node:zlib';

import {axe, open} from './page.mjs';
import {widthAtRest} from './signed_in.mjs';

const kPassword = 'a quiet morning in Hangzhou';
const kScriptMost = 90 * 1024;
export const kScreens = [
  ['/overview', 'Overview'], ['/customers', 'Customers'], ['/customers/c_1', ''], ['/segments', 'Segments'], ['/segments/churn_risk', 'Churn risk'],
  ['/segments/new?write=1', 'Write a segment'], ['/services', 'Services'], ['/journey', 'Journey map'], ['/programme', 'Programme'],
  ['/data/live', 'Live'], ['/data/import', 'Import'], ['/data/dead-letters', 'Dead letters'], ['/data/catalogue', 'Event catalogue'], ['/data/words', 'Everyday words'],
  ['/data/sql?query=SELECT%20event%2C%20count(*)%20AS%20n%20FROM%20events%20GROUP%20BY%20event%20ORDER%20BY%20n%20DESC%20LIMIT%2012', 'SQL'],
  ['/data/keys', 'Keys'], ['/data/webhooks', 'Webhooks'], ['/data/health', 'Health'], ['/people', 'People and access'], ['/account', 'My account'],
];

async function settled(page) {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}
async function visit(page, path) {
  await page.goto(path);
  await settled(page);
}
const customers = (page) => page.locator('a.who');

export const tests = {
  'first run: a link, the administrator, three doors': async ({server, page}) => {
    await page.goto(server.link());
    await page.getByRole('heading', {name: 'Create the administrator'}).waitFor();
    await page.getByLabel('Name').fill('lin');
    await page.getByLabel('Password', {exact: true}).fill(kPassword);
    await page.getByLabel('The password again').fill('something else');
    await page.getByRole('button', {name: 'Create and go on'}).click();
    await page.getByText('The two passwords differ.').waitFor();
    await page.getByLabel('The password again').fill(kPassword);
    await page.getByRole('button', {name: 'Create and go on'}).click();
    await page.getByRole('heading', {name: 'Something to look at'}).waitFor();
    assert.equal(await page.locator('.door').count(), 3);
    await page.getByRole('button', {name: 'Make a write key'}).click();
    await page.getByText('rk_ingest_').waitFor();
  },

  'a link is good once': async ({server, browser}) => {
    const link = server.link();
    const first = await open(browser, server.url);
    await first.goto(link);
    await first.waitForURL(/overview/);
    await first.context().close();
    const second = await open(browser, server.url);
    second.expected.push(/401/);
    await second.goto(link);
    await second.getByText('used already').waitFor();
    await second.context().close();
  },

  'signing in: refused, then taken, then back to where one wanted to go': async ({server, browser}) => {
    const page = await open(browser, server.url);
    page.expected.push(/401/);
    await page.goto('/login?next=/segments');
    await page.getByLabel('Name').fill('lin');
    await page.getByLabel('Password').fill('not it');
    await page.getByRole('button', {name: 'Sign in'}).click();
    await page.getByText('not right').waitFor();
    await page.getByLabel('Password').fill(kPassword);
    await page.getByRole('button', {name: 'Sign in'}).click();
    await page.waitForURL(/segments/);
    await page.getByRole('button', {name: 'Sign out'}).click();
    await page.waitForURL(/login/);
    await page.getByRole('heading', {name: 'Sign in'}).waitFor();
    assert.deepEqual(page.wrong, []);
    await page.context().close();
  },

  'the first route carries little script': async ({server, browser, page}) => {
    const fresh = await page.context().newPage();
    // Whoever saves data is sent only what the first route needs; for others the rest follows while nothing is waited for.
    await fresh.addInitScript(() => Object.defineProperty(navigator, 'connection', {value: {saveData: true}}));
    let bytes = 0;
    const files = [];
    const read = [];
    fresh.on('response', (response) => {
      if (!response.url().endsWith('.js')) return;
      files.push(response.url().split('/').pop());
      read.push(response.body().then((body) => (bytes += gzipSync(body, {level: 9}).length)));
    });
    await fresh.goto('/overview');
    await settled(fresh);
    await Promise.all(read);
    await fresh.close();
    void browser;
    void server;
    assert.ok(bytes <= kScriptMost, `${bytes} bytes of ${files.join(', ')}`);
    assert.ok(!files.some((name) => name.startsWith('charts')), 'charts come later');
    console.log(`     first route: ${(bytes / 1024).toFixed(1)} KB of script, gzipped`);
  },

  'each screen shows real data': async ({page}) => {
    for (const [path, heading] of kScreens) {
      await visit(page, path);
      if (heading) assert.equal((await page.locator('main h1').innerText()).trim(), heading, path);
      assert.equal(await page.locator('.note.bad').count(), 0, `${path}: ${await page.locator('.note.bad').allInnerTexts()}`);
      assert.doesNotMatch(await page.locator('main').innerText(), /\b(undefined|NaN|\[object Object\]|null)\b(?! *AS)/, path);
    }
    await visit(page, '/overview');
    assert.equal(await page.locator('.tile').count(), 13);
    await visit(page, '/services');
    assert.equal(await page.locator('.servicecard').count(), 7);
  },

  'a customer is found, filtered, opened, and says why': async ({page}) => {
    await visit(page, '/customers?class=high_value');
    await customers(page).first().waitFor();
    const name = (await customers(page).first().innerText()).trim();
    await customers(page).first().click();
    await page.waitForURL(/customers\/c_/);
    await settled(page);
    await page.locator('.touch').first().waitFor();
    const phone = await page.locator('rp-identities .mono', {hasText: '+86'}).first().innerText();
    await page.getByRole('button', {name: 'Why High value'}).first().click();
    await page.getByRole('dialog').getByText('count(Purchase)').first().waitFor();
    await page.getByRole('dialog').locator('.seqs a').first().click();
    await page.waitForURL(/event=\d+/);
    await page.locator('.touch.looked').waitFor();
    await page.getByRole('searchbox').first().fill(phone);
    await page.getByRole('searchbox').first().press('Enter');
    await page.waitForURL(/customers\?query=/);
    await settled(page);
    assert.equal(await customers(page).count(), 1);
    assert.equal((await customers(page).first().innerText()).trim(), name);
  },

  'a rule is counted while it is written, published, and asked why not': async ({page}) => {
    await visit(page, '/segments/new?write=1');
    await page.getByLabel('Rule text').fill('evr Purchase');
    await page.getByText('Line 1, column 1').waitFor();
    await page.getByLabel('Rule text').fill('ever Purchase');
    await page.locator('main').getByText('customers fit now').waitFor();
    const fit = Number((await page.locator('[role=status] .bignumber').innerText()).replace(/\D/g, ''));
    assert.ok(fit > 10, `${fit} fit`);
    await page.getByLabel('Name', {exact: true}).fill('buyers');
    await page.getByRole('button', {name: 'Publish'}).click();
    await page.waitForURL(/segments\/buyers/);
    await page.getByRole('link', {name: `${fit} customers`}).waitFor();
    await page.getByLabel('Customer', {exact: true}).fill('c_1');
    await page.getByRole('button', {name: 'Why not'}).click();
    await page.getByRole('dialog').getByText('ever Purchase').first().waitFor();
  },

  'a file in GB18030 with a bad row is looked at, mapped and read': async ({page}) => {
    // 订单号,手机号,下单时间,金额 in GB18030, and three rows of which the last is torn.
    const head = Buffer.from('b6a9b5a5bac52ccad6bbfabac52ccfc2b5a5cab1bce42cbdf0b6ee0a', 'hex');
    const rows = Buffer.from('W-1,13912340001,2026-11-01 10:00:00,199.00\nW-2,13912340002,2026-11-02 11:00:00,88.50\nW-3,13912340003\n');
    await visit(page, '/data/import');
    await page.locator('input[type=file]').setInputFiles({name: 'orders.csv', mimeType: 'text/csv', buffer: Buffer.concat([head, rows])});
    await page.getByText('GB18030', {exact: false}).first().waitFor();
    await page.getByText('订单号').first().waitFor();
    assert.equal(await page.getByLabel('订单号').inputValue(), 'order_id');
    await page.getByRole('button', {name: 'Import', exact: true}).click();
    await page.getByRole('heading', {name: /Done/}).waitFor();
    const figures = await page.locator('[role=status] .bignumber').allInnerTexts();
    assert.equal(figures[3].trim(), '1', `read, taken, known, rejected: ${figures}`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Rejected rows as CSV'}).click()]);
    assert.equal(download.suggestedFilename(), 'rejected.csv');
  },

  'an event sent by curl is seen live': async ({server, page}) => {
    const key = server.key('ingest');
    await visit(page, '/data/live');
    await page.locator('.touch').first().waitFor();
    const authorization = `Basic ${Buffer.from(`${key}:`).toString('base64')}`;
    const sent = await fetch(`${server.url}/v1/track`, {method: 'POST', headers: {authorization}, body: JSON.stringify({userId: 'till-7-tester', event: 'Product Viewed', properties: {product_id: 'P-live-1'}})});
    assert.equal(sent.status, 200);
    await page.getByText('P-live-1').first().waitFor();
  },

  'a dead letter says what was wrong, and is tried again': async ({server, page}) => {
    const authorization = `Basic ${Buffer.from(`${server.key('ingest')}:`).toString('base64')}`;
    await fetch(`${server.url}/v1/track`, {method: 'POST', headers: {authorization}, body: JSON.stringify({userId: 'ada', event: 'Order Completed', properties: {total: 'much'}})});
    await visit(page, '/data/dead-letters');
    await page.getByText('As it was sent').first().click();
    await page.getByText('"much"').first().waitFor();
    await page.getByRole('button', {name: 'Try all again'}).click();
    await page.getByText(/Taken 0, still wrong [1-9]/).waitFor();
  },

  'a key is made, shown once, and removed': async ({page}) => {
    await visit(page, '/data/keys');
    await page.getByLabel('Label').fill('till 7');
    await page.getByRole('button', {name: 'Make a key'}).click();
    await page.getByText('rk_ingest_').waitFor();
    await page.getByRole('button', {name: 'Remove till 7'}).click();
    await page.getByRole('dialog').getByRole('button', {name: 'Remove'}).click();
    await page.getByText('Removed.').waitFor();
    await page.waitForFunction(() => !document.querySelector('[aria-label="Remove till 7"]'));
  },

  "the programme begins with today's figures and a goal is moved": async ({page}) => {
    await visit(page, '/programme');
    await page.getByRole('button', {name: 'Begin the programme'}).click();
    await page.getByText('Satisfaction (CSAT)').first().waitFor();
    await page.getByRole('button', {name: 'Change Recommendation (NPS)'}).click();
    await page.getByRole('dialog').getByLabel('Target').fill('61');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByRole('cell', {name: '61', exact: true}).waitFor();
    await page.getByText(/goals? waits?/).waitFor();
    await page.getByRole('button', {name: /^Review \d{4}-\d\d/}).click();
    const nps = page.getByRole('dialog').getByRole('group', {name: 'Recommendation (NPS)'});
    await nps.getByLabel('Verdict').selectOption('behind');
    await nps.getByLabel('Why, and what next').fill('Late parcels in the second week');
    await page.getByRole('button', {name: 'Save the review'}).click();
    await page.getByText('Reviewed this month').waitFor();
    await page.getByRole('cell', {name: 'Late parcels in the second week'}).waitFor();
    // Changing a goal keeps what was said of it.
    await page.getByRole('button', {name: 'Change Recommendation (NPS)'}).click();
    await page.getByRole('dialog').getByLabel('Target').fill('62');
    await page.getByRole('button', {name: 'Save', exact: true}).click();
    await page.getByRole('cell', {name: '62', exact: true}).waitFor();
    await page.getByRole('cell', {name: 'Late parcels in the second week'}).waitFor();
  },

  'a parameter is said in the shop\'s own words, and its visitors read them': async ({server, browser, page}) => {
    await visit(page, '/data/words');
    await page.getByRole('button', {name: 'Add words'}).click();
    await page.getByLabel('Parameter').fill('CADR');
    await page.getByLabel('From', {exact: true}).fill('1');
    await page.getByRole('textbox', {name: 'English'}).fill('Clears a bedroom while you brush your teeth ({value})');
    await page.getByRole('textbox', {name: 'English'}).press('Tab');
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByText('Published.').waitFor();
    const shop = await open(browser, server.url);
    await shop.goto(`/shop?key=${server.key('public')}`);
    await shop.locator('rapport-recommendations .item').first().waitFor();
    await shop.goto('/shop/search?q=air%20purifier');
    await shop.locator('.goods a').first().click();
    await shop.getByText('Clears a bedroom while you brush your teeth (').waitFor();
    await shop.getByText('For rooms of').waitFor({state: 'detached'});
    assert.deepEqual(shop.wrong, []);
    await shop.context().close();
    await page.getByRole('button', {name: 'Remove words 1'}).click();
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByText('No words of your own yet').waitFor();
  },

  'SQL is run from the address, drawn, and saved as Excel': async ({page}) => {
    await visit(page, '/data/sql');
    await page.getByLabel('Query').fill('SELECT segment, count(*) AS customers FROM segments GROUP BY segment ORDER BY customers DESC');
    await page.getByRole('button', {name: 'Run'}).click();
    await page.waitForURL(/query=SELECT/);
    await page.locator('.chart canvas').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Excel'}).click()]);
    assert.equal(download.suggestedFilename(), 'rapport.xlsx');
    page.expected.push(/400/);
    await page.getByLabel('Query').fill('SELEC 1');
    await page.getByRole('button', {name: 'Run'}).click();
    await page.getByRole('alert').waitFor();
  },

  'a person is erased, after typing the id': async ({page}) => {
    await visit(page, '/customers?query=till-7-tester');
    await customers(page).first().click();
    await page.waitForURL(/customers\/c_/);
    await settled(page);
    const id = new URL(page.url()).pathname.split('/').pop();
    await page.getByRole('button', {name: 'Erase…'}).click();
    const last = page.getByRole('button', {name: 'Erase for good'});
    await page.getByLabel(`Type ${id} to confirm`).fill('c_');
    assert.equal(await last.isDisabled(), true);
    await page.getByLabel(`Type ${id} to confirm`).fill(id);
    await last.click();
    await page.waitForURL(/customers$/);
    page.expected.push(/404/);
    await visit(page, '/customers?query=till-7-tester');
    assert.equal(await customers(page).count(), 0);
  },

  'an invited viewer sees no more than a viewer may': async ({server, browser, page}) => {
    await visit(page, '/people');
    await page.getByLabel('Name', {exact: true}).fill('vera');
    await page.getByLabel('Role', {exact: true}).selectOption('viewer');
    await page.getByRole('button', {name: 'Invite'}).click();
    const link = await page.locator('.note.good code').innerText();
    const theirs = await open(browser, server.url);
    await theirs.goto(link);
    await theirs.waitForURL(/account/);
    await theirs.getByLabel('New password').fill(kPassword);
    await theirs.getByLabel('The password again').fill(kPassword);
    await theirs.getByRole('button', {name: 'Save'}).click();
    await theirs.waitForURL(/overview/);
    await visit(theirs, '/customers');
    assert.match(await customers(theirs).first().innerText(), /\*/, 'identifiers are masked');
    await customers(theirs).first().click();
    await theirs.waitForURL(/customers\/c_/);
    await settled(theirs);
    await theirs.locator('.touch').first().waitFor();
    assert.equal(await theirs.getByRole('button', {name: 'Erase…'}).count(), 0);
    assert.equal(await theirs.getByRole('link', {name: 'People and access'}).count(), 0);
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
  },

  'the languages switch in place and are remembered': async ({page}) => {
    await visit(page, '/segments');
    for (const [language, word] of [['zh-CN', '分群'], ['zh-TW', '分群'], ['en', 'Segments']]) {
      await page.locator('select.language').selectOption(language);
      await page.waitForFunction((name) => document.documentElement.lang === name, language);
      await page.locator('main h1', {hasText: word}).waitFor();
    }
    await page.locator('select.language').selectOption('zh-TW');
    await page.waitForFunction(() => document.documentElement.lang === 'zh-TW');
    await page.reload();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-TW');
    await page.locator('select.language').selectOption('en');
    await page.locator('main h1', {hasText: 'Segments'}).waitFor();
  },

  'axe finds nothing: every screen, both themes, three languages': async ({page}) => {
    // Colours depend on the theme alone and their check is the slow one: once a theme, on long pages with less on them.
    const kSeen = [['light', 'zh-CN', true], ['dark', 'zh-TW', true], ['light', 'en', false], ['dark', 'zh-CN', false], ['light', 'zh-TW', false], ['dark', 'en', false]];
    const kShorter = {'/customers/c_1': '/customers/c_1?group=service', '/data/catalogue': '/data/catalogue?find=rating', '/customers': '/customers?class=seed'};
    const found = [];
    for (const [path] of kScreens) {
      await visit(page, kShorter[path] ?? path);
      for (const [theme, language, colours] of kSeen) {
        await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
        await page.locator('select.language').selectOption(language);
        await page.waitForFunction((name) => document.documentElement.lang === name, language);
        found.push(...await axe(page, `${path} ${theme} ${language}`, colours));
      }
    }
    await page.locator('select.language').selectOption('en');
    assert.deepEqual(found.slice(0, 12), []);
  },

  'nothing is wider than a telephone': async ({page, browser, server}) => {
    void browser;
    void server;
    await page.setViewportSize({width: 390, height: 844});
    const wide = [];
    for (const [path] of kScreens) {
      await visit(page, path);
      const width = await widthAtRest(page);
      if (width > 390) wide.push(`${path} ${width}`);
    }
    await page.getByRole('button', {name: 'Menu'}).click();
    await page.getByRole('link', {name: 'Customers'}).click();
    await page.waitForURL(/customers/);
    await page.setViewportSize({width: 1440, height: 900});
    assert.deepEqual(wide, []);
  },

  'the keyboard reaches the content and the search': async ({page}) => {
    await visit(page, '/customers');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'content');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('name')), 'query');
  },

  'a server that is gone is said, and found again': async ({server, page}) => {
    await visit(page, '/segments');
    const {port} = server;
    await server.stop();
    page.expected.push(/ERR_CONNECTION|Failed to load/);
    await page.getByRole('link', {name: 'Customers', exact: true}).click();
    await page.getByText('The server does not answer').first().waitFor();
    await server.start(port);
    // The restart ended the session, or it did not; both are said plainly, and the page may ask before the reader does.
    await Promise.race([page.getByRole('button', {name: 'Try again'}).first().click().catch(() => undefined), page.getByRole('heading', {name: 'Sign in'}).waitFor()]);
    await Promise.race([customers(page).first().waitFor(), page.getByRole('heading', {name: 'Sign in'}).waitFor()]);
  },
};
