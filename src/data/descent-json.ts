/**
 * `descent.json` beside the data: what a person chose about reading it, so that nobody is asked twice. The editor
 * completes it by `media/descent.schema.json`, which {@link descentJsonSchema} makes.
 */
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { DataError, errorCode } from './data-error';
import { type DataOptions, dataOptionsSchema } from './options';

/** The name of the file. */
export const DESCENT_JSON = 'descent.json';

const fileSchema = dataOptionsSchema.extend({ $schema: z.string().optional() });

/** The JSON schema of the file. */
export function descentJsonSchema(): object {
  const schema = z.toJSONSchema(fileSchema, { io: 'input' });
  return { ...schema, title: 'How Descent reads the data in this folder' };
}

/** Where the choices for a folder, or for a file that was chosen in place of one, are kept. */
function placeFor(folder: string): string {
  const isFile = statSync(folder, { throwIfNoEntry: false })?.isFile() ?? false;
  return path.join(isFile ? path.dirname(path.resolve(folder)) : folder, DESCENT_JSON);
}

/**
 * The choices that are kept beside the data; none where there is no file.
 * @throws DataError where the file says something that makes no sense
 */
export function readOptions(folder: string): DataOptions {
  const file = placeFor(folder);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return {};
    throw new DataError(file, `cannot be read (${errorCode(error) ?? 'unknown error'})`, { cause: error });
  }
  const parsed = fileSchema.safeParse(parse(file, text));
  if (parsed.success) {
    const { $schema: _, ...options } = parsed.data;
    return options;
  }
  const [issue] = parsed.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw new DataError(file, `${where === '' ? '' : `${where}: `}${issue?.message ?? 'cannot be used'}`);
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(file, `expected JSON: ${reason}`, { cause: error });
  }
}

/** Keeps choices beside the data, together with those that are kept already. */
export function keepOptions(folder: string, options: DataOptions): void {
  const file = placeFor(folder);
  const kept = existsSync(file) ? readOptions(folder) : {};
  const beside = `${file}.${process.pid}.tmp`;
  try {
    writeFileSync(beside, `${JSON.stringify({ ...kept, ...options }, null, 2)}\n`);
    renameSync(beside, file);
  } catch (error) {
    throw new DataError(file, `cannot be written (${errorCode(error) ?? 'unknown error'})`, { cause: error });
  }
}
