/**
 * The random numbers of transforms: a tape of its own for each sample of each epoch, found by where the epoch began and
 * the sample's place in it. What a sample becomes so depends on nothing that was done before: not on how many threads
 * work, nor on where a run was stopped.
 */
import { Generator, type GeneratorState } from '../../engine/random/generator';

/** Where in an epoch a batch begins. */
export interface EpochPlace {
  /** The generator of the run when the epoch began. */
  readonly generator: GeneratorState;
  /** Samples of the epoch before it. */
  readonly position: number;
}

/** Far from where weights, order and the split of the same seed are drawn. */
const PLACE = 2 ** 50;
/** Numbers that a sample may take from its tape. */
const LENGTH = 2 ** 22;

/** The seed of an epoch's tapes. */
function epochSeed({ seed, offset }: GeneratorState): number {
  const generator = new Generator().setState({ seed, offset: PLACE + 2 * offset });
  return (generator.uint32() % 2 ** 21) * 2 ** 32 + generator.uint32();
}

/** Gives generators to samples. */
export class Draws {
  #epoch: GeneratorState | undefined;
  #seed = 0;
  readonly #generator = new Generator();

  /** The generator for the sample `i` of a batch; it is valid until the next one is asked for. */
  of({ generator: epoch, position }: EpochPlace, i: number): Generator {
    if (epoch.seed !== this.#epoch?.seed || epoch.offset !== this.#epoch.offset) {
      this.#epoch = epoch;
      this.#seed = epochSeed(epoch);
    }
    return this.#generator.setState({ seed: this.#seed, offset: (position + i) * LENGTH });
  }
}
