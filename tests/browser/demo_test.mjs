// `make demo` as a person meets it: a shop that lives on a clock of its own, both windows, Ctrl-C, and the way back.
import assert from 'node:assert/strict';
import {spawn} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';

import {open} from './page.mjs';
import {binary, root} from './server.mjs';

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const {port} = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Starts tools/demo.sh and waits until it has told what to try. */
async function demo(folder, port) {
  const env = {...process.env, RAPPORT: binary, DEMO_FOLDER: folder, LISTEN: `127.0.0.1:${port}`, CUSTOMERS: '300', PRODUCTS: '60', HISTORY_DAYS: '40', LIVE_DAYS: '20'};
  const child = spawn('bash', [join(root, 'tools', 'demo.sh')], {env, stdio: ['ignore', 'pipe', 'pipe']});
  const shell = {child, said: '', ended: new Promise((resolve) => child.once('exit', resolve))};
  child.stdout.on('data', (data) => (shell.said += data));
  child.stderr.on('data', (data) => (shell.said += data));
  for (const until = Date.now() + 90_000; !shell.said.includes('Ctrl-C ends it'); await new Promise((resolve) => setTimeout(resolve, 50))) {
    assert.ok(Date.now() < until && child.exitCode === null, `make demo said:\n${shell.said}`);
  }
  return {...shell, found: (pattern) => pattern.exec(shell.said)?.[1]};
}
async function shopOf(url, key) {
  const answer = await fetch(`${url}/v1/shops`, {headers: {authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`}});
  return (await answer.json()).shops[0];
}

export const tests = {
  'demo: a living shop from both sides of the counter, ended by Ctrl-C, and gone on with': async ({browser}) => {
    const folder = join(mkdtempSync(join(tmpdir(), 'rapport-demo-')), 'shop');
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    let shell = await demo(folder, port);
    try {
      const key = shell.found(/administrator key {2}(\S+)/);
      assert.match(shell.said, /SIMULATED/);
      const someone = shell.found(/rapport customer .* (c_\d+)/);
      assert.ok(someone, 'a customer who exists');
      const first = await shopOf(url, key);
      assert.equal(first.driven && first.simulated, true);
      assert.ok(first.customers > 250, `${first.customers} customers`);

      const programme = await (await fetch(`${url}/v1/goals`, {headers: {authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}`}})).json();
      assert.equal(programme.goals.length, 7, 'the programme has begun');
      assert.ok(programme.goals.every((goal) => goal.baseline > 0 && goal.target > 0 && goal.unit), JSON.stringify(programme.goals));

      const console_ = await open(browser, url);
      await console_.goto(shell.found(/(http\S+welcome\S+)/));
      await console_.getByLabel('Name').fill('lin');
      await console_.getByLabel('Password', {exact: true}).fill('a quiet morning in Hangzhou');
      await console_.getByLabel('The password again').fill('a quiet morning in Hangzhou');
      await console_.getByRole('button', {name: 'Create and go on'}).click();
      await console_.getByRole('heading', {name: 'Something to look at'}).waitFor();
      await console_.goto('/data/live');
      await console_.getByText('nobody here is real').waitFor();
      await console_.locator('.touch').first().waitFor();

      const shop = await open(browser, url);
      await shop.goto(shell.found(/(http\S+\/shop\?key=\S+)/));
      await shop.locator('.ribbon', {hasText: 'simulated'}).waitFor();
      await shop.locator('rapport-recommendations .item a').first().click();
      await shop.getByRole('button', {name: 'Buy now'}).click();
      await shop.getByLabel('Name').fill('Zhou Demo');
      await shop.getByLabel('City').fill('Hangzhou');
      await shop.getByLabel('Street and number').fill('1 Wensan Road');
      await shop.getByRole('radio', {name: /credit card/}).check();
      const anonymous = await shop.evaluate(() => localStorage.getItem('rapport.anonymous_id'));
      await console_.goto(`/customers/${encodeURIComponent(`anonymous_id:${anonymous}`)}`);
      await console_.locator('.touch', {hasText: 'Checkout started'}).first().waitFor();
      await shop.getByRole('button', {name: /^Pay /}).click();
      await shop.getByText('Ordered and paid.').waitFor();
      // The page that is open shows it without being loaded again, at the shop's time, not the browser's.
      await console_.locator('.touch', {hasText: 'Order completed'}).first().waitFor();
      await console_.locator('#orders', {hasText: 'SF-'}).waitFor();
      const at = Date.parse(await console_.locator('.touch', {hasText: 'Order completed'}).first().locator('time').getAttribute('datetime'));
      const then = await shopOf(url, key);
      assert.ok(at >= Date.parse(first.now) && at <= Date.parse(then.now), `${new Date(at).toISOString()} lies between ${first.now} and ${then.now}`);
      assert.ok(then.position > first.position && then.now > first.now, 'the shop lives');
      assert.deepEqual([...console_.wrong, ...shop.wrong], []);
      await console_.context().close();
      await shop.context().close();

      shell.child.kill('SIGINT');
      assert.equal(await shell.ended, 0, shell.said);
      await assert.rejects(fetch(url), 'the server ended too');
      shell = await demo(folder, port);
      assert.equal(shell.found(/administrator key {2}(\S+)/), key, 'the same key again');
      const again = await shopOf(url, key);
      assert.ok(again.now >= then.now && again.position >= then.position, 'it goes on from there');
      assert.equal(again.customers >= then.customers, true);
    } finally {
      shell.child.kill('SIGINT');
      await shell.ended;
      rmSync(join(folder, '..'), {recursive: true, force: true});
    }
  },
};
