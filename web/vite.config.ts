import {existsSync, readdirSync} from 'node:fs';
import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

/** The console, the storefront when it is there, and one stable file for each embeddable element. */
function entries(): Record<string, string> {
  const found: Record<string, string> = {console: resolve(here, 'index.html')};
  const shop = resolve(here, 'shop.html');
  if (existsSync(shop)) found['shop'] = shop;
  const widgets = resolve(here, 'widgets');
  for (const name of existsSync(widgets) ? readdirSync(widgets) : []) {
    const element = /^(rapport-[a-z-]+)\.ts$/.exec(name);
    if (element) found[`elements/${element[1]}`] = resolve(widgets, name);
  }
  return found;
}

// `npm run dev` asks the server named by RAPPORT_SERVER; its own origin is put in place of ours, as the session's guard wants it.
const server = process.env['RAPPORT_SERVER'] ?? 'http://127.0.0.1:8080';
const proxied = Object.fromEntries(
  ['/v1', '/metrics', '/livez', '/readyz', '/openapi.json'].map((path) => [
    path, {target: server, changeOrigin: true, headers: {origin: server}},
  ]));

export default defineConfig({
  server: {proxy: proxied},
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: {polyfill: false},
    chunkSizeWarningLimit: 700,
    rollupOptions: {
      input: entries(),
      output: {
        entryFileNames: (chunk) => chunk.name.startsWith('elements/') ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  test: {include: ['**/*.test.ts'], environment: 'node'},
} as Parameters<typeof defineConfig>[0]);
