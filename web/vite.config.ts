import {resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vite';

const here = fileURLToPath(new URL('.', import.meta.url));

// The pages. The embeddable elements are built by vite.elements.config.ts.
const pages = {console: resolve(here, 'index.html'), shop: resolve(here, 'shop.html'), receipt: resolve(here, 'receipt.html'), case: resolve(here, 'case.html')};

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
      input: pages,
    },
  },
  test: {include: ['**/*.test.ts'], environment: 'node'},
} as Parameters<typeof defineConfig>[0]);
