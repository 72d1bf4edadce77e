/**
 * Comparing gradients with differences: a subject is a function of tensors of some shapes; its derivatives are compared
 * with central differences on the reference interpreter in float64.
 */
import fc from 'fast-check';
import { expect } from 'vitest';
import { fromArray, Generator, grad, rand, randint, type Shape, type Tensor } from '../../../src/engine';
import type { Expr } from '../../../src/engine/expr';
import { collect } from '../../../src/engine/runtime/graph';
import { interpret } from '../../../src/engine/runtime/reference';

/** Where a function is smooth enough to be compared with differences. */
export type Range = 'any' | 'positive' | 'unit' | 'apart';

export interface Subject {
  readonly shapes: readonly Shape[];
  readonly ranges?: readonly Range[];
  readonly f: (...inputs: Tensor[]) => Tensor;
}

/** Draws all numbers of these tests. */
export const generator = new Generator(1);

/** Random numbers in float64; `apart` keeps them away from 0 and from each other. */
export function draw(shape: Shape, range: Range): Tensor {
  const count = shape.reduce((a, b) => a * b, 1);
  const order = generator.permutation(count);
  const numbers = Float64Array.from({ length: count }, (_, i) => {
    const uniform = generator.uniform();
    if (range === 'positive') return 0.3 + 2 * uniform;
    if (range === 'unit') return 0.1 + 0.8 * uniform;
    if (range === 'apart') return ((order[i] ?? 0) - count / 2 + 0.3) * 0.37 + 0.05 * uniform;
    return 4 * uniform - 2;
  });
  return fromArray(numbers, shape, { requiresGrad: true });
}

export function numbersOf(expr: Expr): Float64Array {
  const graph = collect([expr]);
  const feeds = graph.inputs.map(input => input.buffer?.host ?? new Float64Array(0));
  const [result] = interpret(graph, feeds);
  return Float64Array.from(result ?? [], Number);
}

/** The derivatives of Σ weights · f along every element of every input, by central differences. */
function numerical({ f }: Subject, inputs: readonly Tensor[], weights: Tensor): number[][] {
  const step = 1e-5;
  const total = (changed: readonly Tensor[]) =>
    numbersOf(
      f(...changed)
        .mul(weights)
        .sum().expr,
    )[0] ?? Number.NaN;
  return inputs.map((input, which) => {
    const data = numbersOf(input.expr);
    return Array.from(data, (value, i) => {
      const at = (x: number) =>
        total(
          inputs.map((other, j) => (j === which ? fromArray(data.with(i, x), input.shape) : other.detach())),
        );
      return (at(value + step) - at(value - step)) / (2 * step);
    });
  });
}

function expectClose(actual: Tensor | undefined, expected: readonly number[], what: string): void {
  const data = actual === undefined ? expected.map(() => 0) : numbersOf(actual.expr);
  for (const [i, want] of expected.entries()) {
    const allowed = 2e-5 * Math.max(1, Math.abs(want));
    expect(
      Math.abs((data[i] ?? Number.NaN) - want),
      `${what}, element ${i}: ${data[i]} and ${want}`,
    ).toBeLessThan(allowed);
  }
}

/** Compares first derivatives, and those of a random mixture of them. */
export function check(subject: Subject, second: boolean): void {
  const inputs = subject.shapes.map((shape, i) => draw(shape, subject.ranges?.[i] ?? 'any'));
  const output = subject.f(...inputs);
  const weights = draw(output.shape, 'any').detach();
  const found = grad([output], inputs, { gradOutputs: [weights], createGraph: second });
  numerical(subject, inputs, weights).forEach((expected, i) => {
    expectClose(found[i], expected, `gradient of input ${i}`);
  });
  if (!second) return;
  const mixture: Subject = {
    ...subject,
    f: (...given) => {
      const fresh = given.map(tensor => (tensor.requiresGrad ? tensor : tensor.detach().requiresGrad_()));
      const value = subject.f(...fresh);
      // The square, for the gradient of what is linear does not depend on anything.
      const first = grad([value.mul(value)], fresh, { gradOutputs: [weights], createGraph: true });
      const parts = first
        .filter(tensor => tensor !== undefined)
        .map((tensor, i) =>
          tensor
            .mul(i + 1)
            .sin()
            .sum(),
        );
      return parts.reduce((a, b) => a.add(b));
    },
  };
  check(mixture, false);
}

export const size = fc.integer({ min: 1, max: 3 });
export const shape = fc.array(size, { maxLength: 3 });
export const bigger = fc.array(size, { minLength: 1, maxLength: 3 });

/** Two shapes that broadcast. */
export const pair = shape.chain(full =>
  fc
    .tuple(fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }), fc.nat({ max: full.length }), fc.boolean())
    .map(([ones, cut, swap]): [Shape, Shape] => {
      const other = full.map((n, i) => (ones[i] ? 1 : n)).slice(cut);
      return swap ? [other, full] : [full, other];
    }),
);

export const axis = bigger.chain(full =>
  fc.tuple(fc.constant(full), fc.integer({ min: -full.length, max: full.length - 1 })),
);

export const unary = (f: (x: Tensor) => Tensor, range: Range = 'any') =>
  shape.map((one): Subject => ({ shapes: [one], ranges: [range], f }));
export const binary = (f: (a: Tensor, b: Tensor) => Tensor, ranges: Range[] = []) =>
  pair.map((shapes): Subject => ({ shapes, ranges, f: (a, b) => f(a ?? b, b ?? a) }));
export const along = (f: (x: Tensor, dim: number) => Tensor, range: Range = 'any') =>
  axis.map(([one, dim]): Subject => ({ shapes: [one], ranges: [range], f: x => f(x, dim) }));

export const sizes = fc.tuple(size, size, size, size);
export const products = (
  f: (a: Tensor, b: Tensor) => Tensor,
  of: (sizes: readonly number[]) => [Shape, Shape],
) => sizes.map((given): Subject => ({ shapes: of(given), f: (a, b) => f(a ?? b, b ?? a) }));

export const labels = (count: number, classes: number) => randint(0, classes, [count], { generator });
export const target = (one: Shape) => rand(one, { dtype: 'float64', generator });
