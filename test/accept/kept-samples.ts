/** The slice of PyTorch's own samples that the unit tests hold (slice.ts writes it). */
import { readdirSync, readFileSync } from 'node:fs';
import { type ModuleSample, moduleSampleSchema } from './module-sample';
import { type Sample, sampleSchema } from './sample';

const folderOf = (folder: 'operations' | 'modules') => new URL(`../golden/${folder}/`, import.meta.url);

function linesOf(file: URL): readonly unknown[] {
  const lines: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!Array.isArray(lines)) throw new Error(`${file.pathname} holds no list`);
  return lines;
}

function isAnswered<T extends object>(sample: T): sample is Exclude<T, { skipped: string }> {
  return !('skipped' in sample);
}

/** The samples that are kept of each entry of `op_db`. */
export function keptOperations(): ReadonlyMap<string, readonly Sample[]> {
  const folder = folderOf('operations');
  return new Map(
    readdirSync(folder).map(name => {
      const samples = linesOf(new URL(name, folder)).map(line => sampleSchema.parse(line));
      return [name.replace(/\.json$/, ''), samples.filter(isAnswered)];
    }),
  );
}

/** The samples that are kept of `module_db`. */
export function keptModules(): readonly ModuleSample[] {
  const folder = folderOf('modules');
  return readdirSync(folder)
    .flatMap(name => linesOf(new URL(name, folder)))
    .map(line => moduleSampleSchema.parse(line))
    .filter(isAnswered);
}
