/**
 * Answers the page of a dataset: reads the files once and keeps what they hold. It runs in a thread of its own, so
 * that neither reading nor counting keeps the editor waiting. Knows nothing of VS Code.
 */
import { ClassMembers } from '../../../data/class-members';
import { readOptions } from '../../../data/descent-json';
import { openDataset } from '../../../data/find';
import type { ImageData, ImageSplit } from '../../../data/image-data';
import { pixelStatistics, samplesPerClass } from '../../../data/statistics';
import {
  type DatasetEvents,
  type DatasetRequests,
  type DatasetSummary,
  datasetHostSide,
  datasetPageSide,
  type SamplesAnswer,
  type SamplesRequest,
  type SplitName,
} from '../../../protocol/dataset';
import { Endpoint, type WireMessage } from '../../../protocol/endpoint';

/** Bytes of pixels in one answer, at most, unless a single image is larger. */
const mostBytes = 1 << 20;

/** A part of the dataset, with what is asked of it. */
interface OpenSplit {
  readonly split: ImageSplit;
  readonly members: ClassMembers;
}

/** What was read. */
interface OpenDataset {
  readonly summary: DatasetSummary;
  readonly splits: ReadonlyMap<SplitName, OpenSplit>;
}

function summarise(folder: string | null, data: ImageData): DatasetSummary {
  const { name, train, test, classes, reading, notes = [], skipped = [] } = data;
  const [width = 1, height = 1, channels = 1] = train.shape.toReversed();
  const summaryOf = (split: ImageSplit, splitName: SplitName) => ({
    name: splitName,
    samples: split.length,
    perClass: samplesPerClass(split, classes.length),
    pixels: pixelStatistics(split),
  });
  const splits = [summaryOf(train, 'train'), ...(test === undefined ? [] : [summaryOf(test, 'test')])];
  return {
    name,
    folder,
    height,
    width,
    channels: channels === 3 ? 3 : 1,
    reading,
    notes: [...notes],
    skipped: [...skipped],
    classes: [...classes],
    splits,
  };
}

async function read(folder: string | null): Promise<OpenDataset> {
  const options = folder === null ? {} : readOptions(folder);
  const data = await openDataset(folder ?? undefined, options);
  const { train, test, classes } = data;
  if (!(train.images instanceof Uint8Array)) {
    throw new Error(
      `${data.name}: its samples are rows of ${train.images.length / train.length} numbers, not images`,
    );
  }
  for (const part of [train, test]) await part?.pending?.all();
  const open = (split: ImageSplit) => ({ split, members: new ClassMembers(split, classes.length) });
  const splits = new Map<SplitName, OpenSplit>([['train', open(train)]]);
  if (test !== undefined) splits.set('test', open(test));
  return { summary: summarise(folder, data), splits };
}

function pick({ split, members }: OpenSplit, { label, from, count, seed }: SamplesRequest): SamplesAnswer {
  const size = split.shape.reduce((product, length) => product * length, 1);
  const most = Math.max(1, Math.min(count, Math.floor(mostBytes / size)));
  const indices = [...members.of(label, seed).subarray(from, from + most)];
  const pixels = new Uint8Array(indices.length * size);
  for (const [i, index] of indices.entries()) {
    pixels.set(split.images.subarray(index * size, (index + 1) * size), i * size);
  }
  return { indices, pixels: Buffer.from(pixels.buffer).toString('base64') };
}

/** Reads one dataset for one page. */
export class DatasetHost {
  readonly #endpoint: Endpoint<DatasetRequests, object, object, DatasetEvents>;
  #opened: Promise<OpenDataset> | undefined;

  /**
   * @param folder the folder of the dataset; null for the generated digits
   * @param send carries a message to the page
   */
  constructor(
    private readonly folder: string | null,
    send: (message: WireMessage) => void,
  ) {
    const requests = {
      open: async () => (await this.#open()).summary,
      samples: async (request: SamplesRequest) => {
        const found = (await this.#open()).splits.get(request.split);
        if (found === undefined) throw new Error(`the dataset has no part "${request.split}"`);
        return pick(found, request);
      },
    };
    this.#endpoint = new Endpoint<DatasetRequests, object, object, DatasetEvents>(
      datasetHostSide,
      datasetPageSide,
      { requests, events: {} },
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

  /** Reads the dataset; after a failure anew, since the person may have done something about it. */
  #open(): Promise<OpenDataset> {
    const opened = this.#opened ?? read(this.folder);
    this.#opened = opened;
    opened.catch(() => {
      this.#opened = undefined;
    });
    return opened;
  }
}
