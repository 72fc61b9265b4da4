// From a study to an action and back: hypothesis cards, published studies, actions, what services are worth.
import assert from 'node:assert/strict';

import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const kTests = {
  'loop: a hypothesis is registered with its sample size, and people are drawn': async ({page}) => {
    await visit(page, '/hypotheses/new');
    await page.getByLabel('If', {exact: true}).fill('warned of a late parcel early');
    await page.getByLabel('Then', {exact: true}).fill('more of them buy again');
    const metric = await page.getByLabel('Metric', {exact: true}).locator('option').evaluateAll((all) => all.map(({value}) => value).filter((value) => value === 'order_rate')[0]);
    assert.ok(metric, 'a share among the metrics');
    await page.getByLabel('Metric', {exact: true}).selectOption(metric);
    await page.getByLabel('Effect worth finding (absolute)').fill('0.3');
    await page.getByText(/people in each arm/).waitFor();
    await page.getByRole('button', {name: 'Register'}).click();
    await page.waitForURL(/hypotheses\/H-more-of-them-buy-again/);
    await page.getByRole('heading', {name: 'If warned of a late parcel early, then more of them buy again'}).waitFor();
    await page.getByRole('button', {name: 'Draw people in'}).click();
    await page.getByText(/assigned, 0 were already/).waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('.bignumber')].some((one) => Number(one.textContent) > 0));
    const arms = (await page.locator('section', {hasText: 'The arms'}).locator('.bignumber').allInnerTexts()).map(Number);
    assert.ok(arms[0] > 0 && arms[1] > 0, `${arms}`);
    await visit(page, '/hypotheses');
    await page.locator('section', {hasText: /^Running 1/}).waitFor();
  },

  'loop: a study is published, and its finding becomes an action': async ({page}) => {
    await visit(page, '/studies/run/nps?from=starter&o.score=score&run=1');
    await page.locator('rp-study-report .headline').waitFor();
    await page.getByRole('button', {name: 'Publish', exact: true}).click();
    await page.getByRole('dialog').getByLabel('Id').fill('nps-spring');
    await page.getByRole('dialog').getByLabel('Service').selectOption({index: 1});
    for (const [label, value] of [['Benefit', '100'], ['Cost', '20']]) await page.getByRole('dialog').getByLabel(label, {exact: true}).fill(value);
    await page.getByRole('dialog').getByLabel('Its standard error').first().fill('10');
    await page.getByRole('dialog').getByRole('button', {name: 'Publish', exact: true}).click();
    await page.waitForURL(/studies\/published\/nps-spring/);
    await settled(page);
    await page.getByRole('button', {name: 'Make it an action'}).click();
    await page.getByRole('dialog').getByLabel('What is done').selectOption('grow');
    await page.getByRole('dialog').getByLabel('Expected value').fill('5000');
    await page.getByRole('dialog').getByLabel('Guardrail', {exact: true}).selectOption('complaint_rate');
    await page.getByRole('dialog').getByLabel('Guardrail bound').fill('0.02');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.getByText('It is an action now.').waitFor();
    await visit(page, '/studies/actions');
    await page.getByText(/^NPS is /).first().waitFor();
    await visit(page, '/studies/published');
    await page.locator('a[href="/studies/published/nps-spring"]').first().waitFor();
  },

  'loop: the service with a measured benefit stands in the matrix, the others say why not': async ({page}) => {
    await visit(page, '/services/worth');
    assert.equal(await page.locator('svg.worth circle').count(), 1);
    await page.getByRole('link', {name: 'nps-spring'}).first().waitFor();
    assert.ok(await page.locator('main li').count() >= 5, 'the services without a benefit');
    await visit(page, '/services/reviews');
    assert.ok(await page.locator('main li').count() >= 7);
  },

  'loop: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/hypotheses', '/hypotheses/new', '/studies/published', '/studies/published/nps-spring', '/studies/actions', '/services/worth', '/services/reviews']);
  },
};

export const tests = signedIn(kTests);
