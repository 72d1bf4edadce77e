/** Which tensors are images. */
import { expect, test } from 'vitest';
import { rowsOfTiles, tilesPerPage, tilingOf } from '../../webview/tensor-view/tiling';

const image = { height: 28, width: 28 };

test('a tensor is images where it is said to be, or has the four dimensions of feature maps and filters', () => {
  expect(tilingOf([256, 784], image)).toEqual({ count: 256, ...image, perRow: 1 });
  expect(tilingOf([64, 1, 28, 28], image)).toMatchObject({ count: 64, ...image });
  expect(tilingOf([8, 16, 5, 7], null)).toMatchObject({ count: 128, height: 5, width: 7 });
  // That 256 is 16 times 16 makes no image of an activation.
  expect(tilingOf([64, 256], null)).toBeUndefined();
  expect(tilingOf([4, 3, 3, 3], null)).toBeUndefined();
  expect(tilingOf([10, 20, 30], null)).toBeUndefined();
  expect(tilingOf([64], image)).toBeUndefined();
  expect(tilingOf([], null)).toBeUndefined();
});

test('the colours of a weight are tiles beside each other, whole rows at a time', () => {
  const tiling = tilingOf([256, 3 * 32 * 32], { height: 32, width: 32 });
  expect(tiling).toEqual({ count: 768, height: 32, width: 32, perRow: 3 });
  if (tiling === undefined) return;
  const perPage = tilesPerPage(tiling, 64);
  expect(perPage).toBe(63);
  expect(rowsOfTiles(tiling, 3072, perPage, perPage)).toEqual({ row: 21, rows: 21 });
});
