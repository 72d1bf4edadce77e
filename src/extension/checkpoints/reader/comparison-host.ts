/**
 * Answers the page that compares two checkpoints: pairs their tensors, and computes how far those of a pair are apart
 * when that is asked for. It runs in a thread of its own and knows nothing of VS Code.
 */
import path from 'node:path';
import {
  type CheckpointFile,
  changedModules,
  changedValues,
  openCheckpoint,
  pairTensors,
  type StoredTensor,
} from '../../../checkpoint';
import {
  type Aspect,
  type ComparedFile,
  type Comparison,
  type ComparisonEvents,
  type ComparisonRequests,
  comparisonHostSide,
  comparisonPageSide,
  type FoundDifference,
  type TensorPair,
} from '../../../protocol/comparison-page';
import { Endpoint, type WireMessage } from '../../../protocol/endpoint';
import { changeOf, differenceOf } from '../../../statistics/difference';
import { matrixOf, partOf, pictureOf } from '../../../statistics/matrix';
import { examine } from '../../../statistics/statistics';
import { inAMoment } from './tensor-reader';

/** Two open files and the pairs of their tensors. */
interface OpenPair {
  readonly before: CheckpointFile;
  readonly after: CheckpointFile;
  readonly comparison: Comparison;
}

function sideOf({ name, format, size, parameters, tensors }: CheckpointFile): ComparedFile {
  const place = { name: path.basename(name), folder: path.dirname(name) };
  return { ...place, format, size, parameters, tensors: tensors.length };
}

async function openBoth(files: readonly [string, string]): Promise<OpenPair> {
  const before = await openCheckpoint(files[0]);
  const after = await openCheckpoint(files[1]).catch((error: unknown) => {
    before.close();
    throw error;
  });
  const { pairs, aligned } = pairTensors(before.tensors, after.tensors);
  const comparison = {
    before: sideOf(before),
    after: sideOf(after),
    pairs,
    aligned,
    modules: changedModules(before, after),
    values: changedValues(before, after),
  };
  return { before, after, comparison };
}

/** Reads two files for one page. */
export class ComparisonHost {
  readonly #endpoint: Endpoint<ComparisonRequests, object, object, ComparisonEvents>;
  #opened: Promise<OpenPair> | undefined;
  /** What was looked at last, which a person does for a while. */
  #last:
    | { readonly key: string; readonly data: StoredTensor['data']; readonly shape: readonly number[] }
    | undefined;

  constructor(
    private readonly files: readonly [before: string, after: string],
    send: (message: WireMessage) => void,
  ) {
    this.#endpoint = new Endpoint<ComparisonRequests, object, object, ComparisonEvents>(
      comparisonHostSide,
      comparisonPageSide,
      {
        requests: {
          open: async () => (await this.#open()).comparison,
          compare: async ({ pairs }) => ({ found: await inAMoment(pairs, pair => this.#compare(pair)) }),
          examine: async ({ tensor, of }) => examine((await this.#read(tensor, of)).data),
          values: async ({ tensor, of, ...part }) => {
            const { data, shape } = await this.#read(tensor, of);
            return partOf(data, matrixOf(shape), part);
          },
          picture: async ({ tensor, of, ...size }) => {
            const { data, shape } = await this.#read(tensor, of);
            return pictureOf(data, matrixOf(shape), size);
          },
        },
        events: {},
      },
      send,
    );
  }

  /** Begins to read before anybody asks; what goes wrong is told to whoever does. */
  open(): void {
    void this.#open().catch(() => undefined);
  }

  /** Takes in a message of the page. */
  receive(message: unknown): void {
    this.#endpoint.receive(message);
  }

  #open(): Promise<OpenPair> {
    const opened = this.#opened ?? openBoth(this.files);
    this.#opened = opened;
    opened.catch(() => {
      this.#opened = undefined;
    });
    return opened;
  }

  async #pair(number: number): Promise<OpenPair & { readonly pair: TensorPair }> {
    const opened = await this.#open();
    const pair = opened.comparison.pairs[number];
    if (pair === undefined) throw new Error(`there is no pair ${number}`);
    return { ...opened, pair };
  }

  async #compare(number: number): Promise<FoundDifference> {
    const nothing = { pair: number, figures: null, relative: null, changed: 0, problem: null };
    try {
      const { before, after, pair } = await this.#pair(number);
      if (pair.kind !== 'both' || pair.before === null || pair.after === null) return nothing;
      const first = await before.readTensor(pair.before.name);
      const second = await after.readTensor(pair.after.name);
      const { statistics, histogram, relative, changed } = differenceOf(first.data, second.data);
      return { ...nothing, figures: { statistics, histogram }, relative, changed };
    } catch (error) {
      return { ...nothing, problem: error instanceof Error ? error.message : String(error) };
    }
  }

  async #read(number: number, of: Aspect): Promise<Pick<StoredTensor, 'data' | 'shape'>> {
    const key = `${number} ${of}`;
    if (this.#last?.key === key) return this.#last;
    this.#last = undefined;
    this.#last = { key, ...(await this.#load(number, of)) };
    return this.#last;
  }

  async #load(number: number, of: Aspect): Promise<Pick<StoredTensor, 'data' | 'shape'>> {
    const { before, after, pair } = await this.#pair(number);
    const [first, second] = [pair.before?.name, pair.after?.name];
    if (of === 'change' && pair.kind === 'both' && first !== undefined && second !== undefined) {
      const { data, shape } = await before.readTensor(first);
      return { data: changeOf(data, (await after.readTensor(second)).data), shape };
    }
    const name = of === 'before' ? first : of === 'after' ? second : undefined;
    if (name === undefined) throw new Error(`the pair has no tensor ${of}`);
    return (of === 'before' ? before : after).readTensor(name);
  }
}
