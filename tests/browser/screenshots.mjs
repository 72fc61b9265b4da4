// Usage: node tests/browser/screenshots.mjs [FOLDER]; the pictures that the README shows, of a simulated shop whose clock stands, so
// that the same program makes the same pictures. Each must stay under 150 KB.
import {mkdirSync, statSync} from 'node:fs';
import {join} from 'node:path';

import {executable, launch, modules, open} from './page.mjs';
import {built, root, Server} from './server.mjs';

const kWorld = ['--seed', '7', '--customers', '4000', '--products', '400', '--days', '120', '--start', '2026-07-24T16:00:00Z'];
const kBytesMost = 150 * 1024;

async function enter(browser, server, options) {
  const page = await open(browser, server.url, {timezoneId: 'Asia/Shanghai', ...options});
  await page.goto(server.link());
  await page.waitForURL(/overview|setup/);
  if (!page.url().includes('/setup')) return page;
  await page.locator('#name').fill('lin');
  await page.locator('#password').fill('a quiet morning in Hangzhou');
  await page.locator('#again').fill('a quiet morning in Hangzhou');
  await page.locator('button.main').click();
  await page.waitForURL(/start/);
  return page;
}
async function show(page, path) {
  await page.goto(path);
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy]'));
  await page.waitForTimeout(700);
}

const folder = process.argv[2] ?? join(root, 'docs', 'images');
if (!built() || !modules || !executable) {
  console.log('SKIP: pictures take build/release/rapport with the console inside, web/node_modules and Chromium');
  process.exit(1);
}
mkdirSync(folder, {recursive: true});
const server = new Server(kWorld);
await server.start();
const browser = await launch();
const tooLarge = [];
async function take(page, name) {
  const path = join(folder, `${name}.png`);
  await page.mouse.move(0, 0);
  await page.screenshot({path, animations: 'disabled'});
  const {size} = statSync(path);
  console.log(`${name}.png ${(size / 1024).toFixed(0)} KB`);
  if (size > kBytesMost) tooLarge.push(name);
}

try {
  const wide = {locale: 'en-GB', colorScheme: 'light', viewport: {width: 1280, height: 660}};
  const console_ = await enter(browser, server, wide);
  for (const [name, path] of [['overview', '/overview'], ['segments', '/segments']]) {
    await show(console_, path);
    await take(console_, name);
  }
  await show(console_, '/customers?class=problem&sort=value');
  await show(console_, await console_.locator('main a.who').first().getAttribute('href'));
  await take(console_, 'customer');
  await console_.context().close();

  const shop = await open(browser, server.url, {...wide, locale: 'zh-CN'});
  await shop.goto(`/shop?key=${server.key('public')}`);
  await shop.locator('rapport-recommendations .item').first().waitFor();
  await show(shop, '/shop/search?category=%E7%A9%BA%E6%B0%94%E5%87%80%E5%8C%96%E5%99%A8');
  await shop.locator('.goods a').first().click();
  await shop.locator('.parameters').waitFor();
  await shop.waitForTimeout(500);
  await take(shop, 'storefront');
  await shop.context().close();

  const narrow = await enter(browser, server, {locale: 'zh-CN', colorScheme: 'dark', viewport: {width: 390, height: 780}});
  await show(narrow, '/overview');
  await take(narrow, 'overview-390');
} finally {
  await browser.close();
  await server.close();
}
if (tooLarge.length) {
  console.log(`over ${kBytesMost / 1024} KB: ${tooLarge.join(', ')}`);
  process.exit(1);
}
