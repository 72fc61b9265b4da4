// Studies in the console: from the gallery to a report, a refusal, a file of one's own, the claims board.
import assert from 'node:assert/strict';
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const docs = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'docs', 'study');
const kRefused = `/studies/run/alpha?from=sql&sql=${encodeURIComponent('SELECT 1 AS a, x AS b FROM range(20) t(x)')}&o.items=a,b&run=1`;
export const kStudyScreens = ['/studies', '/studies/claims?least=10', '/studies/run/drivers', '/studies/run/sem?from=starter&o.model=experience%20%3D~%20delivery%20%2B%20product%20%2B%20price%20%2B%20clarity%0Acsat%20~%20experience&run=1',
  '/studies/run/diagnose?from=own&run=1', '/studies/run/power'];

const ran = (page) => page.locator('rp-study-report .headline').waitFor();

const kTests = {
  'studies: the gallery shows every method of the server by its question, and finds one': async ({page}) => {
    await visit(page, '/studies');
    const known = await page.evaluate(async () => (await (await fetch('/v1/studies')).json()).methods.map(({name}) => name));
    assert.equal(await page.locator('.method').count(), known.length);
    assert.deepEqual((await page.locator('.method h3').allInnerTexts()).filter((text) => known.includes(text.trim())), [], 'each has its question');
    await page.getByPlaceholder('Find a method').fill('churn');
    await page.waitForURL(/find=churn/);
    await page.waitForFunction(() => document.querySelectorAll('.method').length < 5);
    await page.getByRole('link', {name: 'Who will leave or be dissatisfied, and why?'}).click();
    await page.waitForURL(/studies\/run\/churn/);
  },

  "studies: every method runs from its own beginning, on the shop's facts or its worked example": async ({page}) => {
    page.expected.push(/422|409/);
    await visit(page, '/studies');
    await page.locator('.method').first().waitFor();
    const names = await page.locator('.method h3 a').evaluateAll((links) => links.map((link) => new URL(link.href).pathname));
    assert.ok(names.length >= 26, `${names.length} methods`);
    for (const path of names) {
      await visit(page, path);
      const run = page.getByRole('button', {name: 'Run', exact: true});
      assert.equal(await run.isDisabled(), false, `${path}: ${await page.locator('.studyform .row .muted').allInnerTexts()}`);
      await run.click();
      await page.waitForURL(/run=1/);
      await settled(page);
      await page.locator('rp-study-report, .refusal').first().waitFor();
      assert.equal(await page.locator('main .note.bad[role=alert]').count(), 0, `${path}: ${await page.locator('main .note.bad').allInnerTexts()}`);
      assert.doesNotMatch(await page.locator('main').innerText(), /\b(undefined|NaN|\[object Object\])\b/, path);
    }
  },

  'studies: a report has its reading, interval, checks and chart, and is saved': async ({page}) => {
    await visit(page, '/studies/run/drivers');
    await page.getByRole('button', {name: 'price', exact: true}).click();
    assert.equal(await page.getByRole('button', {name: 'price', exact: true}).getAttribute('aria-pressed'), 'false');
    await page.getByRole('button', {name: 'Run', exact: true}).click();
    await ran(page);
    assert.match(decodeURIComponent(page.url()), /o\.items=delivery,product,clarity/);
    assert.match(await page.locator('rp-study-report .headline').innerText(), /The 3 items explain/);
    await page.locator('.studychart svg').first().waitFor();
    for (const [button, name, content] of [['HTML report', 'drivers.html', '<html lang="en">'], ['JSON', 'drivers.json', '"method":"drivers"']]) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: button}).click()]);
      assert.equal(download.suggestedFilename(), name);
      assert.ok(readFileSync(await download.path(), 'utf8').includes(content), name);
    }
    await page.reload();
    await ran(page);
    assert.match(await page.locator('rp-study-report .headline').innerText(), /The 3 items explain/, 'the address is the study');
  },

  'studies: a path model is drawn': async ({page}) => {
    await visit(page, kStudyScreens[3]);
    await ran(page);
    assert.ok(await page.locator('.studychart svg ellipse').count() >= 1, 'a latent variable is an ellipse');
    assert.match(await page.locator('.studychart svg').first().innerHTML(), /experience/);
  },

  'studies: a refusal is a result that names its check': async ({page}) => {
    page.expected.push(/422|409/);
    await visit(page, kRefused);
    await page.getByRole('heading', {name: 'The study refuses to answer'}).waitFor();
    assert.equal(await page.locator('main [role=alert]').count(), 0, 'not an error');
    assert.ok((await page.locator('.refusal .headline').innerText()).includes("'a'"), 'the constant item is named');
  },

  'studies: a file of one’s own is looked at and studied': async ({page}) => {
    await visit(page, '/studies/run/alpha');
    await page.getByRole('button', {name: 'A file', exact: true}).click();
    await page.locator('input[type=file]').setInputFiles(join(docs, 'service_survey.csv'));
    await page.getByText(/service_survey.csv: 200 rows/).waitFor();
    for (const item of ['delivery', 'product', 'price', 'clarity']) assert.equal(await page.getByRole('button', {name: item, exact: true}).count(), 0, 'columns of the file');
    await page.getByText('These data have no such columns').waitFor();
    await page.goto('/studies/run/alpha?from=file');
    await page.locator('input[type=file]').setInputFiles(join(docs, 'service_survey.csv'));
    for (const item of ['s1', 's2', 's3']) await page.getByRole('group', {name: 'Items', exact: true}).getByRole('button', {name: item, exact: true}).click();
    await page.getByRole('button', {name: 'Run', exact: true}).click();
    await ran(page);
    // docs/study/alpha.md prints 0.853143 for these three.
    assert.match(await page.locator('rp-study-report').innerText(), /0\.8531/);
    await page.goto(page.url().replace(/table=\w+/, 'table=0000'));
    page.expected.push(/404/);
    await page.getByText('not kept any more').waitFor();
  },

  "studies: the claims board stands on the shop's own figures": async ({page}) => {
    page.expected.push(/422|409/);
    await visit(page, '/studies/claims');
    await page.locator('.refusal, .claim').first().waitFor();
    await visit(page, '/studies/claims?least=10');
    await page.locator('.claim').first().waitFor();
    assert.equal(await page.locator('.claim').count(), 13);
    const told = await page.locator('.claim .bignumber').count();
    const report = await page.evaluate(async () => {
      const csrf = (await (await fetch('/v1/session')).json()).csrf;
      return (await fetch('/v1/studies/claims', {method: 'POST', headers: {'x-rapport-csrf': csrf, 'content-type': 'application/json'}, body: '{"options":{"least":"10"}}'})).json();
    });
    assert.equal(told, report.told);
  },

  'studies: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    page.expected.push(/422|409/);
    await holdScreens(page, [...kStudyScreens, kRefused]);
  },
};

export const tests = signedIn(kTests);
