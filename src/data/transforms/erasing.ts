/** `RandomErasing`: a box of an image is filled (Zhong et al., 2017). */
import type { Call } from './call';
import { roundHalfEven } from './frame';
import { Settings } from './settings';
import type { Erasing, PixelTransform } from './transform';
import { TransformError } from './transform-error';

/** A box that does not fit is drawn anew so often. */
const TRIES = 10;

/** `RandomErasing(p=0.5, scale=(0.02, 0.33), ratio=(0.3, 3.3), value=0)`. */
export function makeRandomErasing(call: Call): Erasing {
  const settings = new Settings(call, ['p', 'scale', 'ratio', 'value', 'inplace']);
  const p = settings.number('p', 0.5, { least: 0, most: 1 });
  const [smallest = 0, largest = 0] = settings.numbers('scale', [2], [0.02, 0.33], { least: 0, most: 1 });
  const [narrowest = 1, widest = 1] = settings.numbers('ratio', [2], [0.3, 3.3]);
  if (narrowest <= 0 || widest <= 0) throw new TransformError('RandomErasing: ratio must be positive');
  const random = settings.value('value') === 'random';
  return {
    kind: 'erasing',
    text: call.text,
    value: random ? 'random' : settings.numbers('value', [1, 3], [0]),
    box(shape, generator) {
      if (generator.uniform() >= p) return undefined;
      const { height, width } = shape;
      const [least, most] = [Math.log(narrowest), Math.log(widest)];
      for (let i = 0; i < TRIES; i++) {
        const area = height * width * (smallest + generator.uniform() * (largest - smallest));
        const ratio = Math.exp(least + generator.uniform() * (most - least));
        const box = {
          height: roundHalfEven(Math.sqrt(area * ratio)),
          width: roundHalfEven(Math.sqrt(area / ratio)),
        };
        if (box.height >= height || box.width >= width) continue;
        return {
          ...box,
          top: generator.integer(0, height - box.height + 1),
          left: generator.integer(0, width - box.width + 1),
        };
      }
      return undefined;
    },
  };
}

/**
 * The erasing of pixels that are still bytes; `value`, which is of pixels from 0 to 1, becomes the nearest byte.
 * @param values one for each channel, or one for all
 */
export function eraseBytes(erasing: Erasing, values: readonly number[]): PixelTransform {
  return {
    kind: 'pixels',
    text: erasing.text,
    random: true,
    shapeOf: from => from,
    apply(image, generator) {
      const box = erasing.box(image, generator);
      if (box === undefined) return image;
      const data = image.data.slice();
      for (let c = 0; c < image.channels; c++) {
        const value = Math.min(255, Math.max(0, Math.round(255 * (values[c] ?? values[0] ?? 0))));
        for (let y = 0; y < box.height; y++) {
          const at = (c * image.height + box.top + y) * image.width + box.left;
          data.fill(value, at, at + box.width);
        }
      }
      return { ...image, data };
    },
  };
}
