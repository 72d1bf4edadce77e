/** Transforms that draw nothing: what they make of an image is always the same. */
import { luma } from '../images/picture';
import { resize, type Size } from '../images/resize';
import type { Call } from './call';
import {
  type Border,
  borderOf,
  checkPadding,
  cut,
  fillOf,
  noPadding,
  pad,
  paddedShape,
  paddingModes,
  roundHalfEven,
  sizeOf,
} from './frame';
import { Settings } from './settings';
import type { ImageShape, PixelTransform, Planes } from './transform';
import { TransformError } from './transform-error';

const fixed = (
  { text }: Pick<Call, 'text'>,
  shapeOf: PixelTransform['shapeOf'],
  apply: (image: Planes) => Planes,
): PixelTransform => ({ kind: 'pixels', text, random: false, shapeOf, apply });

/** `Resize(size)`: to a height and width, or, with one number, the shorter side to it. */
export function makeResize(call: Call): PixelTransform {
  const settings = new Settings(call, ['size', 'interpolation', 'max_size', 'antialias']);
  const sizes = settings.numbers('size', [1, 2], undefined, { least: 1, most: 4096, whole: true });
  settings.word('interpolation', ['bilinear'], 'bilinear');
  if (settings.has('max_size')) throw new TransformError('Resize: max_size is not supported');
  const shapeOf = ({ channels, height, width }: ImageShape): ImageShape => {
    const [first = 1, second] = sizes;
    if (second !== undefined) return { channels, height: first, width: second };
    const long = Math.trunc((first * Math.max(width, height)) / Math.min(width, height));
    return width <= height
      ? { channels, height: long, width: first }
      : { channels, height: first, width: long };
  };
  return fixed(call, shapeOf, image => resizePlanes(image, shapeOf(image)));
}

/** The image in another size; the same one where it has that size already. */
export function resizePlanes(image: Planes, to: Size): Planes {
  if (to.height === image.height && to.width === image.width) return image;
  const { channels } = image;
  const { height, width } = to;
  const [area, toArea] = [image.height * image.width, height * width];
  const data = new Uint8Array(channels * toArea);
  for (let c = 0; c < channels; c++) {
    data.set(resize(image.data.subarray(c * area, (c + 1) * area), image, to, 1), c * toArea);
  }
  return { channels, height, width, data };
}

/** `CenterCrop(size)` from its text and size; what is missing of a smaller image is black. */
export function centerCrop(text: string, { height, width }: Pick<ImageShape, 'height' | 'width'>) {
  return fixed(
    { text },
    ({ channels }) => ({ channels, height, width }),
    image => {
      if (image.height === height && image.width === width) return image;
      const [down, across] = [Math.max(0, height - image.height), Math.max(0, width - image.width)];
      const border: Border = {
        left: Math.floor(across / 2),
        top: Math.floor(down / 2),
        right: Math.floor((across + 1) / 2),
        bottom: Math.floor((down + 1) / 2),
      };
      const padded = paddedShape(image, border);
      const top = roundHalfEven((padded.height - height) / 2);
      const left = roundHalfEven((padded.width - width) / 2);
      return cut(image, { top, left, height, width }, { ...noPadding, border });
    },
  );
}

/** `CenterCrop(size)`. */
export function makeCenterCrop(call: Call): PixelTransform {
  return centerCrop(call.text, sizeOf(new Settings(call, ['size'])));
}

/** `Pad(padding, fill=0, padding_mode='constant')`. */
export function makePad(call: Call): PixelTransform {
  const settings = new Settings(call, ['padding', 'fill', 'padding_mode']);
  const padding = {
    border: borderOf(settings),
    fill: fillOf(settings),
    mode: settings.word('padding_mode', paddingModes, 'constant'),
  };
  return fixed(
    call,
    from => {
      checkPadding(call.name, from, padding);
      return paddedShape(from, padding.border);
    },
    image => pad(image, padding),
  );
}

/** `Grayscale(num_output_channels=1)`: one channel, or three equal ones. */
export function makeGrayscale(call: Call): PixelTransform {
  const channels = new Settings(call, ['num_output_channels']).number('num_output_channels', 1);
  if (channels !== 1 && channels !== 3) {
    throw new TransformError(`Grayscale: expected num_output_channels to be 1 or 3, found ${channels}`);
  }
  return fixed(
    call,
    from => ({ ...from, channels }),
    image => {
      const area = image.height * image.width;
      const { data: from } = image;
      const grey =
        image.channels === 1
          ? from
          : Uint8Array.from({ length: area }, (_, i) =>
              luma(from[i] ?? 0, from[area + i] ?? 0, from[2 * area + i] ?? 0),
            );
      if (channels === 1) return { ...image, channels, data: grey };
      const data = new Uint8Array(3 * area);
      for (let c = 0; c < 3; c++) data.set(grey, c * area);
      return { ...image, channels, data };
    },
  );
}
