// The service desk: promises and people, the queue with its clocks, and a ticket from the screen pop to the call-back.
import assert from 'node:assert/strict';

import {open} from './page.mjs';
import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const kPassword = 'an afternoon by the West Lake';
const api = (page, path, body, method = 'POST') => page.evaluate(async ([path, body, method]) => {
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch(path, {method, headers: {'content-type': 'application/json', 'x-rapport-csrf': csrf}, ...(body ? {body: JSON.stringify(body)} : {})});
  return {status: answer.status, ...(await answer.json())};
}, [path, body, method]);
const told = (event, properties, n) => ({type: 'track', event, messageId: `desk-${n}`, userId: 'desk-1', properties});
const kWords = '我的快递三天没更新了，能查一下到哪了吗？';

let hired = false;
/** An agent of the shop in a browser of her own. */
async function agent({server, browser, page}) {
  if (!hired) {
    await page.goto('/overview');
    const made = await api(page, '/v1/users', {name: 'fang', role: 'agent', password: kPassword});
    assert.equal(made.status, 201, JSON.stringify(made));
    hired = true;
  }
  const theirs = await open(browser, server.url);
  await theirs.goto('/login');
  await theirs.getByLabel('Name').fill('fang');
  await theirs.getByLabel('Password', {exact: true}).fill(kPassword);
  await theirs.getByRole('button', {name: 'Sign in'}).click();
  await theirs.waitForURL(/overview/);
  return theirs;
}

