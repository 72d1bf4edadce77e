/** The scripts with their traces. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Trace, traceSchema } from './score';

/** A script and what PyTorch saw in two runs of it. */
export interface Script {
  readonly name: string;
  readonly text: string;
  readonly traces: readonly [Trace, Trace];
}

/** The scripts that lie in a folder beside their traces: all, or those named. */
export function scriptsIn(folder: string, wanted: readonly string[] = []): Script[] {
  const read = (...parts: string[]) => readFileSync(path.join(folder, ...parts), 'utf8');
  const trace = (name: string, run: number) =>
    traceSchema.parse(JSON.parse(read('golden', `${name}.${run}.json`)));
  return readdirSync(path.join(folder, 'scripts'))
    .filter(file => file.endsWith('.py'))
    .map(file => path.basename(file, '.py'))
    .filter(name => wanted.length === 0 || wanted.includes(name))
    .map(name => ({ name, text: read('scripts', `${name}.py`), traces: [trace(name, 0), trace(name, 1)] }));
}
