/**
 * Sizes that may depend on something unknown. Think of a symbol such as `B` as a number that nobody knows: every
 * computation with it is done twice, for two different primes in its place, by the engine's own rules. What comes out
 * the same is a number; what does not depends on the symbol, and how is read off from the two results.
 */

/** A symbol, with the numbers that stand for it in the two worlds. */
export interface SizeSymbol {
  readonly name: string;
  readonly values: readonly [number, number];
}

/** A number in both worlds; they are equal where nothing unknown is in it. */
export class Size {
  constructor(
    readonly first: number,
    readonly second: number,
    readonly name: string,
  ) {}
}

/** A size of a tensor: a number, or one that depends on a symbol. */
export type Dim = number | Size;

/** Which of the two numbers is meant. */
export type World = 0 | 1;

/** The number that stands for a size in a world. */
export function inWorld(dim: Dim, world: World): number {
  if (typeof dim === 'number') return dim;
  return world === 0 ? dim.first : dim.second;
}

// Neighbouring symbols differ by enough that no small multiple of one is another; the two values of a symbol differ
// by a multiple of 5040, so that a half, a third, … of it is seen as such.
const step = 5040;

/** Makes symbols and names what is computed from them. */
export class Symbols {
  readonly #all: SizeSymbol[] = [];
  readonly #named = new Map<string, number>();

  /** A new symbol; a name that is taken gets a number behind it. */
  fresh(wanted: string): Size {
    const count = (this.#named.get(wanted) ?? 0) + 1;
    this.#named.set(wanted, count);
    const name = count === 1 ? wanted : `${wanted}${count}`;
    const base = 20011 + this.#all.length * 1226;
    const values = [base, base + step * (this.#all.length + 1)] as const;
    this.#all.push({ name, values });
    return new Size(values[0], values[1], name);
  }

  /** Two results of one computation as a size. */
  join(first: number, second: number): Dim {
    if (first === second) return first;
    for (const { name, values } of this.#all) {
      const factor = (first - second) / (values[0] - values[1]);
      const inverse = Math.round(1 / factor);
      if (Number.isInteger(factor) && factor > 0) {
        const rest = first - factor * values[0];
        // The smallest rest is meant: `2*B` and not `B + 20011`.
        if (Math.abs(rest) < 10000) return new Size(first, second, linear(name, factor, rest));
      } else if (factor > 0 && Math.abs(1 / factor - inverse) < 1e-3 && inverse < 64) {
        const rest = first - Math.floor(values[0] / inverse);
        if (Math.abs(rest) < 2000)
          return new Size(
            first,
            second,
            rest === 0 ? `${name}//${inverse}` : `${name}//${inverse}${signed(rest)}`,
          );
      }
    }
    return new Size(first, second, '?');
  }
}

function signed(value: number): string {
  return value < 0 ? `-${-value}` : `+${value}`;
}

function linear(name: string, factor: number, rest: number): string {
  const product = factor === 1 ? name : `${factor}*${name}`;
  return rest === 0 ? product : `${product}${signed(rest)}`;
}

/** True if both are surely equal. */
export function sameDim(a: Dim, b: Dim): boolean {
  return inWorld(a, 0) === inWorld(b, 0) && inWorld(a, 1) === inWorld(b, 1);
}

/** True if both shapes are surely equal. */
export function sameDims(a: readonly Dim[], b: readonly Dim[]): boolean {
  return a.length === b.length && a.every((dim, i) => sameDim(dim, b[i] ?? -1));
}
