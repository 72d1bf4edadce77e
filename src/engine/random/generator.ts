/**
 * The one source of randomness: a seeded, counter-based generator. Think of it as an endless tape of
 * 32-bit numbers that a seed prints: the n-th number is a hash of (seed, n), so the state is just a
 * position on the tape, and a run that is saved and resumed reads on exactly where it stopped.
 */

/** Where a generator stands: enough to continue it. */
export interface GeneratorState {
  readonly seed: number;
  /** How many 32-bit numbers have been drawn. */
  readonly offset: number;
}

const TWO_32 = 2 ** 32;

/** A bijective hash of 32 bits with low bias (the constants are C. Wellons' "lowbias32"). */
function mix(x: number): number {
  x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
  x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
  return x ^ (x >>> 16);
}

/** Draws numbers; every random tensor, shuffle and split takes them from one of these. */
export class Generator {
  #seed: number;
  #offset = 0;
  #key0 = 0;
  #key1 = 0;

  /** @param seed any integer of at most 53 bits. */
  constructor(seed = 0) {
    this.#seed = seed;
    this.manualSeed(seed);
  }

  /** Starts the tape of another seed from its beginning. */
  manualSeed(seed: number): this {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`a seed must be an integer, got ${seed}`);
    this.#seed = seed;
    this.#offset = 0;
    const low = seed >>> 0;
    const high = Math.floor(seed / TWO_32) >>> 0;
    this.#key0 = mix(low ^ mix(high ^ 0x9e3779b9));
    this.#key1 = mix(this.#key0 ^ 0x85ebca6b);
    return this;
  }

  /** The seed and the position; give it to {@link setState} to continue from here. */
  getState(): GeneratorState {
    return { seed: this.#seed, offset: this.#offset };
  }

  /** Continues from a saved position. */
  setState(state: GeneratorState): this {
    this.manualSeed(state.seed);
    if (!Number.isSafeInteger(state.offset) || state.offset < 0) {
      throw new RangeError(`a generator's offset must be a non-negative integer, got ${state.offset}`);
    }
    this.#offset = state.offset;
    return this;
  }

  /** The next number, uniform over 0 … 2³²−1. */
  uint32(): number {
    const position = this.#offset++;
    const low = position >>> 0;
    const high = (position / TWO_32) >>> 0;
    return mix(mix(low ^ this.#key0) + (high ^ this.#key1)) >>> 0;
  }

  /** The next number, uniform over [0, 1) in steps of 2⁻²⁴, so that float32 holds it exactly. */
  uniform(): number {
    return (this.uint32() >>> 8) * 2 ** -24;
  }

  /** A pair of independent standard normal numbers (Box and Muller, 1958). */
  normalPair(): [number, number] {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  }

  /** A whole number uniform over [low, high), high − low at most 2³². */
  integer(low: number, high: number): number {
    return low + Math.floor((this.uint32() / TWO_32) * (high - low));
  }

  /** A random order of 0 … n−1 (Fisher and Yates). */
  permutation(n: number): Int32Array<ArrayBuffer> {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.integer(0, i + 1);
      const swapped = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = swapped;
    }
    return order;
  }
}

/** The generator that is used where none is given (`torch.default_generator`). */
export const defaultGenerator = new Generator(0);

/** Seeds the default generator (`torch.manual_seed`). */
export function manualSeed(seed: number): Generator {
  return defaultGenerator.manualSeed(seed);
}
