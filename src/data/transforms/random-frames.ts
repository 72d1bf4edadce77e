/** Random parts of images, and images turned over at random. */
import type { Call } from './call';
import { centerCrop } from './fixed';
import {
  type Border,
  borderOf,
  checkPadding,
  cut,
  fillOf,
  flip,
  type Padding,
  paddedShape,
  paddingModes,
  sizeOf,
} from './frame';
import { Settings } from './settings';
import type { ImageShape, PixelTransform } from './transform';
import { TransformError } from './transform-error';

/** A border as wide as what is missing, on both sides, as torchvision's `pad_if_needed` does it. */
function widened(border: Border, from: ImageShape, size: Pick<ImageShape, 'height' | 'width'>): Border {
  const { height, width } = paddedShape(from, border);
  const [across, down] = [Math.max(0, size.width - width), Math.max(0, size.height - height)];
  return {
    left: border.left + across,
    right: border.right + across,
    top: border.top + down,
    bottom: border.bottom + down,
  };
}

/**
 * `RandomCrop(size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant')`. Outside of training it is
 * `CenterCrop(size)`.
 */
export function makeRandomCrop(call: Call): PixelTransform {
  const names = ['size', 'padding', 'pad_if_needed', 'fill', 'padding_mode'];
  const settings = new Settings(call, names);
  const size = sizeOf(settings);
  const own = borderOf(settings);
  const ifNeeded = settings.flag('pad_if_needed', false);
  const fill = fillOf(settings);
  const mode = settings.word('padding_mode', paddingModes, 'constant');
  const paddingOf = (from: ImageShape): Padding => ({
    border: ifNeeded ? widened(own, from, size) : own,
    fill,
    mode,
  });
  return {
    kind: 'pixels',
    text: call.text,
    random: true,
    evaluation: centerCrop(`CenterCrop([${size.height}, ${size.width}])`, size),
    shapeOf(from) {
      const padding = paddingOf(from);
      checkPadding(call.name, from, padding);
      const { height, width } = paddedShape(from, padding.border);
      if (size.height > height || size.width > width) {
        throw new TransformError(
          `Required crop size ${size.height}×${size.width} is larger than input image size ${height}×${width}`,
        );
      }
      return { ...from, ...size };
    },
    apply(image, generator) {
      const padding = paddingOf(image);
      const { height, width } = paddedShape(image, padding.border);
      const top = generator.integer(0, height - size.height + 1);
      const left = generator.integer(0, width - size.width + 1);
      return cut(image, { top, left, ...size }, padding);
    },
  };
}

function makeFlip(call: Call, sideways: boolean): PixelTransform {
  const p = new Settings(call, ['p']).number('p', 0.5, { least: 0, most: 1 });
  return {
    kind: 'pixels',
    text: call.text,
    random: true,
    shapeOf: from => from,
    apply: (image, generator) => (generator.uniform() < p ? flip(image, sideways) : image),
  };
}

/** `RandomHorizontalFlip(p=0.5)`. */
export const makeRandomHorizontalFlip = (call: Call): PixelTransform => makeFlip(call, true);

/** `RandomVerticalFlip(p=0.5)`. */
export const makeRandomVerticalFlip = (call: Call): PixelTransform => makeFlip(call, false);
