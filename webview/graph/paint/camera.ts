/** What part of the plane is seen, and how large. Screen = (plane − corner) × scale. */
import type { Point } from '../layout/types';
import { smallestText } from './manner';

/** What is seen: the corner of the plane in the upper left of the view, and how many pixels a unit has. */
export interface Camera {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** The size of the view in pixels. */
export interface View {
  readonly width: number;
  readonly height: number;
}

/** A part of the plane. */
export interface Rectangle extends Point, View {}

const smallest = 0.002;
const largest = 4;
/** Pixels around what is fitted in. */
const margin = 32;

/** A place on the screen as a place in the plane. */
export function toPlane({ x, y, scale }: Camera, screen: Point): Point {
  return { x: x + screen.x / scale, y: y + screen.y / scale };
}

/** The part of the plane that is seen. */
export function seenPart({ x, y, scale }: Camera, { width, height }: View): Rectangle {
  return { x, y, width: width / scale, height: height / scale };
}

/** Moves what is seen by so many pixels. */
export function pan(camera: Camera, dx: number, dy: number): Camera {
  return { ...camera, x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale };
}

/** Makes everything larger or smaller; what is at a place of the screen stays there. */
export function zoom(camera: Camera, factor: number, at: Point): Camera {
  const scale = Math.min(largest, Math.max(smallest, camera.scale * factor));
  const fixed = toPlane(camera, at);
  return { x: fixed.x - at.x / scale, y: fixed.y - at.y / scale, scale };
}

/** Shows the whole of a part of the plane, no larger than it is. */
export function fitIn({ x, y, width, height }: Rectangle, view: View): Camera {
  const room = { width: Math.max(1, view.width - 2 * margin), height: Math.max(1, view.height - 2 * margin) };
  const wanted = Math.min(1, room.width / Math.max(1, width), room.height / Math.max(1, height));
  const scale = Math.max(smallest, wanted);
  return { x: x + (width - view.width / scale) / 2, y: y + (height - view.height / scale) / 2, scale };
}

/** What is smaller cannot be read; and at this, a form can still be made out. */
const readable = 0.55;
const recognisable = 0.25;
/** At this, everything that stands on boxes is read with ease. */
const comfortable = 0.7;

/**
 * What is seen first: the whole where it can be read, or where its form can be made out and boxes bear nothing but names
 * in large letters; else its beginning, in all its width if it has room.
 */
export function firstLook(part: Rectangle, start: Point, view: View): Camera {
  const whole = fitIn(part, view);
  if (whole.scale >= comfortable || (whole.scale >= recognisable && whole.scale < smallestText)) return whole;
  const wide = fitIn({ ...part, height: 0 }, view).scale;
  const scale = wide < recognisable ? 0.8 : Math.min(0.8, wide);
  const middle = wide < recognisable ? start.x : part.x + part.width / 2;
  return { x: middle - view.width / scale / 2, y: start.y - margin / scale, scale };
}

/** Moves no further than needed to see a part of the plane; enlarges it where it could not be read. */
export function reveal(camera: Camera, part: Rectangle, view: View): Camera {
  const scale = camera.scale < readable ? 0.8 : camera.scale;
  const start: Camera =
    scale === camera.scale
      ? camera
      : {
          x: part.x + part.width / 2 - view.width / scale / 2,
          y: part.y + part.height / 2 - view.height / scale / 2,
          scale,
        };
  const seen = seenPart(start, view);
  const edge = margin / scale;
  return {
    x: moved(seen.x, seen.width, part.x - edge, part.width + 2 * edge),
    y: moved(seen.y, seen.height, part.y - edge, part.height + 2 * edge),
    scale,
  };
}

/** Moves a window along a line so that it holds a part, or the beginning of a part that is longer than itself. */
function moved(start: number, length: number, part: number, size: number): number {
  if (part < start || (size > length && part > start + length / 2)) return part;
  return size > length ? start : Math.max(start, part + size - length);
}

/** Whether two parts of the plane have something in common. */
export function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
