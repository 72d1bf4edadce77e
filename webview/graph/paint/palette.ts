/** The colours and fonts of a graph, from the theme. */
import type { GraphKind } from '../../../src/protocol/graph-kinds';
import { cssOf, rgbaOf } from '../../shared/colour';
import { currentTheme } from '../../shared/theme';
import type { Fonts } from '../layout/worker-contract';

/** What a graph is drawn with. */
export interface Palette {
  readonly background: string;
  readonly card: string;
  readonly border: string;
  readonly title: string;
  readonly faint: string;
  readonly edge: string;
  /** Edges that carry parameters. */
  readonly sideEdge: string;
  /** Edges along which gradients come back. */
  readonly backward: string;
  readonly accent: string;
  readonly alarm: string;
  readonly tones: Readonly<Record<GraphKind, string>>;
  readonly fonts: Fonts;
  /** The font of names in a drawing that is too small for anything else. */
  smallTitle(size: number): string;
  /** The inside of an open box that is in so many others. */
  inside(depth: number): string;
  /** The card of something whose gradient is so large, from 0 to 1. */
  heat(share: number): string;
}

/** Mixes two colours: `share` of the second. */
export function mix(a: string, b: string, share: number): string {
  const [x, y] = [rgbaOf(a), rgbaOf(b)];
  if (x === undefined || y === undefined) return a;
  const channel = (i: 0 | 1 | 2) => Math.round(x[i] + (y[i] - x[i]) * share);
  return cssOf([channel(0), channel(1), channel(2), 255]);
}

/** How much of the text's colour is in the inside of a box, and how often it grows with boxes in boxes. */
const insideShare = 0.035;
const deepest = 6;

/** Into how many steps the size of a gradient is cut. */
const heatSteps = 24;

/** The palette of the theme as it is now. */
export function currentPalette(): Palette {
  const theme = currentTheme();
  const style = getComputedStyle(document.body);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const { background, foreground, faint, accent, warning, font, fontSize, series } = theme;
  const [blue = accent, orange = accent, green = accent, purple = accent, red = accent] = series;
  const contrast = read('--vscode-contrastBorder');
  const card = contrast !== '' ? background : mix(background, foreground, 0.06);
  const insides = Array.from({ length: deepest }, (_, depth) =>
    contrast !== '' ? background : mix(background, foreground, insideShare * (depth + 1)),
  );
  const heats = Array.from({ length: heatSteps + 1 }, (_, i) =>
    mix(card, orange, 0.04 + (0.6 * i) / heatSteps),
  );
  return {
    background,
    card,
    border: contrast !== '' ? contrast : mix(background, foreground, 0.26),
    title: foreground,
    faint,
    edge: mix(background, foreground, 0.55),
    sideEdge: mix(background, foreground, 0.32),
    backward: purple,
    accent,
    alarm: warning,
    tones: {
      layer: blue,
      activation: green,
      normalisation: purple,
      loss: red,
      parameter: orange,
      shape: mix(background, foreground, 0.45),
      other: mix(background, foreground, 0.45),
    },
    fonts: {
      title: `600 ${fontSize}px ${font}`,
      about: `${fontSize}px ${font}`,
      detail: `${fontSize - 1.5}px ${font}`,
    },
    smallTitle: size => `600 ${size.toFixed(1)}px ${font}`,
    inside: depth => insides[Math.min(depth, deepest - 1)] ?? background,
    heat: share => heats[Math.round(Math.min(1, Math.max(0, share)) * heatSteps)] ?? card,
  };
}
