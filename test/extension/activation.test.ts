/**
 * What VS Code waits for when it activates the extension: the entry of the bundle and what that imports plainly.
 * How many milliseconds that takes is reported by `npm run test:vscode ui activation`; here it is that nothing heavy
 * has come into it.
 */
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { parts } from '../../build/extension.mjs';

/** Bytes that are loaded before anything is used. */
const most = 48_000;

/** What is not loaded before it is used: libraries, schemas, and everything that reads files. */
const heavy = /^(node_modules|src\/(?!extension))/;

/** The outputs that are loaded with the entry. */
function loadedAtOnce({ outputs }: Metafile): Metafile['outputs'][string][] {
  const entry = Object.keys(outputs).find(name => outputs[name]?.entryPoint === 'src/extension.ts');
  const found = new Set(entry === undefined ? [] : [entry]);
  // A set is gone through with what is added meanwhile.
  for (const name of found) {
    for (const { path, kind } of outputs[name]?.imports ?? []) {
      if (kind === 'import-statement' && path in outputs) found.add(path);
    }
  }
  return [...found].flatMap(name => outputs[name] ?? []);
}

describe('activation', () => {
  it('loads what registers, and nothing that is used later', async () => {
    const { metafile } = await build({ ...parts, sourcemap: false });
    const loaded = loadedAtOnce(metafile);
    const inputs = loaded.flatMap(output =>
      Object.entries(output.inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    );
    expect(inputs).toContain('src/extension/features.ts');
    expect(inputs.filter(file => heavy.test(file))).toEqual([]);
    expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThan(most);
  });
});
