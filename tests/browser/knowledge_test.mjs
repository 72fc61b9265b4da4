// The storefront's assistant, and the knowledge that it answers from: asked by keyboard, handed over, written down by the desk.
import assert from 'node:assert/strict';

import {axe, open} from './page.mjs';
import {settled, signedIn, visit} from './signed_in.mjs';

const kTests = {
  'assistant: asked by keyboard on a telephone, in the page’s language, and it goes on after a reload': async ({server, browser}) => {
    const page = await open(browser, server.url, {viewport: {width: 390, height: 780}});
    await page.goto(`/shop?key=${server.key('public')}`);
    const element = page.locator('rapport-assistant');
    await element.getByRole('button', {name: 'Ask us'}).focus();
    await page.keyboard.press('Enter');
    const field = element.getByLabel('What would you like to know?');
    await page.waitForFunction(() => document.querySelector('rapport-assistant').shadowRoot.activeElement?.tagName === 'TEXTAREA');
    await page.keyboard.type('what does CADR mean');
    await page.keyboard.press('Enter');
    await element.locator('.line[data-from="bot"]', {hasText: 'clean air delivery rate'}).waitFor();
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'the page is wider than the telephone');
    assert.deepEqual(await axe(page), []);
    await field.fill('talk to a human please');
    await field.press('Enter');
    await element.locator('.line[data-from="bot"]', {hasText: 'A colleague takes over'}).waitFor();
    await page.reload();
    await element.getByRole('button', {name: 'Ask us'}).click();
    await element.locator('.line[data-from="customer"]', {hasText: 'what does CADR mean'}).waitFor();
    await page.keyboard.press('Escape');
    await element.getByRole('button', {name: 'Ask us'}).waitFor();
    await page.context().close();
  },

  'assistant: its answer is marked as wrong at the desk, and the mark is taken back': async ({server, page}) => {
    const browser = 'marked-browser-0123456789abcdef';
    const headers = {authorization: `Basic ${Buffer.from(`${server.key('public')}:`).toString('base64')}`};
    const say = async (text, contact) => {
      const answer = await fetch(`${server.url}/v1/shop/assistant`, {method: 'POST', headers, body: JSON.stringify({anonymous_id: browser, text, ...(contact && {contact_id: contact})})});
      assert.equal(answer.status, 200);
      return answer.json();
    };
    const {contact_id: contact} = await say('what does CADR mean');
    const {ticket_id: ticket} = await say('talk to a human please', contact);
    assert.ok(ticket, 'handed over');
    await visit(page, `/desk/${ticket}`);
    const answer = page.locator('.turn[data-from="bot"]', {hasText: 'clean air delivery rate'});
    await answer.getByRole('button', {name: 'The answer was wrong'}).click();
    await answer.getByText('Marked as wrong').waitFor();
    await visit(page, `/desk/${ticket}`);
    await answer.getByRole('button', {name: 'Take the mark back'}).click();
    await answer.getByRole('button', {name: 'The answer was wrong'}).waitFor();
    await visit(page, `/desk/${ticket}`);
    await answer.getByRole('button', {name: 'The answer was wrong'}).waitFor();
    assert.equal(await answer.getByText('Marked as wrong').count(), 0);
  },

  'knowledge: an answer is written, found to contradict another, and put right': async ({page}) => {
    await visit(page, '/desk/knowledge');
    const write = async (id, question, text) => {
      await page.getByRole('button', {name: 'Write an answer'}).click();
      await page.getByLabel('Name (letters and digits)').fill(id);
      await page.getByLabel('How customers ask it, a wording a line').fill(question);
      await page.getByLabel('Answer in English').fill(text);
      await page.getByRole('button', {name: 'Publish'}).click();
      await page.locator('dialog').waitFor({state: 'detached'});
    };
    await write('gift-days', 'how long may a gift be exchanged', 'Within 30 days.');
    await write('gift-days-2', 'How long may a gift be exchanged?', 'Within 14 days.');
    await page.locator('#contradictions').getByText('Another answer to the same question').waitFor();
    await page.locator('#contradictions').getByRole('button', {name: 'gift-days-2'}).click();
    await page.getByLabel('Answer in English').fill('Within 30 days.');
    await page.getByRole('button', {name: 'Publish'}).click();
    await page.locator('#contradictions').getByText('None found.').waitFor();
    await settled(page);
    assert.deepEqual(await axe(page), []);
  },
};

export const tests = signedIn(kTests);
