// Usage: node tests/browser/run.mjs [word ...]; see README.md.
import {readdirSync} from 'node:fs';
import {dirname} from 'node:path';
import {fileURLToPath} from 'node:url';

import {executable, launch, modules, open} from './page.mjs';
import {binary, built, Server} from './server.mjs';

const words = process.argv.slice(2);
const tests = [];
/** Registers a test: `run({server, browser, page, check})`; `page` is signed in unless the test says otherwise. */
export function test(name, run) {
  tests.push({name, run});
}

function skip(why) {
  console.log(`SKIP: ${why}`);
  console.log('0 passed, 0 failed, 1 skipped');
  process.exit(process.env.CI === 'true' ? 1 : 0);
}

/** What a reader of the page was told when the test failed, its beginning. */
async function seen(page) {
  const told = await page.locator('main').first().ariaSnapshot({timeout: 2_000}).catch(() => '');
  return told.split('\n').slice(0, 20).map((line) => `  | ${line}`).join('\n');
}

async function main() {
  if (!built()) skip(`no ${binary}`);
  if (!modules) skip('web/node_modules is missing: npm --prefix web ci');
  if (!executable) skip('no Chromium: apt-get install chromium');
  const here = dirname(fileURLToPath(import.meta.url));
  for (const file of readdirSync(here).filter((name) => name.endsWith('_test.mjs')).sort()) {
    const {tests: own} = await import(`./${file}`);
    for (const [name, run] of Object.entries(own)) test(name, run);
  }
  const server = new Server();
  await server.start();
  const embedded = await (await fetch(server.url)).text();
  if (!embedded.includes('rp-app')) {
    await server.close();
    skip('the binary was built without the console');
  }
  const browser = await launch();
  const page = await open(browser, server.url);
  let failed = 0;
  let passed = 0;
  for (const {name, run} of tests) {
    if (words.length && !words.some((word) => name.includes(word)) && !name.includes('first run')) continue;
    const start = Date.now();
    page.wrong.length = 0;
    page.expected.length = 0;
    try {
      await run({server, browser, page});
      if (page.wrong.length) throw new Error(`the page's log:\n  ${page.wrong.join('\n  ')}`);
      passed += 1;
      console.log(`ok   ${name} (${((Date.now() - start) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed += 1;
      console.log(`FAILED ${name}: ${error?.message ?? error}\n  at ${page.url()}, ${((Date.now() - start) / 1000).toFixed(1)} s`);
      console.log([...page.wrong.map((line) => `  | log: ${line}`), await seen(page)].join('\n'));
      if (process.env.SHOTS) await page.screenshot({path: `${process.env.SHOTS}/${name.replace(/\W+/g, '-')}.png`, fullPage: true}).catch(() => undefined);
    }
  }
  await browser.close();
  await server.close();
  console.log(`${passed} passed, ${failed} failed, 0 skipped`);
  process.exit(failed ? 1 : 0);
}

void main();
