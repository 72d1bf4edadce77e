/** The colours and the type of the editor's theme, as a canvas needs them, and word of their change. */

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
  const colour = (name: string) => read(`--vscode-charts-${name}`, style.color);
  const foreground = read('--vscode-foreground', style.color);
  return {
    background: read('--vscode-editor-background', 'Canvas'),
    foreground,
    faint: read('--vscode-descriptionForeground', foreground),
    grid: read('--descent-grid', read('--vscode-charts-lines', foreground)),
    accent: read('--vscode-focusBorder', foreground),
    warning: colour('red'),
    font: read('--vscode-font-family', 'system-ui'),
    fontSize: Number.parseFloat(read('--vscode-font-size', '13px')) || 13,
    series: ['blue', 'orange', 'green', 'purple', 'red', 'yellow'].map(colour),
  };
}

/** The same colour, partly transparent. */
export function faded(colour: string, share: number): string {
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return colour;
  context.fillStyle = colour;
  const plain = context.fillStyle;
  const hex = /^#([0-9a-f]{6})$/i.exec(plain)?.[1];
  if (hex === undefined) return plain;
  return `#${hex}${Math.round(share * 255)
    .toString(16)
    .padStart(2, '0')}`;
}

/** Calls back when the theme changes. Outside the editor the system's colour scheme takes its place. */
export function onThemeChange(changed: () => void): void {
  new MutationObserver(changed).observe(document.body, { attributeFilter: ['class'] });
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
