// Surveys in the console: from a template to answers by link, invitations within the limits, and the score with its interval.
import assert from 'node:assert/strict';

import {open} from './page.mjs';
import {holdScreens, signedIn, visit} from './signed_in.mjs';

const kAnswers = [10, 9, 10, 8, 9, 3, 10, 7, 9, 10, 6, 9];

const kTests = {
  'surveys: from a template to a published survey': async ({page}) => {
    await visit(page, '/surveys');
    // The simulated shop has asked before.
    await page.getByRole('link', {name: 'Your order'}).waitFor();
    const templates = await page.evaluate(async () => (await (await fetch('/v1/survey-templates')).json()).templates.length);
    assert.equal(await page.locator('.method').count(), templates);
    await page.locator('a[href="/surveys/new?template=nps"]').click();
    await page.getByLabel('Id').fill('spring');
    await page.getByLabel('Title').fill('Spring 2026');
    await page.getByRole('button', {name: 'Open question'}).click();
    await page.getByText(/A question has no text/).waitFor();
    assert.equal(await page.getByRole('button', {name: 'Publish', exact: true}).isDisabled(), true);
    await page.locator('.surveyitem').last().getByRole('button', {name: /^Remove/}).click();
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.waitForURL(/surveys\/spring$/);
    await page.getByRole('heading', {name: 'Spring 2026'}).waitFor();
    await page.getByText('Nobody has answered yet').waitFor();
  },

  'surveys: a link with its QR code is answered by people who never saw the console': async ({server, browser, page}) => {
    await visit(page, '/surveys/spring');
    await page.getByRole('button', {name: 'Make a link'}).click();
    await page.locator('.qr img').waitFor();
    await page.waitForFunction(() => document.querySelector('.qr img').naturalWidth > 0);
    const path = new URL(await page.locator('.qr a').first().getAttribute('href'), server.url).pathname;
    for (const answer of kAnswers) {
      const got = await fetch(`${server.real ?? server.url}/v1${path}`);
      assert.equal(got.status, 200);
      const {response, survey} = await got.json();
      const sent = await fetch(`${server.real ?? server.url}/v1${path}`, {method: 'POST', body: JSON.stringify({response, answers: [{item: survey.items[0].item, value: answer}]})});
      assert.equal(sent.status, 200, await sent.text());
    }
    const guest = await open(browser, server.real ?? server.url, {viewport: {width: 390, height: 844}});
    await guest.goto(path);
    await guest.locator('form').waitFor();
    assert.ok(await guest.evaluate(() => document.documentElement.scrollWidth) <= 390, 'fits a telephone');
    assert.deepEqual(guest.wrong, []);
    await guest.context().close();
  },

  'surveys: results have the score with its interval, and lead to the study': async ({page}) => {
    await visit(page, '/surveys/spring');
    await page.locator('.headline').waitFor();
    // 8 promoters, 2 detractors of 12.
    assert.match(await page.locator('.headline').innerText(), /NPS is 50 \(interval .* from 12 answers/);
    await page.getByRole('link', {name: 'Open the whole study'}).click();
    await page.waitForURL(/studies\/run\/nps\?.*survey=spring/);
    await page.locator('rp-study-report .headline').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), (async () => {
      await visit(page, '/surveys/spring');
      await page.getByRole('button', {name: 'CSV'}).click();
    })()]);
    assert.equal(download.suggestedFilename(), 'spring.csv');
  },

  'surveys: invitations keep within the limits, and say why not': async ({page}) => {
    await visit(page, '/surveys/spring');
    await page.getByLabel('Channel').selectOption('link');
    await page.getByLabel('At most').fill('3');
    const segment = await page.evaluate(async () => (await (await fetch('/v1/segments')).json()).segments.find(({members}) => members > 0).name);
    await page.getByLabel('Segment').selectOption(segment);
    await page.getByRole('button', {name: 'Invite', exact: true}).click();
    const said = page.locator('rp-survey-ask [role=status] strong');
    await said.waitFor();
    const invited = Number(/^(\d+) invited/.exec(await said.innerText())[1]);
    assert.ok(invited > 0, await said.innerText());
    const customer = (await page.locator('rp-survey-ask [role=status] li a').first().innerText()).trim();
    await page.getByLabel('Or one customer').fill(customer);
    await page.getByRole('button', {name: 'Invite', exact: true}).click();
    await page.getByText('asked lately').waitFor();
  },

  'surveys: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/surveys', '/surveys/new?template=servqual', '/surveys/new?template=ahp', '/surveys/spring', '/surveys/spring/edit']);
  },
};

export const tests = signedIn(kTests);
