/** What MNIST makes of a drawing: a box of 20×20, the centre of mass in the middle. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { imageOfDrawing } from '../../webview/evaluation/drawing-image';

/** A drawing with filled rectangles. */
function drawn(side: number, ...boxes: readonly (readonly [x: number, y: number, w: number, h: number])[]) {
  const pixels = new Uint8Array(side * side);
  for (const [x, y, w, h] of boxes)
    for (let row = y; row < y + h; row++) pixels.fill(255, row * side + x, row * side + x + w);
  return { width: side, height: side, pixels };
}

function centre(pixels: Uint8Array, width: number): readonly [number, number] {
  let [mass, x, y] = [0, 0, 0];
  pixels.forEach((grey, i) => {
    mass += grey;
    x += grey * ((i % width) + 0.5);
    y += grey * (Math.floor(i / width) + 0.5);
  });
  return [x / mass, y / mass];
}

test('nothing is nothing', () => {
  expect(imageOfDrawing(drawn(50), 28, 28)).toBeUndefined();
});

test('a square fills the box in the middle, wherever and however large it was drawn', () => {
  const side = fc.integer({ min: 10, max: 100 });
  const place = fc.integer({ min: 0, max: 180 });
  fc.assert(
    fc.property(side, place, place, (size, x, y) => {
      const image = imageOfDrawing(drawn(280, [x, y, size, size]), 28, 28);
      const expected = drawn(28, [4, 4, 20, 20]).pixels;
      expect(image?.pixels).toEqual(expected);
    }),
    { numRuns: 20 },
  );
});

test('the centre of mass comes into the middle, and the longer side to 20 pixels', () => {
  // An L: its mass is to the left and below.
  const image = imageOfDrawing(drawn(280, [100, 40, 20, 160], [100, 180, 80, 20]), 28, 28);
  const pixels = image?.pixels ?? new Uint8Array();
  const [x, y] = centre(pixels, 28);
  expect(x).toBeCloseTo(14, 1);
  expect(y).toBeCloseTo(14, 1);
  const rows = Array.from({ length: 28 }, (_, row) =>
    pixels.subarray(row * 28, row * 28 + 28).some(grey => grey > 0),
  );
  expect(rows.filter(Boolean).length).toBeGreaterThanOrEqual(20);
  expect(rows.filter(Boolean).length).toBeLessThanOrEqual(21);
});
