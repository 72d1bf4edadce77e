/** The reference kernels of convolutions: sums over windows, written out. */
import type { Meta } from '../../expr';
import { type Shape, stridesOf } from '../../shape';
import { build, eachIndex } from '../kernels';
import type { Values } from '../op';
import { type Geometry, sourceOf } from './geometry';

/** The element at `index`, 0 where that lies outside. */
function inside({ shape, data }: Values, strides: Shape, index: readonly number[]): number {
  let position = 0;
  for (let i = 0; i < shape.length; i++) {
    const place = index[i] ?? 0;
    if (place < 0 || place >= (shape[i] ?? 0)) return 0;
    position += place * (strides[i] ?? 0);
  }
  return data[position] ?? 0;
}

/** A function that looks elements up by index; 0 outside. */
function reader(values: Values): (index: readonly number[]) => number {
  const strides = stridesOf(values.shape);
  return index => inside(values, strides, index);
}

function sumOver(shape: Shape, term: (index: readonly number[]) => number): number {
  let sum = 0;
  eachIndex(shape, index => {
    sum += term(index);
  });
  return sum;
}

export function convolutionKernel(
  [input, weight, bias]: readonly Values[],
  attributes: Geometry & { transposed: boolean },
  output: Meta,
): Float64Array {
  if (input === undefined || weight === undefined) return new Float64Array(0);
  const [x, w] = [reader(input), reader(weight)];
  const { groups, transposed, stride } = attributes;
  const [first = 0, second = 0, ...kernel] = weight.shape;
  const inputs = transposed ? first / groups : second;
  const outputs = transposed ? second : first / groups;
  return build(output, ([n = 0, o = 0, ...y]) => {
    const group = Math.floor(o / outputs);
    const sum = sumOver([inputs, ...kernel], ([c = 0, ...k]) => {
      const channel = group * inputs + c;
      if (!transposed) {
        const source = y.map((place, i) => sourceOf(attributes, i, place, k[i] ?? 0));
        return x([n, channel, ...source]) * w([o, c, ...k]);
      }
      // The input whose window holds y at k: it stands at −source / stride of y's own.
      const source = y.map((place, i) => -sourceOf(attributes, i, 0, k[i] ?? 0) + place);
      const from = source.map((place, i) => place / (stride[i] ?? 1));
      return from.every(Number.isInteger) ? x([n, channel, ...from]) * w([channel, o % outputs, ...k]) : 0;
    });
    return sum + (bias?.data[o] ?? 0);
  });
}

export function weightGradientKernel(
  [input, gradient]: readonly Values[],
  geometry: Geometry,
  output: Meta,
): Float64Array {
  if (input === undefined || gradient === undefined) return new Float64Array(0);
  const [x, g] = [reader(input), reader(gradient)];
  const [batch = 0, channels = 0, ...sizes] = gradient.shape;
  const inputs = output.shape[1] ?? 1;
  return build(output, ([o = 0, c = 0, ...k]) => {
    const group = Math.floor(o / (channels / geometry.groups));
    return sumOver([batch, ...sizes], ([n = 0, ...y]) => {
      const source = y.map((place, i) => sourceOf(geometry, i, place, k[i] ?? 0));
      return x([n, group * inputs + c, ...source]) * g([n, o, ...y]);
    });
  });
}
