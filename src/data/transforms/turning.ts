/** Random rotations and affine maps. */
import type { Generator } from '../../engine/random/generator';
import { interpolations, type Matrix, moveImage } from './affine';
import type { Call } from './call';
import { fillOf, roundHalfEven } from './frame';
import { Settings } from './settings';
import type { PixelTransform, Planes } from './transform';
import { TransformError } from './transform-error';

type Pair = readonly [number, number];

const radians = (degrees: number) => (degrees * Math.PI) / 180;
/** To 15 places, as PIL rounds sines and cosines, so that those of right angles are whole. */
const rounded = (value: number) => Number(value.toFixed(15));
const between = ([least, most]: Pair, generator: Generator) => least + generator.uniform() * (most - least);

/**
 * Where the pixels of an image come from that is turned around `center` [x, y].
 * @param degrees counter-clockwise
 */
export function rotation(degrees: number, [x, y]: Pair): Matrix {
  const angle = -radians(((degrees % 360) + 360) % 360);
  const [cos, sin] = [rounded(Math.cos(angle)), rounded(Math.sin(angle))];
  const negative = rounded(-Math.sin(angle));
  return [cos, sin, cos * -x + sin * -y + x, negative, cos, negative * -x + cos * -y + y];
}

/** An affine map in the words of torchvision. */
export interface AffineMap {
  /** Degrees, clockwise. */
  readonly angle: number;
  /** Pixels to the right and down. */
  readonly translate: Pair;
  readonly scale: number;
  /** Degrees along x and along y. */
  readonly shear: Pair;
}

/**
 * Where the pixels of an image come from that is turned, sheared and scaled around `center` [x, y], and moved then: the
 * inverse of translate · center · rotate · shear · scale · center⁻¹, as torchvision's documentation has it.
 */
export function affineMatrix({ angle, translate, scale, shear }: AffineMap, center: Pair): Matrix {
  const [turn, along, across] = [radians(angle), radians(shear[0]), radians(shear[1])];
  const a = Math.cos(turn - across) / Math.cos(across);
  const b = (-Math.cos(turn - across) * Math.tan(along)) / Math.cos(across) - Math.sin(turn);
  const c = Math.sin(turn - across) / Math.cos(across);
  const d = (-Math.sin(turn - across) * Math.tan(along)) / Math.cos(across) + Math.cos(turn);
  // The determinant of rotation and shear is 1, so their inverse is [d, −b; −c, a].
  const [xx, xy, yx, yy] = [d / scale, -b / scale, -c / scale, a / scale];
  const [x, y] = [-center[0] - translate[0], -center[1] - translate[1]];
  return [xx, xy, xx * x + xy * y + center[0], yx, yy, yx * x + yy * y + center[1]];
}

/** A number stands for the range from its negative to itself. */
function rangeOf(settings: Settings, key: string): Pair {
  const [first = 0, second] = settings.numbers(key, [1, 2], undefined);
  if (second === undefined && first < 0) {
    throw new TransformError(`If ${key} is a single number, it must be positive`);
  }
  return second === undefined ? [-first, first] : [first, second];
}

function centerOf(settings: Settings): (image: Planes) => Pair {
  if (!settings.has('center')) return ({ width, height }) => [width / 2, height / 2];
  const [x = 0, y = 0] = settings.numbers('center', [2], undefined);
  return () => [x, y];
}

const turning = (
  { text }: Call,
  settings: Settings,
  matrixOf: (image: Planes, generator: Generator) => Matrix,
): PixelTransform => {
  const interpolation = settings.word('interpolation', interpolations, 'nearest');
  const fill = fillOf(settings);
  return {
    kind: 'pixels',
    text,
    random: true,
    shapeOf: from => from,
    apply: (image, generator) =>
      moveImage(image, { matrix: matrixOf(image, generator), interpolation, fill }),
  };
};

/** `RandomRotation(degrees, interpolation='nearest', expand=False, center=None, fill=0)`. */
export function makeRandomRotation(call: Call): PixelTransform {
  const settings = new Settings(call, ['degrees', 'interpolation', 'expand', 'center', 'fill']);
  const degrees = rangeOf(settings, 'degrees');
  if (settings.flag('expand', false)) {
    throw new TransformError('RandomRotation: expand=True makes images of several sizes, which fit no batch');
  }
  const center = centerOf(settings);
  return turning(call, settings, (image, generator) => rotation(between(degrees, generator), center(image)));
}

/** The range of shears along x and along y. */
function shearOf(settings: Settings): { readonly along: Pair; readonly across: Pair } {
  if (!settings.has('shear')) return { along: [0, 0], across: [0, 0] };
  const [a = 0, b, c = 0, d = 0] = settings.numbers('shear', [1, 2, 4], undefined);
  if (b === undefined) return { along: rangeOf(settings, 'shear'), across: [0, 0] };
  return { along: [a, b], across: [c, d] };
}

/**
 * `RandomAffine(degrees, translate=None, scale=None, shear=None, interpolation='nearest', fill=0, center=None)`;
 * `translate` is a share of the width and of the height.
 */
export function makeRandomAffine(call: Call): PixelTransform {
  const names = ['degrees', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center'];
  const settings = new Settings(call, names);
  const degrees = rangeOf(settings, 'degrees');
  const [right = 0, down = 0] = settings.has('translate')
    ? settings.numbers('translate', [2], undefined, { least: 0, most: 1 })
    : [];
  const [smallest = 1, largest = 1] = settings.has('scale') ? settings.numbers('scale', [2], undefined) : [];
  if (smallest <= 0 || largest <= 0)
    throw new TransformError('RandomAffine: scale values should be positive');
  const { along, across } = shearOf(settings);
  const center = centerOf(settings);
  return turning(call, settings, (image, generator) => {
    const moved = (share: number, length: number) =>
      roundHalfEven(between([-share * length, share * length], generator));
    const angle = between(degrees, generator);
    const translate: Pair = [moved(right, image.width), moved(down, image.height)];
    const scale = between([smallest, largest], generator);
    const shear: Pair = [between(along, generator), between(across, generator)];
    return affineMatrix({ angle, translate, scale, shear }, center(image));
  });
}
