import {html, nothing, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readText} from '../../api/data';
import {t} from '../../i18n/i18n';
import {parseMetrics, type Sample} from '../../model/metrics';
import {session} from '../../shell/session';
import {decimal} from '../../ui/format';
import {icon} from '../../ui/icons';
import {Load} from '../../ui/load';
import {dataTable, loaded} from '../../ui/parts';
import {Screen} from '../../ui/view';

/** Whether the server is well, by its own totals. */
@customElement('rp-health')
export class Health extends Screen {
  private timer: ReturnType<typeof setInterval> | undefined;
  private readonly metrics = new Load(this, () => 'metrics', (signal) => readText('/metrics', signal));
  private readonly ready = new Load(this, () => 'ready', (signal) => readText('/readyz', signal));

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = setInterval(() => {
      void this.metrics.reload();
      void this.ready.reload();
    }, 5_000);
  }
  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  private tile(title: string, sample: Sample | undefined, digits = 0, times = 1, unit = ''): TemplateResult {
    return html`<div class="card figure"><h2>${title}</h2><p class="bignumber">${sample ? decimal(sample.value * times, digits) : '–'}${unit ? html` <small>${unit}</small>` : nothing}</p></div>`;
  }

  override render(): TemplateResult {
    const ok = this.ready.value !== undefined && !this.ready.error;
    return html`<div class="note ${ok ? 'good' : this.ready.busy ? '' : 'bad'}" role="status">${icon(ok ? 'check' : 'warning')}<span>${ok ? t('health.ready') : this.ready.error?.detail || t('state.loading')} · Rapport ${session()?.version ?? ''}</span></div>
      ${loaded(this.metrics, (text) => {
        const samples = parseMetrics(text);
        const shop = session()?.shop;
        const find = (name: string): Sample | undefined => samples.find((sample) => sample.name === name && (!sample.labels['shop'] || sample.labels['shop'] === shop));
        const p99 = samples.find((sample) => sample.name === 'rapport_commit_seconds' && sample.labels['quantile'] === '0.99');
        return html`<div class="grid figures">
          ${this.tile(t('health.position'), find('rapport_log_position'))}${this.tile(t('health.customers'), find('rapport_customers'))}
          ${this.tile(t('health.commit'), p99, 2, 1000, 'ms')}${this.tile(t('health.lag'), find('rapport_lens_lag_events'))}
          ${this.tile(t('health.timers'), find('rapport_timers'))}${this.tile(t('health.outbox'), find('rapport_outbox_pending'))}</div>
          <details class="card"><summary>${t('health.all')} · ${samples.length}</summary>${dataTable(t('health.all'), [
            {head: t('health.metric'), cell: (row: Sample) => html`<code>${row.name}</code>${Object.keys(row.labels).length ? html` <span class="muted small">${Object.entries(row.labels).map(([name, value]) => `${name}=${value}`).join(' ')}</span>` : nothing}`},
            {head: t('health.meaning'), cell: (row: Sample) => html`<span class="soft">${row.help}</span>`},
            {head: t('health.value'), number: true, cell: (row: Sample) => decimal(row.value, 6)},
          ], samples)}</details>`;
      }, 10)}`;
  }
}
