// The ledger from a respondent's side: she answers, follows her receipt, and her own browser finds that it holds.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';

import {axe, open} from './page.mjs';
import {signedIn, visit} from './signed_in.mjs';

const api = (page, path, body, method) => page.evaluate(async ([path, body, method]) => {
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch(path, {method, headers: {'content-type': 'application/json', 'x-rapport-csrf': csrf}, body: JSON.stringify(body)});
  return answer.json();
}, [path, body, method]);

const kTests = {
  'receipt: what a respondent said is proved in her own browser, and a changed file is not': async ({server, browser, page}) => {
    await visit(page, '/surveys');
    await api(page, '/v1/surveys/counter', {template: 'nps'}, 'PUT');
    const {token} = await api(page, '/v1/surveys/counter/links', {}, 'POST');
    const guest = await open(browser, server.url, {viewport: {width: 390, height: 844}});
    await guest.goto(`/ask/${token}`);
    await guest.locator('label', {hasText: /^9$/}).click();
    await guest.getByRole('button', {name: 'Send answers'}).click();
    await guest.getByRole('link', {name: /^Your receipt/}).click();
    await guest.waitForURL(/\/receipt\/\d+\.\d+\.[0-9a-f]{32}$/);
    await guest.getByText('It holds: this record stands in the book, unchanged.').waitFor();
    assert.match(await guest.locator('main').innerText(), /A questionnaire answered.*counter.*nps: 9/s);
    assert.equal(await guest.locator('ul.checks li').count(), 5);
    const [download] = await Promise.all([guest.waitForEvent('download'), guest.getByRole('link', {name: 'Download the receipt'}).click()]);
    const file = readFileSync(await download.path(), 'utf8');
    const leaf = JSON.parse(file).leaf;
    const choose = (text) => guest.locator('#file').setInputFiles({name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(text)});
    const other = leaf[40] === 'A' ? 'B' : 'A';
    await choose(file.replace(leaf, `${leaf.slice(0, 40)}${other}${leaf.slice(41)}`));
    await guest.getByText('It does not hold').waitFor();
    await choose(file);
    await guest.getByText('It holds').waitFor();
    const found = [];
    for (const [theme, language] of [['light', 'zh-CN'], ['dark', 'zh-TW'], ['light', 'en']]) {
      await guest.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      await guest.locator(`nav button[lang="${language}"]`).click();
      found.push(...await axe(guest, `receipt ${theme} ${language}`));
    }
    assert.deepEqual(found, []);
    assert.ok(await guest.evaluate(() => document.documentElement.scrollWidth) <= 390, 'fits a telephone');
    guest.expected.push(/404/);
    await guest.goto('/receipt/1.1.00000000000000000000000000000000');
    await guest.getByText('There is no such receipt').waitFor();
    guest.wrong = guest.wrong.filter((line) => !/404/.test(line));
    assert.deepEqual(guest.wrong, []);
    await guest.context().close();
  },
};

export const tests = signedIn(kTests);
