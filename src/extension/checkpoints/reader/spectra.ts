/**
 * Singular values and eigenvalues in a thread of their own: they may take minutes, and nothing but the end of the thread
 * ends them early.
 */
import { Worker } from 'node:worker_threads';
import * as z from 'zod/mini';
import type { StoredTensor } from '../../../checkpoint';
import { type MatrixSpectrum, spectrumSchema, spectrumShape } from '../../../protocol/checkpoint-page';
import { eigenvaluesOf, epsilonOf, spectrumOf } from '../../../statistics/spectrum';

const job = z.object({
  data: z.instanceof(Float64Array),
  rows: z.int(),
  columns: z.int(),
  epsilon: z.number(),
});

/** A matrix whose spectrum is wanted. */
export type SpectrumJob = z.infer<typeof job>;

/** What is computed of a matrix. */
export function computeSpectrum(given: unknown): MatrixSpectrum {
  const { data, rows, columns, epsilon } = job.parse(given);
  const { singularValues, ...found } = spectrumOf(data, { rows, columns }, epsilon);
  const eigenvalues = rows === columns ? eigenvaluesOf(data, rows) : null;
  return { rows, columns, singularValues: [...singularValues], ...found, eigenvalues };
}

/** The matrix of a tensor, ready for another thread. */
export function spectrumJob({ data, shape, dtype, storedAs }: StoredTensor): SpectrumJob {
  const size = spectrumShape(shape);
  if (size === undefined)
    throw new Error(`expected a tensor of two dimensions or more, found [${shape.join(', ')}]`);
  return { data: Float64Array.from(data, Number), ...size, epsilon: epsilonOf(storedAs ?? dtype) };
}

/** Computes spectra, one at a time. */
export class Spectra {
  #worker: Worker | undefined;

  /** @param module the bundle of the thread, which is told `{ kind: 'spectrum' }` */
  constructor(private readonly module: string) {}

  /** The spectrum of a matrix. A question that is still open fails. */
  ask(given: SpectrumJob): Promise<MatrixSpectrum> {
    this.cancel();
    const worker = new Worker(this.module, { workerData: { kind: 'spectrum', job: given } });
    this.#worker = worker;
    return new Promise((resolve, reject) => {
      worker.once('message', answer => resolve(spectrumSchema.parse(answer)));
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the computation was cancelled')));
    });
  }

  /** Ends what is being computed. */
  cancel(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    void worker?.terminate();
  }
}
