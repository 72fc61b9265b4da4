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

  'desk: what agents may do is published from its form, and what nobody could let through stands in the way': async ({page}) => {
    await visit(page, '/desk/policies');
    await page.locator('#guard').getByText('These hold until the shop publishes its own.').waitFor();
    await page.getByRole('button', {name: 'Edit What agents may do'}).click();
    const dialog = page.getByRole('dialog');
    const agents = dialog.getByRole('group', {name: 'Agent'});
    await agents.getByLabel('Refund alone').fill('600');
    await dialog.getByText('“At most” is at least “alone”').waitFor();
    await agents.getByLabel('Refund alone').fill('20');
    await agents.getByLabel('Coupon alone').fill('3');
    await dialog.getByRole('group', {name: 'Owner'}).getByLabel('Lets through what waits').uncheck();
    await dialog.getByText('Somebody has to let through what waits').waitFor();
    assert.equal(await dialog.getByRole('button', {name: 'Publish'}).isDisabled(), true);
    await dialog.getByRole('group', {name: 'Owner'}).getByLabel('Lets through what waits').check();
    await dialog.getByRole('button', {name: 'Publish'}).click();
    await dialog.waitFor({state: 'detached'});
    await page.locator('#guard tbody tr', {hasText: 'Agent'}).getByText('¥20.00 alone, ¥500.00 with a second person').waitFor();
  },

  'desk: a macro is written, tried on a case, used in the reply box and retired': async (given) => {
    const {page} = given;
    await visit(page, '/desk/macros');
    await page.getByRole('heading', {name: 'No written answer yet'}).waitFor();
    await page.getByRole('button', {name: 'Write one'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name after the /').fill('where');
    await dialog.getByLabel('Title').fill('Where it is');
    await dialog.getByLabel('English').fill('Dear {weather}');
    await dialog.getByText('Nothing fills {weather}').waitFor();
    assert.equal(await dialog.getByRole('button', {name: 'Publish'}).isDisabled(), true);
    await dialog.getByLabel('English').fill('Your ticket is {ticket_id}.');
    await dialog.getByLabel('简体中文').fill('您的工单是 {ticket_id}。');
    await dialog.getByLabel('Proposes').selectOption('coupon');
    await dialog.getByLabel('Amount').fill('2');
    await dialog.getByRole('button', {name: 'Publish'}).click();
    const macro = page.locator('[data-macro="where"]');
    await macro.getByText('您的工單是 {ticket_id}。').waitFor();
    await macro.getByText('proposes: Coupon 2').waitFor();
    await macro.getByRole('button', {name: 'Try /where'}).click();
    await dialog.getByLabel('On the ticket').selectOption('DT-1');
    await dialog.getByText(kWords).waitFor();
    await dialog.getByLabel('Language').selectOption('en');
    await dialog.getByText('Your ticket is DT-1.').waitFor();
    await dialog.getByRole('button', {name: 'Close'}).click();
    const theirs = await agent(given);
    await visit(theirs, '/desk/DT-1');
    await theirs.getByLabel('Answer to the customer').fill('/wh');
    await theirs.getByRole('button', {name: '/where Where it is'}).click();
    await theirs.waitForFunction(() => /DT-1/.test(document.querySelector('#conversation textarea')?.value ?? ''));
    // What it proposes opens its form, and is done only when the agent says so.
    await theirs.locator('#guarded').getByLabel('Amount').fill('2');
    await theirs.locator('#guarded').getByLabel('Why').fill('waited long');
    await theirs.locator('#guarded').getByRole('button', {name: 'Coupon', exact: true}).click();
    await theirs.locator('#guarded').getByText(/waited long · fang/).waitFor();
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
    // To others, too, it is not user:3 who did it.
    await visit(page, '/desk/DT-1');
    await page.locator('#guarded').getByText(/waited long · fang/).waitFor();
    assert.equal(await page.locator('main').getByText(/user:\d/).count(), 0);
    await visit(page, '/desk/macros');
    await macro.getByRole('button', {name: 'Retire /where'}).click();
    await page.getByRole('heading', {name: 'No written answer yet'}).waitFor();
    await page.getByRole('button', {name: /^Retired/}).click();
    await macro.getByRole('button', {name: 'Bring back /where'}).waitFor();
  },

  'desk: a refund that the limits forbid says the limit, whose it is and who may let it through': async (given) => {
    const {page} = given;
    await page.goto('/overview');
    const sent = await api(page, '/v1/batch', {batch: [
      told('Order Completed', {order_id: 'DO-9', total: '800.00', currency: 'CNY', products: [{product_id: 'P0001', quantity: 1, price: '800.00'}]}, 91), told('Contact Started', {contact_id: 'DC-9', channel: 'chat'}, 92),
      told('Ticket Opened', {ticket_id: 'DT-9', class: 'product', contact_id: 'DC-9', order_id: 'DO-9'}, 93)]});
    assert.equal(sent.rejected, 0, JSON.stringify(sent));
    const theirs = await agent(given);
    theirs.expected.push(/422/);
    await visit(theirs, '/desk/DT-9');
    const card = theirs.locator('#guarded');
    await card.getByRole('button', {name: 'Refund…'}).click();
    await card.getByText('Up to ¥20.00 by yourself, up to ¥500.00 with a second person.').waitFor();
    await card.getByLabel('Amount (CNY)').fill('600');
    await card.getByLabel('Why').fill('broken');
    await card.getByRole('button', {name: 'Refund', exact: true}).click();
    await card.getByText('Agent: up to ¥20.00 alone, up to ¥500.00 with a second person; this is more. Who may do more: Owner.').waitFor();
    await card.getByLabel('Amount (CNY)').fill('900');
    await card.getByRole('button', {name: 'Refund', exact: true}).click();
    await card.getByText('At most ¥800.00 of this order can still be paid back').waitFor();
    await card.getByLabel('Amount (CNY)').fill('30');
    await card.getByRole('button', {name: 'Refund', exact: true}).click();
    await theirs.getByText('it waits until a second person lets it through (Owner)').waitFor();
    await card.getByText('waits for a second person').waitFor();
    assert.deepEqual(theirs.wrong, []);
    await theirs.context().close();
    await visit(page, '/desk/DT-9');
    await page.locator('#guarded').getByRole('button', {name: 'Let it through'}).click();
    await page.locator('#guarded .chip[data-state="done"]').waitFor();
  },

  'desk: a ticket is handed over with what she wants and what was tried, to read and to copy': async (given) => {
    const {page} = given;
    const theirs = await agent(given);
    await visit(theirs, '/desk/DT-1');
    await theirs.getByRole('button', {name: 'Hand over…'}).click();
    const dialog = theirs.getByRole('dialog');
    assert.equal(await dialog.getByRole('button', {name: 'Hand over', exact: true}).isDisabled(), true, 'without what she wants nobody is helped');
    await dialog.getByLabel('Give it to').selectOption('mei');
    await dialog.getByLabel('What the customer wants').fill('Her parcel before Saturday');
    await dialog.getByLabel('What was tried').fill('called the carrier\nlooked in the depot');
    await dialog.getByRole('button', {name: 'Hand over', exact: true}).click();
    await dialog.waitFor({state: 'detached'});
    await theirs.locator('#packet').getByText('Her parcel before Saturday').first().waitFor();
    await theirs.context().close();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await visit(page, '/desk/DT-1');
    const packet = page.locator('#packet');
    await packet.getByText('looked in the depot').first().waitFor();
    await packet.getByRole('button', {name: 'Copy as JSON'}).click();
    await page.getByText('Copied.').waitFor();
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(copied.wanted, 'Her parcel before Saturday');
    assert.deepEqual(copied.tried, ['called the carrier', 'looked in the depot']);
    assert.ok('promised' in copied && 'urgency' in copied && 'transcript' in copied, JSON.stringify(copied));
  },

  'desk: a ticket that is none says so': async ({page}) => {
    page.expected.push(/404/);
    await page.goto('/desk/no-such-ticket');
    await page.getByRole('heading', {name: 'No such ticket'}).waitFor();
  },

  'desk: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/desk', '/desk/DT-1', '/desk/policies', '/desk/macros?retired=1', '/desk/team']);
  },
};

export const tests = signedIn(kTests);
