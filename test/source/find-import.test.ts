/** Imports of Python files: what is found, and what may not be read. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findImport } from '../../src/source/find-import';

const base = mkdtempSync(path.join(tmpdir(), 'descent-imports-'));
afterAll(() => rmSync(base, { recursive: true, force: true }));

function file(name: string, text: string): string {
  const place = path.join(base, name);
  mkdirSync(path.dirname(place), { recursive: true });
  writeFileSync(place, text);
  return place;
}

const main = file('project/train.py', '');
file('project/models/net.py', 'net');
file('project/models/__init__.py', 'package');
file('project/lib/deep/part.py', '');
file('secret/keys.py', 'secret');
const project = path.join(base, 'project');

describe('an import', () => {
  it('is a file or a package beside the one that imports it', () => {
    expect(findImport('models.net', main)?.text).toBe('net');
    expect(findImport('models', main)?.text).toBe('package');
    expect(findImport('nothing', main)).toBeUndefined();
  });

  it('counts dots from the folder of the importing file', () => {
    const part = path.join(project, 'lib/deep/part.py');
    expect(findImport('...models.net', part)?.text).toBe('net');
    expect(findImport('.net', path.join(project, 'models/other.py'))?.text).toBe('net');
  });

  it('is also looked for in the folders of the workspace', () => {
    expect(findImport('models.net', path.join(project, 'lib/deep/part.py'), [project])?.text).toBe('net');
  });

  it('is not read outside of them, neither by dots nor by a link', () => {
    symlinkSync(path.join(base, 'secret'), path.join(project, 'linked'));
    expect(findImport('..secret.keys', main)?.text).toBe('secret');
    expect(findImport('..secret.keys', main, [project])).toBeUndefined();
    expect(findImport('linked.keys', main, [project])).toBeUndefined();
    expect(findImport('models/../../secret/keys', main)).toBeUndefined();
  });
});
