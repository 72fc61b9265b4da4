// Usage: node tests/browser/bench.mjs [--customers N] [--days N] [--products N] [--folder DIR] [--runs N] [--no-interactions] [--no-lighthouse]
// What a reader waits for: from an interaction to the first sign and to the whole answer, median of five, on a simulated shop of N customers
// over so many days, and Lighthouse's marks of the first screens. `--folder` keeps the shop for the next time. About 70 events a customer in
// 120 days and 235 in 730: ten million events are --customers 43000 --days 730. Skips, by name, what cannot be had here.
import {execFileSync} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import {createRequire} from 'node:module';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';

import {executable, launch, modules, open} from './page.mjs';
import {built, root, Server} from './server.mjs';

const kGoal_ms = 100;
const kLighthouse = '12.8.2';
const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const customers = Number(option('--customers', '20000'));
const days = Number(option('--days', '90'));
const kRuns = Number(option('--runs', '5'));
const kept = option('--folder', undefined);

const skip = (what, why) => console.log(`skipped: ${what} (${why})`);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function enter(server, browser) {
  const page = await open(browser, server.url);
  await page.goto(server.link());
  await page.waitForURL(/overview|setup/);
  if (page.url().includes('/setup')) {
    await page.getByLabel('Name').fill('lin');
    await page.getByLabel('Password', {exact: true}).fill('a quiet morning in Hangzhou');
    await page.getByLabel('The password again').fill('a quiet morning in Hangzhou');
    await page.getByRole('button', {name: 'Create and go on'}).click();
    await page.waitForURL(/start/);
  }
  await page.goto('/overview');
  await page.locator('.funnel').waitFor();
  return page;
}

/** Milliseconds from a click to the first frame after the page has changed as it should: the whole answer, and the first sign of it. */
async function measured(page, selector, done, before) {
  const whole = [];
  const first = [];
  for (let run = 0; run < kRuns; ++run) {
    await before();
    await page.waitForTimeout(300);
    const [sign_ms, whole_ms] = await page.evaluate(async ({selector, done}) => {
      const settled = new Function(`return ${done}`);
      const frame = () => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      const start = performance.now();
      let sign;
      const seen = new MutationObserver(() => { sign ??= performance.now(); });
      seen.observe(document.body, {subtree: true, childList: true, attributes: true, characterData: true});
      document.querySelector(selector).click();
      while (!settled() && performance.now() - start < 20_000) await frame();
      await frame();
      const end = performance.now();
      seen.disconnect();
      return [(sign ?? end) - start, end - start];
    }, {selector, done});
    first.push(sign_ms);
    whole.push(whole_ms);
  }
  return {first: median(first), whole: median(whole)};
}

const at = (path) => `location.pathname + location.search === ${JSON.stringify(path)} && !document.querySelector('.skeleton')`;

async function interactions(page) {
  const overview = async () => {
    await page.goto('/overview');
    await page.locator('.funnel').waitFor();
  };
  const segments = async () => {
    await page.goto('/segments');
    await page.locator('.matrix').waitFor();
  };
  const list = async () => {
    await page.goto('/customers');
    await page.locator('a.who').first().waitFor();
  };
  const sql = async () => {
    await page.goto('/data/sql');
    await page.locator('rp-sql-tables details').first().waitFor();
    await page.locator('#query').fill('SELECT event, count(*) AS n FROM events GROUP BY event ORDER BY n DESC');
  };
  const journey = async () => {
    await page.goto('/journey');
    await page.locator('.journeystep').first().waitFor();
  };
  const rule = async () => {
    await page.goto('/segments/churn_risk');
    await page.locator('.bignumber').first().waitFor();
  };
  const pressed = (days) => `${at(`/overview?days=${days}`)} && document.querySelector('.pagehead button[aria-pressed=true]')?.textContent.includes('${days}') && !document.querySelector('.busyline[data-busy]')`;
  const steps = [
    ['overview to customers', 'nav a[href="/customers"]', `${at('/customers')} && document.querySelector('a.who')`, overview],
    ['overview to segments', 'nav a[href="/segments"]', `${at('/segments')} && document.querySelector('.matrix')`, overview],
    ['overview to journey', 'nav a[href="/journey"]', `${at('/journey')} && document.querySelector('.journeystep')`, overview],
    ['overview, 7 days', '.pagehead [role=group] button:first-child', pressed(7), overview],
    ['overview, 90 days', '.pagehead [role=group] button:last-child', pressed(90), overview],
    ['segments to services', 'nav a[href="/services"]', `${at('/services')} && document.querySelector('.servicecard')`, segments],
    ['segments to a rule', '.classcard[data-class=churn_risk] a', `${at('/segments/churn_risk')} && document.querySelector('.bignumber')`, segments],
    ['a rule to its people', 'main a[href*="segment=churn_risk"], main a[href*="class=churn_risk"]', `location.pathname === '/customers' && document.querySelector('a.who')`, rule],
    ['customers by class', 'button[data-class=high_value]', `${at('/customers?class=high_value')} && document.querySelector('button[data-class=high_value][aria-pressed=true]') && !document.querySelector('.busyline[data-busy]')`, list],
    ['customers by value', 'th button.textbutton', `${at('/customers?sort=value')} && document.querySelector('th[aria-sort=descending]') && !document.querySelector('.busyline[data-busy]')`, list],
    ['a customer opened', 'a.who', `location.pathname.startsWith('/customers/c_') && document.querySelector('.touch')`, list],
    ['friction to its people', '[data-friction] a', `location.pathname === '/customers' && document.querySelector('a.who')`, journey],
    ['SQL over all events', '.sqlask .button.main', `document.querySelector('.card.flush tbody tr')`, sql],
  ];
  const slow = [];
  for (const [name, selector, done, before] of steps) {
    const {first, whole} = await measured(page, selector, done, before);
    console.log(JSON.stringify({bench: 'interaction', name, first_sign_ms: Math.round(first), painted_ms: Math.round(whole), runs: kRuns}));
    if (first > kGoal_ms || whole > kGoal_ms) slow.push(`${name}: ${Math.round(first)} / ${Math.round(whole)}`);
  }
  console.log(JSON.stringify({bench: 'interactions', goal_ms: kGoal_ms, over_the_goal: slow}));
}

