import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { editorWords } from '../../src/trainer/words';

it('no message of training names an option of the command line in the editor', () => {
  const folder = path.resolve('src/training');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  );
  const lines = files.flatMap(file => readFileSync(path.join(folder, file), 'utf8').split('\n'));
  // Comments aside: what stands in a string.
  const isComment = (line: string) => /^\s*(\*|\/\*|\/\/)/.test(line);
  const named = lines.filter(line => !isComment(line) && /['`].*[ (]--[a-z]/.test(line));
  expect(named.length).toBeGreaterThanOrEqual(4);
  for (const line of named) expect(editorWords(line)).not.toMatch(/ --[a-z]/);
  expect(editorWords('the disk is full; choose another folder with --runs')).toBe(
    'the disk is full; choose another folder in the setting descent.runsFolder',
  );
});
