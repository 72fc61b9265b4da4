// Usage: node tests/browser/screenshots.mjs [FOLDER]; the pictures that the README shows, of a simulated shop, at 1440 and 390 px.
import {mkdirSync} from 'node:fs';
import {join} from 'node:path';

import {launch, open} from './page.mjs';
import {Server} from './server.mjs';

const kPictures = [
  ['overview', '/overview'], ['customers', '/customers'], ['segments', '/segments'], ['services', '/services'], ['journey', '/journey'],
  ['programme', '/programme'], ['live', '/data/live'],
];

const folder = process.argv[2] ?? 'docs/pictures';
mkdirSync(folder, {recursive: true});
const server = new Server();
await server.start();
const browser = await launch();
const setUp = await fetch(`${server.url}/v1/session`);
if (!setUp.ok) throw new Error('the server is too old for the console');
for (const [locale, theme, width] of [['en-GB', 'light', 1440], ['zh-CN', 'dark', 1440], ['zh-CN', 'light', 390]]) {
  const page = await open(browser, server.url, {locale, colorScheme: theme, viewport: {width, height: width > 600 ? 900 : 844}});
  await page.goto(server.link());
  await page.waitForURL(/overview|setup/);
  if (page.url().includes('/setup')) {
    await page.locator('#name').fill('lin');
    await page.locator('#password').fill('a quiet morning in Hangzhou');
    await page.locator('#again').fill('a quiet morning in Hangzhou');
    await page.locator('button.main').click();
    await page.waitForURL(/start/);
  }
  for (const [name, path] of kPictures) {
    await page.goto(path);
    await page.waitForSelector('main h1');
    await page.waitForFunction(() => !document.querySelector('.skeleton'));
    await page.waitForTimeout(400);
    await page.screenshot({path: join(folder, `${name}-${locale.slice(0, 2)}-${theme}-${width}.png`)});
  }
  await page.context().close();
}
await browser.close();
await server.close();
