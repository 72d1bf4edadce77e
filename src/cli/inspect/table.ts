/** Tensors as rows of a table, whose columns are known before the first tensor is read. */
import { bytesText, grouped } from '../report';
import type { Figures } from './figures';
import type { TreeLine } from './tree';

const figureWidth = 11;
/** Long names are not allowed to push everything else out of the window. */
const widestName = 48;

/** A shape as a person reads it. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}

/** A number with four digits, in at most ten characters. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e7) return String(value);
  return size >= 1e-3 && size < 1e6 ? Number(value.toPrecision(4)).toString() : value.toExponential(2);
}

/** Writes the rows. */
export class TensorTable {
  readonly #name: number;
  readonly #shape: number;
  readonly #dtype: number;

  constructor(lines: readonly TreeLine[]) {
    const width = (texts: readonly string[]) => texts.reduce((most, text) => Math.max(most, text.length), 0);
    const tensors = lines.flatMap(({ tensor }) => (tensor === undefined ? [] : [tensor]));
    this.#name = Math.min(widestName, width(['tensor', ...lines.map(({ label }) => label)]));
    this.#shape = width(['shape', ...tensors.map(({ shape }) => shapeText(shape))]);
    this.#dtype = width(['dtype', ...tensors.map(({ dtype }) => dtype)]);
  }

  /** The titles of the columns. */
  get head(): string {
    const figures = ['min', 'mean', 'max', 'std', 'zeros'].map(title => title.padStart(figureWidth));
    return `${this.#start('tensor', 'shape', 'dtype', 'size')}${figures.join('')}`;
  }

  #start(name: string, shape: string, dtype: string, size: string): string {
    const parts = [
      name.padEnd(this.#name),
      shape.padEnd(this.#shape),
      dtype.padEnd(this.#dtype),
      size.padStart(9),
    ];
    return parts.join('  ');
  }

  /** The row of a module. */
  module({ label, className, elements = 0 }: TreeLine): string {
    const about = [...(className === undefined ? [] : [className]), `${grouped(elements)} elements`].join(
      ', ',
    );
    return `${label.padEnd(this.#name)}  ${about}`;
  }

  /** The row of a tensor. */
  tensor({ label }: TreeLine, { tensor, statistics, histogram, problem }: Figures): string {
    const start = this.#start(label, shapeText(tensor.shape), tensor.dtype, bytesText(tensor.bytes));
    if (statistics === undefined) return `${start}  ${problem ?? ''}`;
    const { min, mean, max, std, zeros, nan, infinite, count } = statistics;
    const figures = [min, mean, max, std].map(value => figure(value).padStart(figureWidth));
    const share = count === 0 || zeros === 0 ? '' : `${((100 * zeros) / count).toFixed(1)} %`;
    const faults = [
      ...(nan > 0 ? [`${grouped(nan)} NaN`] : []),
      ...(infinite > 0 ? [`${grouped(infinite)} infinite`] : []),
    ];
    return `${start}${figures.join('')}${share.padStart(figureWidth)}  ${histogram} ${faults.join(', ')}`.trimEnd();
  }
}
