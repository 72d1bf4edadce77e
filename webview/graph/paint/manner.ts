/** How a scene is drawn: the colours, what is seen of it, and what is pointed out. */
import type { SceneBox, SceneEdge } from '../scene';
import type { Rectangle } from './camera';
import type { Palette } from './palette';

/** How a scene is drawn. */
export interface Manner {
  readonly palette: Palette;
  /** What is seen of the plane, and at which scale: what is too small to be read is left out. */
  readonly part: Rectangle;
  readonly scale: number;
  readonly backward: boolean;
  readonly selected: string | null;
  readonly hovered: string | null;
  /** Boxes that a search has found. */
  readonly found: ReadonlySet<string>;
  /** The size of a box's gradient, in words and from 0 to 1; undefined where boxes have the colours of their kinds. */
  readonly heat: ((box: SceneBox) => Heat) | undefined;
  /** What is written on an edge beside the shape: the size of the gradient that comes back. */
  readonly gradientText: (edge: SceneEdge) => string;
  /** Shortens a text to a width. */
  readonly shorten: (text: string, width: number, font: string) => string;
  readonly widthOf: (text: string, font: string) => number;
}

/** The size of a gradient. */
export interface Heat {
  /** From 0, the smallest of all, to 1; null where there is none. */
  readonly share: number | null;
  readonly text: string;
  /** Whether there is a NaN or an infinity in it. */
  readonly broken: boolean;
}

/** Below this scale what stands on boxes cannot be read. */
export const smallestText = 0.45;
/** Down to this scale there is room for their names alone. */
export const smallestName = 0.16;
/** Pixels of the screen that such a name is high. */
const nameHeight = 10.5;

/** The size of names, in the plane, where there is room for nothing else. */
export function nameSize(scale: number, height: number): number {
  return Math.min(nameHeight / scale, 0.75 * height);
}
