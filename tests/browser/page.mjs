// One browser for all tests, and what every page of it is held to.
import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const web = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'web');
const wanted = createRequire(join(web, 'package.json'));

export const executable = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => path && existsSync(path));
export const modules = existsSync(join(web, 'node_modules', 'playwright-core'));

export async function launch() {
  const {chromium} = wanted('playwright-core');
  return chromium.launch({executablePath: executable, args: ['--no-sandbox', '--disable-dev-shm-usage']});
}

/** A page that remembers what went wrong on it: errors, breaches of the policy, requests to other hosts. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({
    baseURL: url, locale: 'en-GB', timezoneId: 'Asia/Shanghai', viewport: {width: 1440, height: 900}, acceptDownloads: true,
    reducedMotion: 'reduce', ...options,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.wrong = [];
  /** Answers that the test asks for on purpose; the browser logs each as an error. */
  page.expected = [];
  page.on('pageerror', (error) => page.wrong.push(`error: ${error}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' && !/Content Security Policy/.test(message.text())) return;
    if (!page.expected.some((pattern) => pattern.test(message.text()))) page.wrong.push(`${message.text()} ${message.location().url}`);
  });
  page.on('request', (request) => {
    const to = new URL(request.url());
    if (/^https?:$/.test(to.protocol) && to.origin !== new URL(url).origin) page.wrong.push(`asked ${to.origin}`);
  });
  return page;
}

/** What axe finds, in a line each. */
export async function axe(page, name, colours = true) {
  await page.evaluate(axeSource());
  const results = await page.evaluate(async (colours) => {
    const rules = {'color-contrast': {enabled: colours}};
    const report = await window.axe.run(document, {resultTypes: ['violations'], rules});
    return report.violations.map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} (${(node.any[0] ?? node.all[0] ?? node.none[0])?.message ?? ''})`).join(' | ')}`);
  }, colours);
  return results.map((line) => `${name}: ${line}`);
}

let source;
function axeSource() {
  source ??= wanted('axe-core').source;
  return source;
}
