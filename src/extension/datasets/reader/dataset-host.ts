/**
 * Answers the page of a dataset: reads the files once and keeps what they hold. It runs in a thread of its own, so
 * that neither reading nor counting keeps the editor waiting. Knows nothing of VS Code.
 */
import { DataError } from '../../../data/data-error';
import { type DataChoice, DataQuestion } from '../../../data/data-question';
import { keepOptions } from '../../../data/descent-json';
import { ImageThreads } from '../../../data/images/threads';
import { meanImages } from '../../../data/looks/mean-image';
import { planTransforms } from '../../../data/transforms/plan';
import { previewTransforms } from '../../../data/transforms/preview';
import { TransformError } from '../../../data/transforms/transform-error';
import {
  type DatasetEvents,
  type DatasetRequests,
  datasetHostSide,
  datasetPageSide,
  type SampleRef,
} from '../../../protocol/dataset';
import type { PartName } from '../../../protocol/dataset-check';
import type { PreviewAnswer, PreviewRequest } from '../../../protocol/dataset-transforms';
import { Endpoint, type WireMessage } from '../../../protocol/endpoint';
import { mostValues } from '../../../protocol/tensors';
import { matrixOf, partOf, pictureOf } from '../../../statistics/matrix';
import { examine } from '../../../statistics/statistics';
import { Check } from './check';
import { fileOf, type OpenDataset, type OpenSplit, pick, readForPage } from './open-dataset';

/** A dataset and what is looked for in it. */
interface Opened {
  readonly open: OpenDataset;
  readonly check: Check;
  /** They are started when a file is to be read once more. */
  readonly threads: ImageThreads;
}

function partOfDataset({ splits }: OpenDataset, part: PartName): OpenSplit {
  const found = splits.get(part);
  if (found === undefined) throw new Error(`the dataset has no part "${part}"`);
  return found;
}

/** A sample as `ToTensor` makes it. */
function sampleOf({ open }: Opened, { split: part, index }: SampleRef) {
  const { split } = partOfDataset(open, part);
  if (index >= split.length) throw new Error(`the dataset has no ${part} sample ${index}`);
  const shape = split.shape.length === 2 ? [1, ...split.shape] : [...split.shape];
  const size = shape.reduce((product, length) => product * length, 1);
  const pixels = split.images.subarray(index * size, (index + 1) * size);
  return { shape, data: Float32Array.from(pixels, pixel => pixel / 255), file: fileOf(open, split, index) };
}

async function preview({ open, threads }: Opened, request: PreviewRequest): Promise<PreviewAnswer> {
  try {
    const { pixels, height, width, channels } = await previewTransforms(
      open.data,
      open.options,
      request,
      threads,
    );
    const encoded = Buffer.from(pixels.buffer, pixels.byteOffset, pixels.length).toString('base64');
    return { state: 'shown', height, width, channels: channels === 3 ? 3 : 1, pixels: encoded };
  } catch (error) {
    if (error instanceof TransformError || error instanceof DataError) {
      return { state: 'problem', message: error.message };
    }
    throw error;
  }
}

async function means({ open }: Opened, part: PartName) {
  const images = await meanImages(partOfDataset(open, part).split, open.data.classes.length);
  return { pixels: Buffer.concat(images).toString('base64') };
}

function keep({ open }: Opened, texts: readonly string[]): object {
  if (open.folder === null)
    throw new Error('generated digits lie in no folder in which something could be kept');
  planTransforms(texts);
  keepOptions(open.folder, { transforms: [...texts] });
  return {};
}

/** Reads one dataset for one page. */
export class DatasetHost {
  readonly #endpoint: Endpoint<DatasetRequests, object, object, DatasetEvents>;
  #opened: Promise<Opened> | undefined;
  /** What can be answered to why it could not be read. */
  #choices: readonly DataChoice[] = [];
  #progress: { readonly done: number | null; readonly total: number } = { done: null, total: 0 };

  /**
   * @param folder the folder of the dataset; null for the generated digits
   * @param send carries a message to the page
   */
  constructor(
    private readonly folder: string | null,
    send: (message: WireMessage) => void,
  ) {
    this.#endpoint = new Endpoint<DatasetRequests, object, object, DatasetEvents>(
      datasetHostSide,
      datasetPageSide,
      {
        requests: {
          open: async () => (await this.#open()).open.summary,
          progress: () => this.#progress,
          samples: async request => pick(partOfDataset((await this.#open()).open, request.split), request),
          means: async ({ split }) => means(await this.#open(), split),
          check: async () => (await this.#open()).check.answer(),
          tensor: async ref => {
            const { shape, data, file } = sampleOf(await this.#open(), ref);
            return { shape, dtype: 'float32', device: 'cpu', ...examine(data), file };
          },
          values: async ({ split, index, ...part }) => {
            if (part.rows * part.columns > mostValues)
              throw new Error(`at most ${mostValues} values can be asked for at once`);
            const { shape, data } = sampleOf(await this.#open(), { split, index });
            return partOf(data, matrixOf(shape), part);
          },
          picture: async ({ split, index, ...size }) => {
            const { shape, data } = sampleOf(await this.#open(), { split, index });
            return pictureOf(data, matrixOf(shape), size);
          },
          preview: async request => preview(await this.#open(), request),
          question: () => ({
            choices: this.#choices.map(({ label, description }) => ({ label, description })),
          }),
          answer: ({ choice }) => this.#answer(choice),
          keep: async ({ texts }) => keep(await this.#open(), texts),
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

  /** Reads the dataset; after a failure anew, since the person may have done something about it. */
  #open(): Promise<Opened> {
    const onProgress = (done: number, total: number) => {
      this.#progress = { done, total };
    };
    const opened =
      this.#opened ??
      readForPage(this.folder, onProgress).then(open => ({
        open,
        check: new Check(open),
        threads: new ImageThreads(),
      }));
    this.#opened = opened;
    opened.catch((error: unknown) => {
      this.#opened = undefined;
      this.#choices = error instanceof DataQuestion ? error.choices : [];
    });
    return opened;
  }

  #answer(choice: number): object {
    const chosen = this.#choices[choice];
    if (chosen === undefined || this.folder === null) throw new Error('nothing was asked about this dataset');
    keepOptions(this.folder, chosen.options);
    this.#choices = [];
    return {};
  }
}
