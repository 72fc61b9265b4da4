import {html, type TemplateResult} from 'lit';
import {customElement} from 'lit/decorators.js';

import {readTables, type SqlTable, type SqlTables as Answer} from '../../api/data';
import {named, t} from '../../i18n/i18n';
import {Load} from '../../ui/load';
import {loaded} from '../../ui/parts';
import {View} from '../../ui/view';

/** What can be asked: each table, what a row of it is, and its columns. A press writes the name into the query: event `sql-name`. */
@customElement('rp-sql-tables')
export class SqlTables extends View {
  private readonly tables = new Load<Answer>(this, () => 'tables', readTables);

  private name(name: string, about: string): TemplateResult {
    return html`<button type="button" class="textbutton mono" title=${about} aria-label=${t('sql.insert', {name})}
      @click=${() => this.dispatchEvent(new CustomEvent('sql-name', {detail: name, bubbles: true}))}>${name}</button>`;
  }
  private table(table: SqlTable): TemplateResult {
    return html`<li><details><summary><span class="mono">${table.name}</span> <span class="small muted">${named('sqltable', table.name)}</span></summary>
      <div class="stack tight"><p class="row spread">${this.name(table.name, t('sql.table'))}
        <a class="small" href="/data/sql?query=${encodeURIComponent(`SELECT * FROM ${table.name} LIMIT 50`)}">${t('sql.look')}</a></p>
      <ul class="sqlcolumns">${table.columns.map((column) => html`<li>${this.name(column.name, column.type)} <span class="small muted">${column.type.toLowerCase()}</span></li>`)}</ul></div></details></li>`;
  }
  override render(): TemplateResult {
    return html`<section class="card"><header><h2>${t('sql.tables')}</h2></header>${loaded(this.tables, ({tables}) => html`<ul class="sqltables">${tables.map((table) => this.table(table))}</ul>`, 8)}</section>`;
  }
}
