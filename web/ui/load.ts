import type {ReactiveController, ReactiveControllerHost} from 'lit';

import type {Problem, Result} from '../model/result';

/**
 * Asks whenever its key changes, drops answers that are no longer wanted, and keeps showing the answer before while it asks, so
 * that nothing jumps. A key of undefined asks nothing.
 */
export class Load<T> implements ReactiveController {
  value: T | undefined;
  error: Problem | undefined;
  busy = false;
  private asked: string | undefined;
  private running: AbortController | undefined;
  /** Its screen was left: nobody would see the answer, and whoever signed out since would be refused. */
  private left = false;

  constructor(
    private readonly host: ReactiveControllerHost,
    private readonly key: () => string | undefined,
    private readonly fetcher: (signal: AbortSignal) => Promise<Result<T>>,
  ) {
    host.addController(this);
  }

  hostUpdate(): void {
    const key = this.key();
    if (key === this.asked) return;
    this.asked = key;
    if (key === undefined) {
      this.running?.abort();
      this.value = undefined;
      this.error = undefined;
      this.busy = false;
    } else {
      void this.run();
    }
  }
  hostConnected(): void {
    this.left = false;
  }
  hostDisconnected(): void {
    this.left = true;
    this.running?.abort();
    this.asked = undefined;
  }

  /** Asks again, showing what is known meanwhile. */
  async reload(): Promise<void> {
    await this.run();
  }

  private async run(): Promise<void> {
    if (this.left) return;
    this.running?.abort();
    const mine = (this.running = new AbortController());
    this.busy = true;
    this.host.requestUpdate();
    const got = await this.fetcher(mine.signal);
    if (mine.signal.aborted) return;
    this.busy = false;
    if (got.ok) {
      this.value = got.value;
      this.error = undefined;
    } else {
      this.error = got.error;
    }
    this.host.requestUpdate();
  }
}
