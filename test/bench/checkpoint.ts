/**
 * How soon a checkpoint of 500 MB shows its tree, and how long its statistics take: in the thread that reads for the
 * editor, begun anew each time. `npm run bench -- checkpoint`.
 */
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as z from 'zod/mini';
import { stateDict, writeCheckpoint } from '../../src/checkpoint';

const rounds = 5;
const layers = 120;
const side = 1020;

const answer = z.object({
  kind: z.literal('result'),
  result: z.looseObject({
    content: z.optional(z.looseObject({ tensors: z.array(z.unknown()) })),
    found: z.optional(z.array(z.object({ tensor: z.int() }))),
  }),
});

function write(file: string): void {
  const data = Float32Array.from({ length: side * side }, (_, i) => Math.sin(i));
  const tensors = Array.from(
    { length: layers },
    (_, i) =>
      [
        `block${Math.floor(i / 4)}.layer${i % 4}.weight`,
        { dtype: 'float32', shape: [side, side], data: data.slice() },
      ] as const,
  );
  writeFileSync(file, writeCheckpoint(stateDict(tensors)));
}

/** Reads the thread's answers one by one. */
class Reader {
  readonly #worker: Worker;
  #id = 0;

  constructor(file: string) {
    const module = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', 'checkpoint-reader.cjs');
    this.#worker = new Worker(module, { workerData: { kind: 'checkpoint', file } });
  }

  ask(name: string, params: object) {
    const id = ++this.#id;
    return new Promise<z.infer<typeof answer>['result']>(resolve => {
      this.#worker.once('message', message => resolve(answer.parse(message).result));
      this.#worker.postMessage({ kind: 'request', id, name, params });
    });
  }

  close(): Promise<number> {
    return this.#worker.terminate();
  }
}

async function examineAll(reader: Reader, total: number): Promise<void> {
  for (let next = 0; next < total; ) {
    const tensors = Array.from({ length: Math.min(64, total - next) }, (_, i) => next + i);
    const { found = [] } = await reader.ask('examine', { tensors });
    if (found.length === 0) throw new Error('nothing was answered');
    next += found.length;
  }
}

const folder = mkdtempSync(path.join(tmpdir(), 'descent-bench-'));
try {
  const file = path.join(folder, 'large.pt');
  write(file);
  console.log(`${(statSync(file).size / 1e6).toFixed(0)} MB, ${layers} tensors`);
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const reader = new Reader(file);
    const { content } = await reader.ask('open', {});
    times.push(performance.now() - began);
    if (content?.tensors.length !== layers) throw new Error('tensors are missing');
    if (round === rounds - 1) {
      const from = performance.now();
      await examineAll(reader, layers);
      console.log(`statistics of all tensors: ${((performance.now() - from) / 1000).toFixed(2)} s`);
    }
    await reader.close();
  }
  const sorted = times.toSorted((a, b) => a - b);
  console.log(
    `the tree: median ${sorted[rounds >> 1]?.toFixed(0)} ms, worst ${sorted.at(-1)?.toFixed(0)} ms of ${rounds} threads`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
