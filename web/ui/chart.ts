import {html, nothing, type TemplateResult} from 'lit';
import {customElement, property, state} from 'lit/decorators.js';

import {t} from '../i18n/i18n';
import type {Chart as Drawn, Option} from './charts';
import {cssVars} from './css_vars';
import {type Column, dataTable} from './parts';
import {View} from './view';

/** The page's own colours, as a canvas needs them. */
export interface Ink {
  ink: string;
  soft: string;
  line: string;
  surface: string;
  accent: string;
  font: string;
  of: (token: string) => string;
}

export interface Plot<T = unknown> {
  title: string;
  /** The one sentence that says what there is to see. */
  reading: string;
  option: (ink: Ink) => Option;
  table: {columns: Column<T>[]; rows: readonly T[]};
  tall?: number;
  /** Where a click on a part of the chart leads. */
  drill?: (part: {name: string; data: unknown; seriesName: string}) => string | undefined;
}

function ink(host: HTMLElement): Ink {
  const probe = document.createElement('i');
  host.append(probe);
  const of = (token: string): string => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const made = {
    ink: of('--ink'), soft: of('--ink-3'), line: of('--line'), surface: of('--surface'), accent: of('--accent'),
    font: getComputedStyle(host).fontFamily, of,
  };
  return made;
}

/** A chart with its sentence and its table; the drawing itself is hidden from screen readers, which get the other two. */
@customElement('rp-chart')
export class ChartPart extends View {
  @property({attribute: false}) plot: Plot | undefined;
  @state() private asTable = false;
  private drawn: Drawn | undefined;
  private readonly redraw = (): void => void this.draw();
  private readonly watch = new ResizeObserver(() => this.drawn?.resize());
  private readonly dark = window.matchMedia('(prefers-color-scheme: dark)');

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('rapport-theme', this.redraw);
    this.dark.addEventListener('change', this.redraw);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener('rapport-theme', this.redraw);
    this.dark.removeEventListener('change', this.redraw);
    this.watch.disconnect();
    this.drawn?.dispose();
    this.drawn = undefined;
  }
  override updated(): void {
    void this.draw();
  }

  private async draw(): Promise<void> {
    const place = this.querySelector<HTMLElement>('.chart');
    const plot = this.plot;
    if (!place || !plot) {
      this.drawn?.dispose();
      this.drawn = undefined;
      return;
    }
    const {init} = await import('./charts');
    if (!place.isConnected) return;
    if (this.drawn && this.drawn.getDom() !== place) {
      this.drawn.dispose();
      this.drawn = undefined;
    }
    if (!this.drawn) {
      this.drawn = init(place);
      this.watch.observe(place);
      this.drawn.on('click', (event) => {
        const target = this.plot?.drill?.({name: event.name, data: event.data, seriesName: event.seriesName ?? ''});
        if (target) window.dispatchEvent(new CustomEvent('rapport-go', {detail: target}));
      });
    }
    this.drawn.setOption({animation: false, ...plot.option(ink(this))}, {notMerge: true});
  }

  override render(): TemplateResult | typeof nothing {
    const plot = this.plot;
    if (!plot) return nothing;
    return html`<figure class="stack tight" aria-label=${plot.title}>
      <figcaption class="row spread"><span class="reading">${plot.reading}</span>
        <button class="button tiny noprint" aria-pressed=${this.asTable} @click=${() => (this.asTable = !this.asTable)}>${t('chart.table')}</button>
      </figcaption>
      ${this.asTable ? dataTable(plot.title, plot.table.columns, plot.table.rows)
        : html`<div class="chart" aria-hidden="true" ${cssVars({'--tall': `${plot.tall ?? 300}px`})}></div>`}
    </figure>`;
  }
}
