/**
 * Answers the page of a checkpoint: opens the file, and reads of its tensors what is asked for. It runs in a thread of its
 * own, so that neither reading nor counting keeps the editor waiting. Knows nothing of VS Code.
 */
import path from 'node:path';
import { openCheckpoint } from '../../../checkpoint';
import type { CheckpointContent } from '../../../protocol/checkpoint';
import {
  type CheckpointEvents,
  type CheckpointRequests,
  checkpointHostSide,
  checkpointPageSide,
} from '../../../protocol/checkpoint-page';
import { Endpoint, type WireMessage } from '../../../protocol/endpoint';
import { type Spectra, spectrumJob } from './spectra';
import { TensorReader } from './tensor-reader';

/** What computes spectra. */
export type SpectrumSource = Pick<Spectra, 'ask' | 'cancel'>;

/** What of an open file goes to a page. */
export function contentOf(file: CheckpointContent): CheckpointContent {
  const { format, writer, size, metadata, tensors, parameters, imports, warnings } = file;
  const { structure, modules, graph, texts } = file;
  return {
    ...{ format, writer, size, metadata, tensors, parameters, imports, warnings },
    ...(structure !== undefined && { structure }),
    ...(modules !== undefined && { modules }),
    ...(graph !== undefined && { graph }),
    ...(texts !== undefined && { texts }),
  };
}

/** Reads one file for one page. */
export class CheckpointHost {
  readonly #endpoint: Endpoint<CheckpointRequests, object, object, CheckpointEvents>;
  #opened: Promise<TensorReader> | undefined;

  /**
   * @param file the path of the file
   * @param send carries a message to the page
   */
  constructor(
    private readonly file: string,
    spectra: SpectrumSource,
    send: (message: WireMessage) => void,
  ) {
    this.#endpoint = new Endpoint<CheckpointRequests, object, object, CheckpointEvents>(
      checkpointHostSide,
      checkpointPageSide,
      {
        requests: {
          open: async () => ({
            name: path.basename(file),
            folder: path.dirname(file),
            content: contentOf((await this.#open()).file),
          }),
          examine: async ({ tensors }) => ({ found: await (await this.#open()).examine(tensors) }),
          values: async ({ tensor, ...part }) => (await this.#open()).values(tensor, part),
          picture: async ({ tensor, ...size }) => (await this.#open()).picture(tensor, size),
          spectrum: async ({ tensor }) => spectra.ask(spectrumJob(await (await this.#open()).read(tensor))),
          cancelSpectrum: () => {
            spectra.cancel();
            return {};
          },
          text: async ({ name }) => ({ text: await (await this.#open()).file.readText(name) }),
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

  /** Opens the file; after a failure anew, since the person may have done something about it. */
  #open(): Promise<TensorReader> {
    const opened = this.#opened ?? openCheckpoint(this.file).then(file => new TensorReader(file));
    this.#opened = opened;
    opened.catch(() => {
      this.#opened = undefined;
    });
    return opened;
  }
}
