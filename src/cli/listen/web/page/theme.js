// Light or dark: as the system says, until the button is pressed.

import { byId } from './text.js';

const STORED = 'otel-statsd-theme';

/** @param {() => void} onChange */
export function startTheme(onChange) {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = () => root.dataset.theme ?? (system.matches ? 'dark' : 'light');
  const other = () => (current() === 'dark' ? 'light' : 'dark');
  const show = () => {
    byId('theme').textContent = other() === 'dark' ? 'Dark' : 'Light';
    byId('theme').title = `Change to ${other()} colours`;
    onChange();
  };
  const stored = read();
  if (stored === 'dark' || stored === 'light') root.dataset.theme = stored;
  byId('theme').addEventListener('click', () => {
    root.dataset.theme = other();
    write(current());
    show();
  });
  system.addEventListener('change', show);
  show();
}

/** Browsers can be told to store nothing. */
function read() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null;
  }
}

/** @param {string} theme */
function write(theme) {
  try {
    localStorage.setItem(STORED, theme);
  } catch {}
}
