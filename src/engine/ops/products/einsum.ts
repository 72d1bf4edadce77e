/**
 * Einstein's summation: products of tensors whose dimensions have letters, summed over those that the result lacks.
 * As in PyTorch, every operand is brought into one order of dimensions, and pairs are multiplied by `bmm`.
 */
import { EngineError } from '../../errors';
import type { Tensor } from '../../tensor';
import { permute, reshape, view } from '../shapes/views';
import { bmm } from './matmul';

/** The three dots among the letters. */
const DOTS = '...';

function lettersOf(text: string): string[] {
  const letters = text.replaceAll(' ', '').match(/\.\.\.|./g) ?? [];
  const odd = letters.find(letter => letter !== DOTS && !/^[a-zA-Z]$/.test(letter));
  if (odd !== undefined) {
    throw new EngineError(
      `einsum(): subscripts must be letters in [a-zA-Z], or "...", but got ${odd} in ${text}`,
    );
  }
  if (letters.filter(letter => letter === DOTS).length > 1) {
    throw new EngineError(`einsum(): found '...' more than once in ${text}`);
  }
  return letters;
}

/** The order of the dimensions that all operands are brought into. */
interface Plan {
  /** The letters of each operand. */
  readonly inputs: readonly (readonly string[])[];
  /** The place of each letter; that of the dots is the first of theirs. */
  readonly places: ReadonlyMap<string, number>;
  /** How many dimensions the dots stand for. */
  readonly dots: number;
  /** How many dimensions the result has, which come first, and all together. */
  readonly kept: number;
  readonly all: number;
}

function dotsIn(letters: readonly string[], { ndim }: Tensor, i: number): number {
  const named = letters.filter(letter => letter !== DOTS).length;
  if (letters.includes(DOTS) ? named > ndim : named !== ndim) {
    throw new EngineError(
      `einsum(): the number of subscripts in the equation (${named}) does not match the number of dimensions ` +
        `(${ndim}) for operand ${i}`,
    );
  }
  return letters.includes(DOTS) ? ndim - named : 0;
}

/** Capital letters come first. */
const alphabetical = (a: string, b: string) => Number(a > b) - Number(a < b);

function outputLetters(right: string | undefined, inputs: readonly (readonly string[])[]): string[] {
  const counts = new Map<string, number>();
  for (const letter of inputs.flat()) counts.set(letter, (counts.get(letter) ?? 0) + 1);
  if (right === undefined) {
    const single = [...counts].flatMap(([letter, count]) => (count === 1 && letter !== DOTS ? [letter] : []));
    return [DOTS, ...single.sort(alphabetical)];
  }
  const letters = lettersOf(right);
  const strange = letters.find(letter => letter !== DOTS && !counts.has(letter));
  if (strange !== undefined) {
    throw new EngineError(
      `einsum(): output subscript ${strange} does not appear in the equation for any input operand`,
    );
  }
  const twice = letters.find((letter, i) => letters.indexOf(letter) !== i);
  if (twice !== undefined)
    throw new EngineError(`einsum(): output subscript ${twice} appears more than once`);
  return letters;
}

function planOf(equation: string, operands: readonly Tensor[]): Plan {
  const [left = '', right] = equation.split('->');
  const inputs = left.split(',').map(lettersOf);
  if (inputs.length !== operands.length) {
    throw new EngineError(
      `einsum(): ${inputs.length < operands.length ? 'more' : 'fewer'} operands were provided than specified in the ` +
        `equation ${equation}`,
    );
  }
  const dots = Math.max(...operands.map((operand, i) => dotsIn(inputs[i] ?? [], operand, i)));
  const places = new Map<string, number>();
  let all = 0;
  const put = (letter: string) => {
    if (places.has(letter)) return;
    places.set(letter, all);
    all += letter === DOTS ? dots : 1;
  };
  outputLetters(right, inputs).forEach(put);
  const kept = all;
  put(DOTS);
  [...new Set(inputs.flat())]
    .filter(letter => letter !== DOTS)
    .sort(alphabetical)
    .forEach(put);
  return { inputs, places, dots, kept, all };
}

/** An operand with all dimensions of the plan in their order, those that it lacks with size 1. */
function arranged(given: Tensor, letters: readonly string[], { places, dots, all }: Plan): Tensor {
  let operand = given;
  const own = given.ndim - letters.filter(letter => letter !== DOTS).length;
  const order = new Array<number>(all).fill(-1);
  let dim = 0;
  for (const letter of letters) {
    const place = places.get(letter) ?? 0;
    if (letter === DOTS) {
      for (let i = own; i < dots; i++) operand = operand.unsqueeze(dim);
      for (let i = 0; i < dots; i++) order[place + i] = dim++;
    } else if (order[place] === -1) order[place] = dim++;
    else {
      const first = order[place] ?? 0;
      if (operand.size(first) !== operand.size(dim)) {
        throw new EngineError(
          `einsum(): subscript ${letter} is repeated for operand but the sizes don't match, ${operand.size(dim)} != ` +
            `${operand.size(first)}`,
        );
      }
      operand = operand.diagonal(0, first, dim).movedim(-1, first);
    }
  }
  order.forEach((from, place) => {
    if (from !== -1) return;
    operand = operand.unsqueeze(-1);
    order[place] = dim++;
  });
  return permute(operand, order);
}

