/** The colours and the type of the editor's theme, as a canvas needs them, and word of their change. */

import { cssOf, distinct, rgbaOf } from './colour';

/** Contrast with the background: of lines, and of letters. */
const ofLines = 3;
const ofLetters = 4.5;

/** Where a theme has none. */
const orange = '#ea5c00';

/** What is drawn with. */
export interface Theme {
  readonly background: string;
  readonly foreground: string;
  readonly faint: string;
  readonly grid: string;
  readonly accent: string;
  readonly warning: string;
  readonly font: string;
  readonly fontSize: number;
  /** Colours that are told apart, the first for training and the second for validation. */
  readonly series: readonly string[];
}

/** The theme as it is now. */
export function currentTheme(): Theme {
  const style = getComputedStyle(document.body);
  const read = (name: string, otherwise: string) => style.getPropertyValue(name).trim() || otherwise;
  const foreground = read('--vscode-foreground', style.color);
  const background = read('--vscode-editor-background', 'Canvas');
  const colour = (name: string, enough = ofLines) => {
    const given = read(`--vscode-charts-${name}`, name === 'orange' ? orange : foreground);
    return seen(given, background, foreground, enough);
  };
  return {
    background,
    foreground,
    faint: read('--vscode-descriptionForeground', foreground),
    grid: faded(foreground, 0.14),
    accent: read('--vscode-focusBorder', foreground),
    warning: colour('red', ofLetters),
    font: read('--vscode-font-family', 'system-ui'),
    fontSize: Number.parseFloat(read('--vscode-font-size', '13px')) || 13,
    series: ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map(name => colour(name)),
  };
}

function seen(colour: string, background: string, foreground: string, enough: number): string {
  const [a, b, c] = [rgbaOf(colour), rgbaOf(background), rgbaOf(foreground)];
  return a === undefined || b === undefined || c === undefined ? colour : cssOf(distinct(a, b, c, enough));
}

/** What {@link faded} has found before: it is asked for a few colours, over and over. */
const fadedBefore = new Map<string, string>();

/** The same colour, partly transparent. */
export function faded(colour: string, share: number): string {
  const key = `${colour} ${share}`;
  const known = fadedBefore.get(key) ?? fade(colour, share);
  fadedBefore.set(key, known);
  return known;
}

function fade(colour: string, share: number): string {
  const rgba = rgbaOf(colour);
  if (rgba === undefined) return colour;
  const [red, green, blue, alpha] = rgba;
  return cssOf([red, green, blue, share * alpha]);
}

/** Calls back when the theme changes. Outside the editor the system's colour scheme takes its place. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributeFilter: ['class', 'data-vscode-theme-id'] });
  // The editor writes a theme's colours into the style of the document.
  observer.observe(document.documentElement, { attributeFilter: ['style'] });
  if (window.acquireVsCodeApi !== undefined) return;
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const contrast = matchMedia('(prefers-contrast: more)');
  const follow = () => {
    const kind = contrast.matches ? 'high-contrast' : 'plain';
    document.body.className = `vscode-${dark.matches ? 'dark' : 'light'} vscode-${kind}`;
  };
  dark.addEventListener('change', follow);
  contrast.addEventListener('change', follow);
  follow();
}
