// What customers say: heard, marked clause by clause, corrected by a person, answered in public, and boiled down to pains.
import assert from 'node:assert/strict';
import {readFile} from 'node:fs/promises';

import {holdScreens, settled, signedIn, visit} from './signed_in.mjs';

const send = (page, batch) => page.evaluate(async (batch) => {
  const {csrf} = await (await fetch('/v1/session')).json();
  const answer = await fetch('/v1/batch', {method: 'POST', headers: {'content-type': 'application/json', 'x-rapport-csrf': csrf}, body: JSON.stringify({batch})});
  return (await answer.json()).rejected;
}, batch);
const review = (id, user, rating, text) => ({type: 'track', event: 'Review Posted', messageId: `review-${id}`, userId: user, properties: {review_id: id, product_id: 'P0001', rating, text}});
/** The voice of that id once it was listened to; the log is read a moment after it is written. */
async function heard(page, id) {
  for (const until = Date.now() + 30_000; Date.now() < until; await page.waitForTimeout(250)) {
    const found = await page.evaluate(async (id) => (await (await fetch('/v1/feedback?limit=200')).json()).feedback.find((one) => one.id === id), id);
    if (found) return found;
  }
  throw new Error(`${id} was not heard`);
}
const kComplaint = '电池太不耐用了，快递很快！';

