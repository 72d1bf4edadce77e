/** What a run's folder says of its network: the graph, and the last look into it, of which only the end of a file is read. */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Graph, graphSchema } from '../../protocol/graph';
import { type Look, lookSchema } from '../../protocol/looks';

/** More than a look takes. */
const tail = 4 << 20;

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The graph; undefined where there is none that can be read. */
export async function readRunGraph(run: string): Promise<Graph | undefined> {
  const text = await readFile(path.join(run, 'graph.json'), 'utf8').catch(() => '');
  return graphSchema.safeParse(parse(text)).data;
}

/** The last whole look; undefined where there is none. */
export async function readLastLook(run: string): Promise<Look | undefined> {
  const file = await open(path.join(run, 'looks.jsonl')).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(Math.min(size, tail));
    await file.read(buffer, 0, buffer.length, size - buffer.length);
    // The first line may be the end of one, and the last one may be cut off.
    const lines = buffer.toString('utf8').split('\n').reverse();
    for (const line of lines) {
      const { data } = lookSchema.safeParse(parse(line));
      if (data !== undefined) return data;
    }
    return undefined;
  } finally {
    await file.close();
  }
}
