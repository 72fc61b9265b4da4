// Writes beside every text file of dist/ its .gz and .br twin, so that the server need not compress.
import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';

const dist = new URL('../dist', import.meta.url).pathname;
const files = readdirSync(dist, {recursive: true, withFileTypes: true});
for (const entry of files) {
  if (!entry.isFile() || !/\.(html|js|css|svg|json|txt)$/.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const bytes = readFileSync(path);
  writeFileSync(`${path}.gz`, gzipSync(bytes, {level: 9}));
  const params = {[constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length};
  writeFileSync(`${path}.br`, brotliCompressSync(bytes, {params}));
}