/** Lighthouse is fetched when it is wanted and kept in build/; the marks are of one run each, as it takes them. */
async function lighthouse(server, page) {
  const home = join(root, 'build', 'lighthouse');
  if (!existsSync(join(home, 'node_modules', 'lighthouse'))) {
    mkdirSync(home, {recursive: true});
    try {
      execFileSync('npm', ['install', '--prefix', home, '--no-audit', '--no-fund', '--loglevel=error', `lighthouse@${kLighthouse}`, 'chrome-launcher@1.2.0'], {stdio: 'pipe'});
    } catch (error) {
      return skip('Lighthouse', `npm could not fetch it: ${String(error.stderr ?? error).split('\n')[0]}`);
    }
  }
  const wanted = createRequire(join(home, 'node_modules', 'lighthouse', 'package.json'));
  const {default: run} = await import(pathToFileURL(join(home, 'node_modules', 'lighthouse', 'core', 'index.js')).href);
  const launcher = await import(pathToFileURL(wanted.resolve('chrome-launcher')).href);
  const chrome = await launcher.launch({chromePath: executable, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-dev-shm-usage']});
  const [cookie] = (await page.context().cookies()).filter((one) => one.name === 'rapport_session');
  const key = server.key('public');
  const headers = {Cookie: `rapport_session=${cookie.value}`};
  try {
    for (const [name, path] of [['overview', '/overview'], ['customers', '/customers'], ['segments', '/segments'], ['storefront', `/shop?key=${key}`]]) {
      const {lhr} = await run(server.url + path, {port: chrome.port, output: 'json', logLevel: 'silent', disableStorageReset: true, extraHeaders: name === 'storefront' ? {} : headers},
        {extends: 'lighthouse:default', settings: {formFactor: 'desktop', screenEmulation: {mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false},
          throttlingMethod: 'provided', onlyCategories: ['performance', 'accessibility', 'best-practices']}});
      const marks = Object.fromEntries(Object.entries(lhr.categories).map(([id, category]) => [id.replace('-', '_'), Math.round((category.score ?? 0) * 100)]));
      const lost = Object.values(lhr.audits).filter((audit) => audit.score !== null && audit.score < 0.9 && ['binary', 'numeric'].includes(audit.scoreDisplayMode)).map((audit) => audit.id);
      console.log(JSON.stringify({bench: 'lighthouse', name, ...marks, lcp_ms: Math.round(lhr.audits['largest-contentful-paint'].numericValue ?? 0),
        blocking_ms: Math.round(lhr.audits['total-blocking-time'].numericValue ?? 0), layout_shift: Number((lhr.audits['cumulative-layout-shift'].numericValue ?? 0).toFixed(3)), below_90: lost}));
    }
  } finally {
    await chrome.kill();
  }
}

if (!built() || !modules || !executable) {
  skip('the console in the browser', !built() ? 'no program is built' : !modules ? 'web/node_modules is missing' : 'no Chromium: apt-get install chromium');
  process.exit(0);
}
const start = new Date(Date.UTC(2026, 10, 7, 16) - days * 86_400_000).toISOString().replace('.000', '');
const server = new Server(['--customers', String(customers), '--products', option('--products', '2000'), '--days', String(days), '--start', start], kept);
await server.start();
const browser = await launch();
try {
  const shops = await (await fetch(`${server.url}/v1/shops`, {headers: {authorization: `Basic ${Buffer.from(`${server.key('admin')}:`).toString('base64')}`}})).json();
  console.log(JSON.stringify({bench: 'shop', customers: shops.shops[0].customers, events: shops.shops[0].position}));
  const page = await enter(server, browser);
  if (!process.argv.includes('--no-interactions')) await interactions(page);
  if (!process.argv.includes('--no-lighthouse')) await lighthouse(server, page);
} finally {
  await browser.close();
  await server.close();
}