function checkSizes(operands: readonly Tensor[], all: number): void {
  for (let dim = 0; dim < all; dim++) {
    const sizes = new Set(operands.map(operand => operand.size(dim)).filter(size => size !== 1));
    if (sizes.size > 1) {
      throw new EngineError(
        `einsum(): operands do not broadcast with remapped shapes [original->remapped]: ` +
          operands.map(({ shape }) => `[${shape}]`).join(' '),
      );
    }
  }
}

const product = (sizes: readonly number[]) => sizes.reduce((a, b) => a * b, 1);

/** The product of two operands summed over `sums`, which keep size 1 (PyTorch's `sumproduct_pair`). */
function multiplied(left: Tensor, right: Tensor, sums: readonly number[]): Tensor {
  if (sums.length === 0) return left.mul(right);
  const others = left.shape.map((_, dim) => dim).filter(dim => !sums.includes(dim));
  const inLeft = (dim: number) => left.size(dim) !== 1;
  const inRight = (dim: number) => right.size(dim) !== 1;
  const both = others.filter(dim => inLeft(dim) && inRight(dim));
  const one = others.filter(dim => inLeft(dim) && !inRight(dim));
  const other = others.filter(dim => !inLeft(dim));
  const sizes = (tensor: Tensor, dims: readonly number[]) => dims.map(dim => tensor.size(dim));
  const count = (tensor: Tensor, dims: readonly number[]) => product(sizes(tensor, dims));
  const summed = count(left, sums);
  const rows = reshape(permute(left, [...both, ...one, ...sums, ...other]), [
    count(left, both),
    count(left, one),
    summed,
  ]);
  const columns = reshape(permute(right, [...both, ...sums, ...other, ...one]), [
    count(left, both),
    summed,
    count(right, other),
  ]);
  const found = bmm(rows, columns);
  const order = [...both, ...one, ...sums, ...other];
  const shape = [...sizes(left, [...both, ...one]), ...sums.map(() => 1), ...sizes(right, other)];
  return permute(
    view(found, shape),
    order.map((_, dim) => order.indexOf(dim)),
  );
}

/** The product of two operands, summed over what no later operand has. `counts` is how many operands have a dimension. */
function contracted(a: Tensor, b: Tensor, counts: number[], kept: number): Tensor {
  const [ofA, ofB, ofBoth]: [number[], number[], number[]] = [[], [], []];
  for (let dim = kept; dim < counts.length; dim++) {
    const count = counts[dim] ?? 0;
    const [hasA, hasB] = [a.size(dim) !== 1, b.size(dim) !== 1];
    if (hasA && hasB) {
      counts[dim] = count === 2 ? 0 : count - 1;
      if (count === 2) ofBoth.push(dim);
    } else if (count === 1 && (hasA || hasB)) {
      (hasA ? ofA : ofB).push(dim);
      counts[dim] = 0;
    }
  }
  const left = ofA.length > 0 ? a.sum(ofA, true) : a;
  const right = ofB.length > 0 ? b.sum(ofB, true) : b;
  return multiplied(left, right, ofBoth);
}

/**
 * Products of tensors, summed: `einsum('ij,jk->ik', a, b)` is `a @ b`. Each operand has a letter for each dimension; the
 * result has those behind the arrow, or without one those that occur once, in alphabetical order. `...` stands for
 * the dimensions without a letter, which are broadcast; a letter that one operand has twice means its diagonal.
 */
export function einsum(equation: string, ...given: readonly Tensor[] | [readonly Tensor[]]): Tensor {
  const operands = given.flat();
  if (operands.length === 0) throw new EngineError('einsum(): must provide at least one operand');
  const plan = planOf(equation, operands);
  const { kept, all } = plan;
  const [first, ...rest] = operands.map((operand, i) => arranged(operand, plan.inputs[i] ?? [], plan));
  if (first === undefined) throw new Error('there is an operand');
  checkSizes([first, ...rest], all);
  if (rest.length === 0) {
    const dims = Array.from({ length: all - kept }, (_, i) => kept + i);
    return dims.length === 0 ? first : first.sum(dims);
  }
  const counts = Array.from(
    { length: all },
    (_, dim) => [first, ...rest].filter(operand => operand.size(dim) !== 1).length,
  );
  const result = rest.reduce((a, b) => contracted(a, b, counts, kept), first);
  return all === kept ? result : view(result, result.shape.slice(0, kept));
}
