/** Light, dark, or as the system has it. */
export type Theme = 'light' | 'dark' | 'system';

const kStored = 'rapport.theme';

export function currentTheme(): Theme {
  const stored = localStorage.getItem(kStored);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

export function setTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(kStored);
  else localStorage.setItem(kStored, theme);
  startTheme();
  window.dispatchEvent(new CustomEvent('rapport-theme'));
}

export function startTheme(): void {
  const theme = currentTheme();
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function isDark(): boolean {
  const theme = currentTheme();
  return theme === 'dark' || (theme === 'system' && window.matchMedia('(prefers-color-scheme: dark)').matches);
}
