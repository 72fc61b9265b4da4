import {readdirSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {defineConfig} from 'vite';

/**
 * The embeddable elements: one file of a stable name each, and beside them the runtime that they share. Built apart from the pages, so that
 * what a shop loads does not change with the console.
 */
const widgets = fileURLToPath(new URL('./widgets', import.meta.url));
const names = readdirSync(widgets).flatMap((name) => /^(rapport-[a-z-]+)\.ts$/.exec(name)?.[1] ?? []);

export default defineConfig({
  publicDir: false,
  build: {
    target: 'es2022',
    outDir: 'dist',
    emptyOutDir: false,
    modulePreload: false,
    rollupOptions: {
      preserveEntrySignatures: 'strict',
      input: Object.fromEntries(names.map((name) => [name, join(widgets, `${name}.ts`)])),
      output: {
        entryFileNames: 'elements/[name].js',
        chunkFileNames: 'elements/[name]-[hash].js',
        manualChunks: (id) => {
          if (/\/runtime\/(events|nouns|sandbox|address|styles)\.ts$/.test(id)) return 'facts';
          return /node_modules|\/widgets\/runtime\/|\/model\/result/.test(id) ? 'runtime' : undefined;
        },
      },
    },
  },
});
