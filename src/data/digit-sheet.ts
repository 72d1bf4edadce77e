/** The sheet that is written on: renders a pen's path with smooth edges into 8-bit pixels. */
import type { Generator } from '../engine/random/generator';
import { FADE, type PenPath } from './digit-pen';

/**
 * Renders the path, white on black, into the `size`×`size` pixels of `image` (which is overwritten).
 * A pixel's ink depends on its distance from the path; the ink is a little uneven.
 */
export function render(path: PenPath, size: number, random: Generator, image: Uint8Array): void {
  const ink = new Float32Array(size * size);
  for (let i = 0; i < path.length; i++) {
    if (path.lifted[i] === 0) segment(path, i, size, ink);
  }
  const strongest = 255 * (0.9 + 0.3 * random.uniform());
  for (let i = 0; i < ink.length; i++) {
    const value = ink[i] ?? 0;
    if (value === 0) image[i] = 0;
    else image[i] = Math.min(255, Math.round(strongest * value * (1 - 0.15 * random.uniform())));
  }
}

/** Inks the pixels near the segment that ends at point `end` of the path. */
function segment(path: PenPath, end: number, size: number, ink: Float32Array): void {
  const x0 = path.x[end - 1] ?? 0;
  const y0 = path.y[end - 1] ?? 0;
  const dx = (path.x[end] ?? 0) - x0;
  const dy = (path.y[end] ?? 0) - y0;
  const radius = path.radius[end] ?? 0;
  const reach = radius + FADE;
  const squared = dx * dx + dy * dy;
  // The centre of pixel 0 is at 0.5.
  const left = Math.max(0, Math.ceil(Math.min(x0, x0 + dx) - reach - 0.5));
  const right = Math.min(size - 1, Math.floor(Math.max(x0, x0 + dx) + reach - 0.5));
  const top = Math.max(0, Math.ceil(Math.min(y0, y0 + dy) - reach - 0.5));
  const bottom = Math.min(size - 1, Math.floor(Math.max(y0, y0 + dy) + reach - 0.5));
  for (let row = top; row <= bottom; row++) {
    const v = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const u = column + 0.5 - x0;
      const along = squared === 0 ? 0 : Math.min(1, Math.max(0, (u * dx + v * dy) / squared));
      const away = (u - along * dx) ** 2 + (v - along * dy) ** 2;
      if (away >= reach * reach) continue;
      const value = Math.min(1, (reach - Math.sqrt(away)) / (2 * FADE));
      const at = row * size + column;
      if (value > (ink[at] ?? 0)) ink[at] = value;
    }
  }
}
