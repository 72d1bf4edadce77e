/** Draws simple shapes, on a canvas for the screen or as SVG for a file: what is drawn is described only once. */
import type { Point } from '../layout/types';

/** The radii of the corners, clockwise from the upper left one. */
export type Corners = number | readonly [number, number, number, number];

/** How a closed shape looks. */
export interface ShapeStyle {
  readonly fill?: string | undefined;
  readonly stroke?: string | undefined;
  readonly width?: number;
  readonly dash?: readonly number[];
}

/** How lines look. */
export interface LineStyle {
  readonly stroke: string;
  readonly width: number;
  readonly dash?: readonly number[];
}

/** How a text looks. */
export interface TextStyle {
  readonly font: string;
  readonly fill: string;
  readonly align?: 'left' | 'center' | 'right';
}

/** Draws shapes in the plane. */
export interface Pen {
  box(x: number, y: number, width: number, height: number, corners: Corners, style: ShapeStyle): void;
  /** Lines through points: straight where these stand one above the other, else curves with upright ends. */
  lines(lines: readonly (readonly Point[])[], style: LineStyle): void;
  /** A line that is straight from point to point. */
  polyline(points: readonly Point[], style: LineStyle): void;
  /** Triangles whose points these are. */
  triangles(triangles: readonly (readonly [Point, Point, Point])[], fill: string): void;
  /** A line of text, centred on its height. */
  text(text: string, x: number, y: number, style: TextStyle): void;
}

/** Whether a piece of a line is straight. */
export function isUpright(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) < 0.5;
}

/** How far the corners of a box can be rounded. */
export function cornersOf(corners: Corners): readonly [number, number, number, number] {
  return typeof corners === 'number' ? [corners, corners, corners, corners] : corners;
}
