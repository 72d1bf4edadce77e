/** What the tests of data share: temporary folders, small IDX files, and where the real data is. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { DataError } from '../../src/data/data-error';
import { writeIdx } from '../../src/data/idx';
import { temporaryFolder } from '../support/temporary-folder';

const environment: { readonly DESCENT_DATA?: string | undefined } = process.env;

/** A new folder with these files (sub-folders are made), removed after the test. */
export function folderWith(files: Readonly<Record<string, Uint8Array | string>> = {}): string {
  const folder = slashed(temporaryFolder());
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  }
  return folder;
}

/** An IDX file of images; every pixel of the i-th image is i. */
export function images(length: number, height = 28, width = 28): Uint8Array {
  const data = new Uint8Array(length * height * width).map((_, i) => Math.floor(i / (height * width)));
  return writeIdx({ type: 'ubyte', shape: [length, height, width], data });
}

/** An IDX file of labels. */
export function labels(...values: readonly number[]): Uint8Array {
  return writeIdx({ type: 'ubyte', shape: [values.length], data: Uint8Array.from(values) });
}

/** The text with the slashes of other platforms than Windows, so that messages can be compared. */
function slashed(text: string): string {
  return text.replaceAll('\\', '/');
}

/** The message of the DataError that `action` throws; it must be one line. */
export function dataError(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(DataError);
    const message = error instanceof Error ? error.message : '';
    expect(message).not.toMatch(/[\r\n]/);
    return slashed(message);
  }
  throw new Error('expected a DataError, but nothing was thrown');
}

/** A folder of the real data, `$DESCENT_DATA` or `../shared/data` beside the repository, if it is there. */
export function realData(name: string): string | undefined {
  const beside = fileURLToPath(new URL('../../../shared/data', import.meta.url));
  const folder = path.join(environment.DESCENT_DATA ?? beside, name);
  if (existsSync(folder)) return folder;
  console.warn(`skipped: no real data at ${folder}; set DESCENT_DATA to the folder that holds ${name}`);
  return undefined;
}
