// What the suites of the console's later screens share: signing in, going somewhere, and what every screen is held to.
import assert from 'node:assert/strict';

import {axe} from './page.mjs';

export async function settled(page) {
  await page.waitForSelector('main h1');
  await page.waitForFunction(() => !document.querySelector('.skeleton'));
}

export async function visit(page, path) {
  await page.goto(path);
  await settled(page);
}

/** Who was signed in may have lost the session when a test before restarted the server. */
async function enter({server, page}) {
  await page.goto('/favicon.svg');
  const {user} = await page.evaluate(async () => (await fetch('/v1/session')).json());
  if (user) return;
  await page.goto(server.link());
  await page.waitForURL(/overview/);
}

/** Each test begins signed in. */
export const signedIn = (tests) => Object.fromEntries(Object.entries(tests).map(([name, run]) => [name, async (given) => {
  await enter(given);
  await run(given);
}]));

/** How wide the page is on a telephone once its charts have been drawn anew for it; what is too wide then stays so. */
export async function widthAtRest(page) {
  await page.waitForFunction(() => document.documentElement.scrollWidth <= window.innerWidth, undefined, {timeout: 10_000}).catch(() => undefined);
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** axe in both themes and three languages, and no screen wider than a telephone. */
export async function holdScreens(page, paths) {
  const found = [];
  for (const path of paths) {
    await visit(page, path);
    for (const [theme, language] of [['light', 'zh-CN'], ['dark', 'zh-TW'], ['light', 'en']]) {
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      await page.locator('select.language').selectOption(language);
      await page.waitForFunction((name) => document.documentElement.lang === name, language);
      found.push(...await axe(page, `${path} ${theme} ${language}`, language !== 'en'));
    }
    await page.setViewportSize({width: 390, height: 844});
    const width = await widthAtRest(page);
    if (width > 390) found.push(`${path} is ${width} wide`);
    await page.setViewportSize({width: 1440, height: 900});
  }
  assert.deepEqual(found.slice(0, 12), []);
}
