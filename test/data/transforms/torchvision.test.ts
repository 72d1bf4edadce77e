/** Transforms against the pixels that torchvision makes of the same images (`test/golden/make_transforms.py`). */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { moveImage } from '../../../src/data/transforms/affine';
import { readTransforms } from '../../../src/data/transforms/catalogue';
import { planTransforms } from '../../../src/data/transforms/plan';
import { imageShape, SampleTransforms } from '../../../src/data/transforms/sample-transforms';
import type { Planes } from '../../../src/data/transforms/transform';
import { affineMatrix } from '../../../src/data/transforms/turning';
import { Generator } from '../../../src/engine';
import golden from '../../golden/transforms.json';

/** The formula of the script. */
function picture([channels = 1, height = 1, width = 1]: readonly number[]): Planes {
  const data = Uint8Array.from({ length: channels * height * width }, (_, i) => {
    const [x, y, c] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
    return (c * 71 + y * 37 + x * 91 + y * x * 13 + ((x * x * 7) % 31)) % 256;
  });
  return { channels, height, width, data };
}

const digest = ({ data }: Planes) => createHash('sha256').update(data).digest('hex').slice(0, 16);

const shapeOf = ({ channels, height, width }: Omit<Planes, 'data'>) => [channels, height, width];

describe('pixels', () => {
  it.each(golden.transforms)('$text of $from', ({ text, from, shape, sha256 }) => {
    const [transform] = readTransforms(text);
    if (transform?.kind !== 'pixels') throw new Error('expected a transform of pixels');
    const image = picture(from);
    const before = image.data.slice();
    const changed = transform.apply(image, new Generator(3));
    expect(shapeOf(changed)).toEqual(shape);
    expect(shapeOf(transform.shapeOf(image))).toEqual(shape);
    expect(digest(changed)).toBe(sha256);
    expect(image.data).toEqual(before);
  });

  it.each(golden.maps)('an affine map of $from, $interpolation: $map', ({ map, from, sha256, ...how }) => {
    const image = picture(from);
    const pair = ([a = 0, b = 0]: readonly number[]) => [a, b] as const;
    const { translate, shear, angle, scale } = map;
    const matrix = affineMatrix({ angle, scale, translate: pair(translate), shear: pair(shear) }, [
      image.width / 2,
      image.height / 2,
    ]);
    const interpolation = how.interpolation === 'nearest' ? 'nearest' : 'bilinear';
    expect(digest(moveImage(image, { matrix, interpolation, fill: [7] }))).toBe(sha256);
  });
});

it('numbers are those of ToTensor and Normalize', () => {
  const { from, values } = golden.normalized;
  const plan = planTransforms(['ToTensor()', 'Normalize((0.1307,), (0.3081,))', 'RandomErasing(p=0)']);
  const transforms = new SampleTransforms(plan, imageShape(from), undefined);
  const target = new Float32Array(transforms.size);
  transforms.trained(picture(from).data, new Generator(0), target, 0);
  for (const [i, value] of values.entries()) expect(target[i]).toBeCloseTo(value, 6);
});
