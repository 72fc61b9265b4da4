// A real server on a simulated shop, in a folder of its own.
import {execFileSync, spawn} from 'node:child_process';
import {existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
export const binary = join(process.env.RAPPORT_BUILD ?? join(root, 'build', 'release'), 'src', 'app', 'rapport');

export class Server {
  /**
   * `world`: options of `rapport simulate` for a shop on a driven clock that stands at its world's end; else a small shop, up to now.
   * `kept`: a folder that stays, and whose shop is taken as it is when there is one.
   */
  constructor(world, kept) {
    this.kept = kept !== undefined;
    if (kept) mkdirSync(kept, {recursive: true});
    this.folder = kept ?? mkdtempSync(join(tmpdir(), 'rapport-browser-'));
    this.data = join(this.folder, 'data');
    if (kept && existsSync(this.data)) return;
    if (world) {
      this.run('simulate', '--data', this.data, '--shop', 'demo', ...world);
      return;
    }
    const lines = join(this.folder, 'world.jsonl');
    this.run('keys', 'add', '--data', this.data, '--shop', 'demo', '--role', 'ingest', '--quiet');
    this.run('simulate', '--seed', '7', '--customers', '150', '--products', '80', '--days', '120', '--out', lines);
    this.run('import', '--data', this.data, '--shop', 'demo', '--recipe', 'events-jsonl', '--shift-to-now', lines);
  }

  run(...words) {
    return execFileSync(binary, words, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();
  }

  async start(port = 0) {
    const log = join(this.folder, `log-${Date.now()}`);
    const out = openSync(log, 'w');
    this.process = spawn(binary, ['serve', '--data', this.data, '--listen', `127.0.0.1:${port}`], {stdio: ['ignore', out, out]});
    for (const until = Date.now() + 600_000; Date.now() < until;) {
      const serving = readFileSync(log, 'utf8').split('\n').find((line) => line.includes('"event":"serving"'));
      if (serving) {
        this.port = JSON.parse(serving).port;
        this.url = `http://127.0.0.1:${this.port}`;
        return;
      }
      if (this.process.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server did not start:\n${readFileSync(log, 'utf8')}`);
  }

  /** A fresh one-time administrator link. */
  link() {
    return this.run('link', '--data', this.data, '--shop', 'demo', '--listen', `127.0.0.1:${this.port}`, '--quiet');
  }
  key(role) {
    return this.run('keys', 'add', '--data', this.data, '--shop', 'demo', '--role', role, '--quiet');
  }

  stop() {
    if (!this.process || this.process.exitCode !== null) return Promise.resolve(this.process?.exitCode);
    return new Promise((resolve) => {
      this.process.once('exit', (code) => resolve(code));
      this.process.kill('SIGTERM');
    });
  }
  async close() {
    await this.stop();
    if (!this.kept) rmSync(this.folder, {recursive: true, force: true});
  }
}

export const built = () => existsSync(binary);
