/**
 * The graph of a run and the last look into it, from the run's folder. A look is asked for again and again while the
 * file of looks grows, so that only its end is read.
 */
import { type FileHandle, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { type Graph, graphSchema } from '../protocol/graph';
import type { GraphLook } from '../protocol/graph-page';
import { type Look, lookSchema } from '../protocol/looks';
import { openFile } from './line-reader';

/** No graph is larger than so many bytes; what is, is something else. */
const largestGraph = 64 << 20;
/** So many bytes of the end of the looks are read at first, and four times as many each time it was too little. */
const firstTail = 64 << 10;
/** No single look is larger. */
const largestTail = 32 << 20;

const newline = 10;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The graph and the last look of one run. */
export class GraphFiles {
  #graph: { readonly key: string; readonly graph: Graph | undefined } | undefined;
  #look: { readonly key: string; readonly look: GraphLook | undefined } | undefined;

  /** @param folder of the run */
  constructor(readonly folder: string) {}

  /** The graph; undefined where there is none, yet or at all. It is read again only when its file has changed. */
  async graph(): Promise<Graph | undefined> {
    const file = path.join(this.folder, 'graph.json');
    const key = await keyOf(file, largestGraph);
    if (key === undefined) return undefined;
    if (this.#graph?.key !== key) {
      const text = await readFile(file, 'utf8').catch(() => '');
      this.#graph = { key, graph: graphSchema.safeParse(parse(text)).data };
    }
    return this.#graph.graph;
  }

  /** What was last seen; undefined where there is nothing. */
  async look(): Promise<GraphLook | undefined> {
    const file = path.join(this.folder, 'looks.jsonl');
    const key = await keyOf(file);
    if (key === undefined) return undefined;
    if (this.#look?.key !== key) {
      const look = await lastLook(file);
      this.#look = { key, look: look && withoutHistograms(look) };
    }
    return this.#look.look;
  }

  /** What was last seen, unless that was at the step `known`. */
  async lookAfter(known: number | null): Promise<GraphLook | null> {
    const look = await this.look();
    return look === undefined || look.step === known ? null : look;
  }
}

/** What changes when a file does; undefined where there is none, or one that is too large. */
async function keyOf(file: string, most = Number.POSITIVE_INFINITY): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found?.isFile() || found.size > most) return undefined;
  return `${found.ino} ${found.size} ${found.mtimeMs}`;
}

/** The last whole look of a file; a line that was cut off is passed over. */
async function lastLook(file: string): Promise<Look | undefined> {
  const handle = await openFile(file);
  if (handle === undefined) return undefined;
  try {
    const { size } = await handle.stat();
    for (let length = firstTail; ; length *= 4) {
      const look = lastIn(await tail(handle, size, length), length >= size);
      if (look !== undefined || length >= Math.min(size, largestTail)) return look;
    }
  } finally {
    await handle.close();
  }
}

async function tail(handle: FileHandle, size: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(Math.min(size, length));
  const { bytesRead } = await handle.read(buffer, 0, buffer.length, size - buffer.length);
  return buffer.subarray(0, bytesRead);
}

/** The last look in the end of a file. `whole` says whether it is all of the file. */
function lastIn(bytes: Buffer, whole: boolean): Look | undefined {
  let end = bytes.lastIndexOf(newline);
  while (end > 0) {
    const start = bytes.lastIndexOf(newline, end - 1) + 1;
    // What comes before the first line break may be the rest of a line.
    if (start === 0 && !whole) return undefined;
    const look = lookSchema.safeParse(parse(bytes.toString('utf8', start, end))).data;
    if (look !== undefined) return look;
    end = start - 1;
  }
  return undefined;
}

function withoutHistograms({ step, epoch, parameters, activations }: Look): GraphLook {
  return {
    step,
    epoch,
    nodes: activations.map(({ node, dead, value, gradient }) => ({
      node,
      dead,
      value: value.statistics,
      gradient: gradient?.statistics ?? null,
    })),
    parameters: parameters.map(({ name, updateRatio, value, gradient }) => ({
      name,
      updateRatio,
      value: value.statistics,
      gradient: gradient?.statistics ?? null,
    })),
  };
}