const kTests = {
  'desk: promises, people and hours are published from their forms, whose faults stand in the way': async ({page}) => {
    await visit(page, '/desk/policies');
    await page.getByText('as shipped').waitFor();
    await page.getByRole('button', {name: 'New hours'}).click();
    let dialog = page.getByRole('dialog');
    await dialog.getByText('An id of letters, digits, dots and dashes').waitFor();
    await dialog.getByLabel('Id', {exact: true}).fill('office');
    await dialog.getByLabel('Monday').fill('nine to five');
    await dialog.getByText('A shift is written as 09:00-12:00').waitFor();
    assert.equal(await dialog.getByRole('button', {name: 'Publish'}).isDisabled(), true);
    await dialog.getByLabel('Monday').fill('09:00-12:00, 13:30-18:00');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await page.locator('#calendars h3', {hasText: 'office'}).waitFor();
    await page.getByRole('button', {name: 'Edit Promises'}).click();
    dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Add a promise at the top'}).click();
    await dialog.getByLabel('Within').first().fill('3 hours');
    await dialog.getByText('A time is written as 30s, 5m or 24h').waitFor();
    await dialog.getByLabel('Within').first().fill('3h');
    await dialog.getByLabel('Class').first().selectOption('logistics');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await page.locator('#levels tbody tr', {hasText: 'Solve it'}).first().getByText('3 h').waitFor();
    assert.equal(await page.getByText('as shipped').count(), 0);
    await page.getByRole('button', {name: 'Edit People'}).click();
    dialog = page.getByRole('dialog');
    await dialog.getByRole('button', {name: 'Add a person'}).click();
    await dialog.getByText('Somebody is missing').waitFor();
    await dialog.getByLabel('Id', {exact: true}).fill('mei');
    await dialog.getByLabel('Name', {exact: true}).fill('Mei');
    await dialog.getByLabel('Departments').fill('payment');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await page.locator('#roster tbody tr', {hasText: 'Mei'}).getByText('payment').waitFor();
  },

  'desk: an agent goes through the queue by keys, and knows the story before the first word': async (given) => {
    const {page} = given;
    await page.goto('/overview');
    const sent = await api(page, '/v1/batch', {batch: [
      told('Product Viewed', {product_id: 'P0001'}, 1), told('Contact Started', {contact_id: 'DC-1', channel: 'chat'}, 2), told('Message Posted', {contact_id: 'DC-1', from: 'customer', text: kWords}, 3),
      told('Ticket Opened', {ticket_id: 'DT-1', class: 'logistics', contact_id: 'DC-1', priority: 'urgent'}, 4)]});
    assert.equal(sent.rejected, 0, JSON.stringify(sent));
    const theirs = await agent(given);
    await visit(theirs, '/desk?department=logistics&sort=opened');
    const row = theirs.locator('[data-ticket="DT-1"]');
    await row.waitFor();
    await row.getByText('urgent').waitFor();
    await row.getByText(/left|late/).first().waitFor();
    await theirs.locator('h1').focus();
    for (let i = 0; i < 60 && !(await row.evaluate((one) => one === document.activeElement)); i += 1) await theirs.keyboard.press('j');
    assert.equal(await row.evaluate((one) => one === document.activeElement), true);
    // The list is asked for again and again; the reader stays with the ticket.
    await theirs.waitForResponse((answer) => answer.url().includes('/v1/tickets?'));
    await theirs.waitForResponse((answer) => answer.url().includes('/v1/tickets?'));
    assert.equal(await row.evaluate((one) => one === document.activeElement), true);
    await theirs.keyboard.press('Enter');
    await theirs.waitForURL(/desk\/DT-1/);
    await settled(theirs);
    await theirs.locator('#conversation').getByText(kWords).waitFor();
    await theirs.locator('#who').getByRole('link').first().waitFor();
    await theirs.getByRole('heading', {name: 'Just looked at'}).waitFor();
    await theirs.locator('rp-screen-pop').getByText('Product viewed').first().waitFor();
    await theirs.locator('.clockcards').getByText('Solve it').first().waitFor();
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
  },

  'desk: a ticket is taken, located, answered, made to wait, solved and called back': async (given) => {
    const theirs = await agent(given);
    await visit(theirs, '/desk/DT-1');
    await theirs.getByRole('button', {name: 'Take it'}).click();
    await theirs.locator('.pagehead').getByText(/fang/).waitFor();
    await theirs.getByLabel('Why (optional)').fill('depot');
    await theirs.getByRole('button', {name: 'Cause found'}).click();
    await theirs.locator('.pagehead .chip', {hasText: 'Located'}).waitFor();
    await theirs.locator('#conversation').getByText('depot').first().waitFor();
    await theirs.getByLabel('Answer to the customer').fill('查到了，在杭州中转站，今天送到。');
    await theirs.getByRole('button', {name: 'Send'}).click();
    await theirs.locator('.turn[data-from="agent"]', {hasText: '今天送到'}).waitFor();
    await theirs.getByRole('button', {name: 'Wait for the customer'}).click();
    await theirs.locator('.clockcards [data-clock]', {hasText: 'paused'}).first().waitFor();
    await theirs.getByRole('button', {name: 'Solved'}).click();
    await theirs.locator('.pagehead .chip', {hasText: 'Solved'}).waitFor();
    await theirs.locator('.clockcards').getByText(/used, in time|used, too late/).first().waitFor();
    await theirs.locator('.clockcards').getByText('How it ran').first().click();
    await theirs.locator('.clockcards td', {hasText: 'began'}).first().waitFor();
    await theirs.getByRole('button', {name: 'Called back'}).click();
    await theirs.locator('.pagehead .chip', {hasText: 'Called back'}).waitFor();
    await theirs.getByRole('button', {name: 'Open again'}).click();
    await theirs.locator('.pagehead .chip', {hasText: 'Reopened'}).waitFor();
    await visit(theirs, '/desk?agent=fang');
    assert.equal(await theirs.getByRole('button', {name: 'Mine'}).getAttribute('aria-pressed'), 'true');
    await theirs.locator('[data-ticket="DT-1"]').waitFor();
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
  },

  'desk: a ticket that is none says so': async ({page}) => {
    page.expected.push(/404/);
    await page.goto('/desk/no-such-ticket');
    await page.getByRole('heading', {name: 'No such ticket'}).waitFor();
  },

  'desk: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/desk', '/desk/DT-1', '/desk/policies']);
  },
};

export const tests = signedIn(kTests);
