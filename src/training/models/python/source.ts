/**
 * A module of a Python file as a run keeps it: with the text of the file and of all that it imports, so that a run can be
 * resumed and evaluated when the files have changed since.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type ReadModule, Refused, readModule } from '../../../python';
import { findImport, largestSource } from '../../../source/find-import';
import { TrainingError } from '../../errors';

const importSchema = z.strictObject({
  /** The name of the module, and the file that imports it. */
  module: z.string(),
  from: z.string(),
  uri: z.string(),
  text: z.string(),
});

/** A module of a Python file. */
export const pythonSourceSchema = z.strictObject({
  file: z.string(),
  /** The class, or the variable that holds a module. */
  name: z.string(),
  text: z.string(),
  imports: z.array(importSchema),
});

/** A module of a Python file. */
export type PythonSource = z.infer<typeof pythonSourceSchema>;

/** A module of a Python file as a person chooses it: what is in the file is read then. */
export const pythonChoiceSchema = pythonSourceSchema.partial({ text: true, imports: true });

/** A module of a Python file as a person chooses it. */
export type PythonChoice = z.infer<typeof pythonChoiceSchema>;

/** What the file says, and whatever it imports. */
export function takePython({ file, name, text, imports }: PythonChoice): PythonSource {
  const full = path.resolve(file);
  if (imports !== undefined && text !== undefined) return { file: full, name, text, imports };
  const own = text ?? readSource(file);
  const found: PythonSource['imports'] = [];
  inWords(() =>
    readModule({
      uri: full,
      text: own,
      name,
      resolveImport: (module, from) => {
        const imported = findImport(module, from);
        if (imported !== undefined) found.push({ module, from, ...imported });
        return imported;
      },
    }),
  );
  return { file: full, name, text: own, imports: found };
}

function readSource(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new TrainingError(`${file}: there is no such file`);
  if (!found.isFile()) throw new TrainingError(`${file}: expected a Python file, found something else`);
  if (found.size > largestSource)
    throw new TrainingError(`${file}: expected Python source, found ${found.size} bytes`);
  return readFileSync(file, 'utf8');
}

let last: { readonly source: PythonSource; readonly read: ReadModule } | undefined;

/** Reads the module; the one that was read last is kept, as it is asked for again and again. */
export function readPython(source: PythonSource): ReadModule {
  const { file, name, text, imports } = source;
  const same = last?.source;
  if (last !== undefined && same?.text === text && same.name === name && same.file === file) return last.read;
  const read = inWords(() =>
    readModule({
      uri: file,
      text,
      name,
      resolveImport: (module, from) => imports.find(one => one.module === module && one.from === from),
    }),
  );
  last = { source, read };
  return read;
}

/** What is refused is something that the user can do something about. */
export function inWords<T>(body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Refused) throw new TrainingError(error.message, { cause: error });
    throw error;
  }
}
