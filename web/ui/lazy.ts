import type {ReactiveControllerHost, TemplateResult} from 'lit';

import {errorState, skeleton} from './parts';

/** The code of a screen's pages, each fetched when it is first shown. Whichever comes when: what is drawn is the page that is asked for now. */
export class LazyPages {
  private readonly there = new Set<string>();
  private readonly asked = new Set<string>();
  private readonly failed = new Set<string>();

  constructor(private readonly host: ReactiveControllerHost) {}

  show(id: string, load: () => Promise<unknown>, draw: () => TemplateResult): TemplateResult {
    if (this.there.has(id)) return draw();
    // A browser may remember that a file could not be had; a page that is loaded anew asks again.
    if (this.failed.has(id)) return errorState({code: 'unreachable', status: 0, detail: ''}, () => window.location.reload());
    if (!this.asked.has(id)) {
      this.asked.add(id);
      void load().then(() => this.there.add(id), () => this.failed.add(id)).then(() => this.host.requestUpdate());
    }
    return skeleton(8);
  }
}
