import {html, type LitElement, type TemplateResult} from 'lit';

import {currentLanguage, kLanguageNames, kLanguages, type Language, setLanguage, t} from '../i18n/i18n';
import {icon} from '../ui/icons';
import {isDark, setTheme} from './theme';

export function languagePicker(): TemplateResult {
  const pick = (event: Event): void => void setLanguage((event.target as HTMLSelectElement).value as Language, true);
  return html`<label><span class="unseen">${t('shell.language')}</span>
    <select class="input language" @change=${pick}>${kLanguages.map((name) => html`<option value=${name} lang=${name}
      ?selected=${name === currentLanguage()}>${kLanguageNames[name]}</option>`)}</select></label>`;
}

export function themeButton(host: LitElement): TemplateResult {
  const dark = isDark();
  const flip = (): void => {
    setTheme(dark ? 'light' : 'dark');
    host.requestUpdate();
  };
  const text = dark ? t('shell.light') : t('shell.dark');
  return html`<button class="button quiet square" aria-label=${text} title=${text} @click=${flip}>${icon(dark ? 'sun' : 'moon')}</button>`;
}
