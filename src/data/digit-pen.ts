/**
 * The hand that writes: takes a digit's strokes and turns them into a path of short segments in pixels, each
 * time a little differently (points wander, strokes end early, the whole is slanted, stretched, turned and
 * bent), and places it on the sheet as MNIST's digits are placed.
 */
import type { Generator } from '../engine/random/generator';
import type { Glyph, Stroke } from './digit-shapes';

/** A chain of points in pixels, with the pen's radius at each. */
export interface PenPath {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly radius: Float64Array;
  /** 1 where the pen was lifted before it came to this point. */
  readonly lifted: Uint8Array;
  length: number;
}

/** Half the width, in pixels, over which the edge of the ink fades. */
export const FADE = 0.75;

const CAPACITY = 256;
/** Segments between two points of a stroke. */
const SEGMENTS = 5;
/** How far a point of a stroke strays, as the standard deviation on the sheet of 60 by 100. */
const WANDER = 1.5;
/** How far the waves displace, and how many radians they turn over one unit of the sheet. */
const BEND = 4.8;
const BEND_FREQUENCY = 0.045;

/** An empty path that can be used again and again. */
export function newPath(): PenPath {
  return {
    x: new Float64Array(CAPACITY),
    y: new Float64Array(CAPACITY),
    radius: new Float64Array(CAPACITY),
    lifted: new Uint8Array(CAPACITY),
    length: 0,
  };
}

/** Writes a glyph once into `path`, for a square sheet of `size` pixels. */
export function write(glyph: Glyph, size: number, random: Generator, path: PenPath): void {
  path.length = 0;
  for (const stroke of glyph) trace(wander(stroke, random), random, path);
  distort(path, random);
  place(path, size, random);
}

/** The stroke with each of its points moved a little; twin points (corners) stay together. */
function wander(stroke: Stroke, random: Generator): Float64Array {
  const points = Float64Array.from(stroke);
  for (let i = 0; i < points.length; i += 2) {
    const twin = i > 0 && stroke[i] === stroke[i - 2] && stroke[i + 1] === stroke[i - 1];
    const [dx, dy] = twin ? [0, 0] : random.normalPair();
    points[i] = twin ? (points[i - 2] ?? 0) : (points[i] ?? 0) + WANDER * dx;
    points[i + 1] = twin ? (points[i - 1] ?? 0) : (points[i + 1] ?? 0) + WANDER * dy;
  }
  return points;
}

/** Adds the smooth curve through the points (Catmull and Rom, 1974) to the path, its ends cut or drawn out. */
function trace(points: Float64Array, random: Generator, path: PenPath): void {
  const spans = points.length / 2 - 1;
  const from = 0.35 * random.uniform() - 0.1;
  const to = spans - 0.35 * random.uniform() + 0.1;
  const steps = spans * SEGMENTS;
  const start = path.length;
  for (let step = 0; step <= steps; step++) {
    const at = from + ((to - from) * step) / steps;
    const span = Math.min(spans - 1, Math.max(0, Math.floor(at)));
    const i = path.length++;
    path.x[i] = spline(points, span, at - span, 0);
    path.y[i] = spline(points, span, at - span, 1);
    path.lifted[i] = i === start ? 1 : 0;
  }
}

/** One coordinate of the curve between points `span` and `span + 1`, at `t` of the way. */
function spline(points: Float64Array, span: number, t: number, axis: number): number {
  const b = points[2 * span + axis] ?? 0;
  const c = points[2 * span + 2 + axis] ?? 0;
  const a = points[2 * span - 2 + axis] ?? b;
  const d = points[2 * span + 4 + axis] ?? c;
  const linear = c - a;
  const square = 2 * a - 5 * b + 4 * c - d;
  const cube = 3 * b - a - 3 * c + d;
  return b + 0.5 * t * (linear + t * (square + t * cube));
}

/** Slants, stretches, turns, and bends by a smooth field of displacements (a few waves of random direction). */
function distort(path: PenPath, random: Generator): void {
  const [slant, turn] = random.normalPair();
  const [stretch] = random.normalPair();
  const width = Math.exp(0.05 + 0.2 * stretch);
  const shear = -0.2 - 0.22 * slant;
  const cos = Math.cos(0.12 * turn);
  const sin = Math.sin(0.12 * turn);
  const waves = Array.from({ length: 3 }, () => wave(random));
  for (let i = 0; i < path.length; i++) {
    const u = width * ((path.x[i] ?? 0) - 32);
    const v = (path.y[i] ?? 0) - 50;
    let x = cos * (u + shear * v) - sin * v;
    let y = sin * (u + shear * v) + cos * v;
    for (const { kx, ky, phase, ax, ay } of waves) {
      const s = Math.sin(kx * u + ky * v + phase);
      x += ax * s;
      y += ay * s;
    }
    path.x[i] = x;
    path.y[i] = y;
  }
}

/** A wave of displacement in a random direction, at most a bit over half its length on the sheet. */
function wave(random: Generator) {
  const frequency = BEND_FREQUENCY * (0.4 + 0.6 * random.uniform());
  const direction = 2 * Math.PI * random.uniform();
  const phase = 2 * Math.PI * random.uniform();
  const [ax, ay] = random.normalPair();
  const [kx, ky] = [frequency * Math.cos(direction), frequency * Math.sin(direction)];
  return { kx, ky, phase, ax: BEND * ax, ay: BEND * ay };
}

/**
 * Scales the path to MNIST's box (20 of 28 pixels), gives the pen its thickness, and puts the centre of
 * the ink in the middle of the sheet, give or take half a pixel.
 */
function place(path: PenPath, size: number, random: Generator): void {
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  let [sumX, sumY, total] = [0, 0, 0];
  for (let i = 0; i < path.length; i++) {
    const x = path.x[i] ?? 0;
    const y = path.y[i] ?? 0;
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
    if (path.lifted[i] === 1) continue;
    const beforeX = path.x[i - 1] ?? x;
    const beforeY = path.y[i - 1] ?? y;
    const length = Math.sqrt((x - beforeX) ** 2 + (y - beforeY) ** 2);
    sumX += 0.5 * (x + beforeX) * length;
    sumY += 0.5 * (y + beforeY) * length;
    total += length;
  }
  const [spread, pressure] = random.normalPair();
  const radius = (size / 28) * Math.min(2.2, Math.max(0.7, 1.43 + 0.35 * spread));
  const box = (size / 28) * (20 + 2 * (random.uniform() - 0.5));
  const scale = (box - 2 * (radius + FADE)) / Math.max(right - left, bottom - top);
  // MNIST's middle is the middle of pixel 14, counted from 0.
  const middleX = size / 2 + random.uniform() - (scale * sumX) / total;
  const middleY = size / 2 + random.uniform() - (scale * sumY) / total;
  const phase = 2 * Math.PI * random.uniform();
  for (let i = 0; i < path.length; i++) {
    path.x[i] = middleX + scale * (path.x[i] ?? 0);
    path.y[i] = middleY + scale * (path.y[i] ?? 0);
    path.radius[i] = radius * (1 + 0.12 * pressure * Math.sin(phase + 0.15 * i));
  }
}
