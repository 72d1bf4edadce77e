/** The tensors of an open file by their numbers, as pages ask for them: figures, parts of the values, and pictures. */
import type { CheckpointFile, StoredTensor } from '../../../checkpoint';
import type { LookedAt } from '../../../protocol/checkpoint-page';
import { mostValues, type TensorPicture, type TensorValues } from '../../../protocol/tensors';
import { matrixOf, partOf, pictureOf } from '../../../statistics/matrix';
import { examine } from '../../../statistics/statistics';

/** Milliseconds that one question for figures may take, so that others are answered in between. */
const moment = 60;

/** What a person may ask of a matrix. */
type Part = Parameters<typeof partOf>[2];
type Size = Parameters<typeof pictureOf>[2];

/** Reads tensors of one file. The last one stays in memory, since a person looks at one for a while. */
export class TensorReader {
  #last: { readonly number: number; readonly tensor: StoredTensor } | undefined;

  constructor(readonly file: CheckpointFile) {}

  /** A tensor with its elements. */
  async read(number: number): Promise<StoredTensor> {
    if (this.#last?.number === number) return this.#last.tensor;
    const entry = this.file.tensors[number];
    if (entry === undefined) throw new Error(`the file has no tensor ${number}`);
    this.#last = undefined;
    const tensor = await this.file.readTensor(entry.name);
    this.#last = { number, tensor };
    return tensor;
  }

  /** What tensors come to: of as many of these as a moment suffices for, and at least of one. */
  async examine(numbers: readonly number[]): Promise<LookedAt[]> {
    return inAMoment(numbers, number => this.#look(number));
  }

  async values(number: number, part: Part): Promise<TensorValues> {
    if (part.rows * part.columns > mostValues)
      throw new Error(`at most ${mostValues} values can be asked for at once`);
    const { data, shape } = await this.read(number);
    return partOf(data, matrixOf(shape), part);
  }

  async picture(number: number, size: Size): Promise<TensorPicture> {
    const { data, shape } = await this.read(number);
    return pictureOf(data, matrixOf(shape), size);
  }

  async #look(number: number): Promise<LookedAt> {
    try {
      return { tensor: number, figures: examine((await this.read(number)).data), problem: null };
    } catch (error) {
      return {
        tensor: number,
        figures: null,
        problem: error instanceof Error ? error.message : String(error),
      };
    }
  }
}

/** Does something for one after the other until a moment is over; for one at least. */
export async function inAMoment<T>(
  numbers: readonly number[],
  body: (number: number) => Promise<T>,
): Promise<T[]> {
  const end = performance.now() + moment;
  const found: T[] = [];
  for (const number of numbers) {
    found.push(await body(number));
    if (performance.now() > end) break;
  }
  return found;
}