const kTests = {
  'feedback: what is said is marked clause by clause, in words and not by colour alone': async ({page}) => {
    await page.goto('/overview');
    assert.equal(await send(page, [review('FB-1', 'voice-1', 1, kComplaint)]), 0);
    const {clauses} = await heard(page, 'FB-1');
    assert.ok(clauses.some((one) => one.class === 'product' && one.sentiment < 0), JSON.stringify(clauses));
    await visit(page, '/feedback');
    const voice = page.locator('[id="feedback-FB-1"]');
    await voice.waitFor();
    assert.equal((await voice.locator('mark').allInnerTexts()).every((part) => kComplaint.includes(part)), true);
    await voice.locator('.claim', {hasText: /product.*blame/}).first().waitFor();
    await voice.getByText('1 of 5').waitFor();
  },

  'feedback: the ticket that it opened is on the desk, with the words that it is about': async ({page}) => {
    await page.goto('/overview');
    let ticket = (await heard(page, 'FB-1')).ticket;
    for (const until = Date.now() + 30_000; !ticket && Date.now() < until; await page.waitForTimeout(250)) ticket = (await heard(page, 'FB-1')).ticket;
    assert.ok(ticket, 'no ticket was opened');
    await visit(page, '/feedback');
    await page.locator('[id="feedback-FB-1"]').getByRole('link', {name: /^ticket: /}).click();
    await page.waitForURL(new RegExp(`desk/${ticket.ticket_id}$`));
    await page.locator('.turn[data-from="customer"]', {hasText: kComplaint}).waitFor();
    await page.getByLabel('Answer to the customer').fill('We replace the battery.');
    await page.getByRole('button', {name: 'Send'}).click();
    await page.locator('.turn[data-from="agent"]', {hasText: 'We replace the battery.'}).waitFor();
  },

  'feedback: filters are in the address': async ({page}) => {
    await visit(page, '/feedback');
    await page.locator('.classbar', {hasText: 'product'}).click();
    await page.waitForURL(/class=product/);
    await page.locator('[id="feedback-FB-1"]').waitFor();
    await page.getByLabel('How it is meant').selectOption('positive');
    await page.waitForURL(/sentiment=positive/);
    await page.locator('[id="feedback-FB-1"]').waitFor({state: 'detached'});
    await page.goBack();
    await page.locator('[id="feedback-FB-1"]').waitFor();
    await page.locator('.tilebutton', {hasText: 'All voices'}).click();
    await page.waitForURL((url) => !url.searchParams.get('class'));
  },

  'feedback: a person corrects a clause, and her word stands': async ({page}) => {
    await visit(page, '/feedback');
    await page.locator('[id="feedback-FB-1"]').getByRole('button', {name: /^Correct/}).click();
    const dialog = page.getByRole('dialog');
    while (await dialog.getByRole('button', {name: /^Remove Clause/}).count()) await dialog.getByRole('button', {name: /^Remove Clause/}).first().click();
    await dialog.getByText('No clause: it is about nothing of ours.').waitFor();
    await dialog.getByRole('button', {name: 'Add a clause'}).click();
    await dialog.getByLabel('Class').selectOption('service');
    await dialog.getByLabel('Aspect').selectOption('attitude');
    await dialog.getByRole('button', {name: 'Save the correction'}).click();
    await dialog.waitFor({state: 'detached'});
    const voice = page.locator('[id="feedback-FB-1"]');
    await voice.locator('.chip', {hasText: 'corrected'}).waitFor();
    await voice.locator('.claim', {hasText: 'service · manner · blame'}).waitFor();
    assert.equal(await voice.locator('.claim').count(), 1);
  },

  'feedback: a public answer is drafted from facts, changed and sent by a person': async ({page}) => {
    await visit(page, '/feedback');
    const voice = page.locator('[id="feedback-FB-1"]');
    await voice.getByRole('button', {name: /^Reply/}).click();
    const dialog = page.getByRole('dialog');
    const text = dialog.locator('textarea');
    await dialog.getByText('service · manner · blamed').waitFor();
    assert.match(await text.inputValue(), /服务态度/);
    await dialog.getByLabel('Language').selectOption('en');
    await page.waitForFunction(() => /Thank you/.test(document.querySelector('dialog textarea')?.value ?? ''));
    await text.fill('We are sorry. A colleague will call you today.');
    await dialog.getByRole('button', {name: 'Publish the answer'}).click();
    await dialog.waitFor({state: 'detached'});
    await voice.locator('.chip', {hasText: 'answered in public'}).waitFor();
    assert.equal(await voice.getByRole('button', {name: /^Reply/}).count(), 0);
  },

  'feedback: a pain that several share is found, with what was said and by whom': async ({page}) => {
    await page.goto('/overview');
    const says = ['电池不耐用，很失望。', '用了两天电池不耐用。', '电池不耐用，太差了。', '又是电池不耐用，后悔买了。'];
    const batch = Array.from({length: 16}, (_, i) => review(`PAIN-${i}`, `pain-${i}`, 1, says[i % says.length]));
    assert.equal(await send(page, batch), 0);
    await heard(page, 'PAIN-15');
    await visit(page, '/feedback/pains?sort=rising');
    const pain = page.locator('.painful', {hasText: '电池不耐用'}).first();
    await pain.waitFor();
    await pain.locator('summary').click();
    await pain.locator('li a[href^="/customers/c_"]').first().waitFor();
    await pain.getByText(/电池不耐用/).last().waitFor();
    await page.getByLabel('Class').selectOption('payment');
    await page.waitForURL(/class=payment/);
    await settled(page);
  },

  'feedback: from a pain to everybody who said it, and to telling them what was done, once each': async ({page}) => {
    await visit(page, '/feedback/pains?sort=rising');
    await page.locator('.painful', {hasText: '电池不耐用'}).first().getByRole('link', {name: /^All who said it/}).click();
    await page.waitForURL(/feedback\?phrase=/);
    await settled(page);
    await page.locator('#sayers h2', {hasText: /^16 customers said it, in 16 pieces/}).waitFor();
    assert.equal(await page.locator('.voice').count(), 16);
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', {name: 'Save the list'}).click()]);
    const lines = (await readFile(await saved.path(), 'utf8')).trim().split('\r\n');
    assert.equal(lines.length, 17);
    assert.match(lines[1], /^c_\d+,/);
    // In the other script, too, it is found.
    await visit(page, `/feedback?phrase=${encodeURIComponent('電池不耐用')}`);
    await page.locator('#sayers h2', {hasText: /^16 customers/}).waitFor();
    await visit(page, '/feedback/pains?sort=rising');
    await page.locator('.painful', {hasText: '电池不耐用'}).first().getByRole('link', {name: /^Tell them what was done/}).click();
    await page.waitForURL(/feedback\/answers/);
    await page.getByText('Nobody was told anything yet').waitFor();
    await page.getByLabel('Phrase').fill('电池不耐用');
    await page.getByLabel('Name of the answer').fill('battery 1');
    await page.getByText('A name of letters, digits and -_.:').waitFor();
    await page.getByLabel('Name of the answer').fill('battery-1');
    await page.getByRole('button', {name: 'See whom it reaches'}).click();
    await page.locator('#reached .card', {hasText: 'Customers to be told'}).getByText('16', {exact: true}).waitFor();
    await page.getByRole('textbox', {name: '简体中文'}).fill('电池换成了更大的，老顾客可免费换。');
    await page.getByRole('button', {name: 'Tell 16 customers'}).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('It cannot be taken back.').waitFor();
    await dialog.getByText('老顾客可免费换').waitFor();
    await dialog.getByRole('button', {name: 'Send'}).click();
    await page.getByText(/^16 customers were told/).first().waitFor();
    await page.locator('#answers tbody tr', {hasText: 'battery-1'}).getByText('16', {exact: true}).waitFor();
    await page.getByLabel('Name of the answer').fill('battery-1');
    await page.getByRole('button', {name: 'See whom it reaches'}).click();
    await page.getByText('It reaches nobody.').waitFor();
  },

  'feedback: axe finds nothing, and nothing is wider than a telephone': async ({page}) => {
    await holdScreens(page, ['/feedback', '/feedback/pains', '/feedback?phrase=%E7%94%B5%E6%B1%A0', '/feedback/answers']);
  },
};

export const tests = signedIn(kTests);
