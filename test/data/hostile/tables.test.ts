/** Tables with rows that do not fit: each is named by its line, or left out. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { encodeTables } from '../../../src/data/tables/encode';
import { dataError, folderWith } from '../helpers';
import { whole } from '../support';

describe('a table with a row that is', () => {
  const table = (row: string) => `width,height,species\n1,2,cat\n3,4,dog\n\n${row}\n5,6,dog\n`;
  it.each([
    ['short', '1,2', 'line 5: the row is too short: expected 3 fields, found 2'],
    ['long', '1,2,cat,3', 'line 5: the row is too long: expected 3 fields, found 4'],
    ['without a label', '1,2,', 'line 5: the label (species) is missing'],
    ['of another class only', '1,2,cow', undefined],
  ])('%s names its line, or is left out', async (_, row, reason) => {
    const folder = folderWith({ 'animals.csv': table(row) });
    if (reason === undefined) {
      expect((await whole(folder)).classes).toEqual(['cat', 'cow', 'dog']);
      return;
    }
    await expect(whole(folder)).rejects.toThrow(
      `${path.join(folder, 'animals.csv')}: ${reason}; repair or remove the row`,
    );
    const data = await whole(folder, { onBadFile: 'skip' });
    expect([data.train.length, data.skipped?.map(skipped => skipped.reason)]).toEqual([3, [reason]]);
  });

  it('no number names its line and column', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}`);
    rows[30] = 'many,odd';
    const folder = folderWith({
      'a.csv': `"the, size",parity_class\n${rows.join('\n')}`,
      'descent.json': '',
    });
    const options = { labelColumn: 'parity_class' };
    await expect(whole(folder, options)).rejects.toThrow(
      'a.csv: line 32: expected a number in the, size, found “many”',
    );
  });

  it('names the line of each of many bad rows', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      i < 1000 || i % 2 ? `${i},${i % 3 ? 'one' : 'other'}` : 'bad',
    );
    const folder = folderWith({ 'a.csv': `size,class\r\n${rows.join('\r\n')}` });
    const { skipped } = await whole(folder, { onBadFile: 'skip', labelColumn: 'class' });
    const lines = rows.flatMap((row, i) => (row === 'bad' ? [i + 2] : []));
    expect(skipped?.map(({ reason }) => reason)).toEqual(
      lines.map(line => `line ${line}: the row is too short: expected 2 fields, found 1`),
    );
  });

  it('loses no more than the row in which a quote begins that never ends', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => `${i},${i % 2 ? 'odd' : 'even'}`);
    rows[9] = '"9,odd';
    const folder = folderWith({ 'a.csv': `size,class\n${rows.join('\n')}\n` });
    await expect(whole(folder)).rejects.toThrow(
      'a.csv: line 11: a quote begins here that never ends; repair',
    );
    const { train, skipped } = await whole(folder, { onBadFile: 'skip' });
    expect([train.length, train.shape]).toEqual([29, [1]]);
    expect(skipped?.map(({ reason }) => reason)).toEqual(['line 11: a quote begins here that never ends']);
    const broken = folderWith({ 'a.csv': `size,class\n1,odd\n2,even\n${'"3,odd\n'.repeat(100)}` });
    await expect(whole(broken, { onBadFile: 'skip' })).rejects.toThrow(
      /a\.csv: line \d+: expected rows of a table, found one quote after the other that never ends/,
    );
  });

  it('no pixel, among pixels, is named', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => [i % 3, ...Array<number>(64).fill(4 * i)]);
    rows[20]?.splice(64, 1, 256);
    const folder = folderWith({ 'a.csv': rows.map(row => row.join()).join('\n') });
    await expect(whole(folder)).rejects.toThrow(
      'a.csv: line 21: expected a pixel from 0 to 255 in column 65, found “256”',
    );
    const { train } = await whole(folder, { onBadFile: 'skip' });
    expect([train.length, train.shape]).toEqual([59, [8, 8]]);
  });

  it('leaves out a column with too many different words, or says that there is no other', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [
      `w${Math.max(0, i - 1000)}`,
      i % 7,
      i % 2 ? 'odd' : 'even',
    ]);
    const folder = folderWith({ 'a.csv': `text,size,class\n${rows.map(row => row.join()).join('\n')}` });
    const { train, notes } = await whole(folder);
    expect(train.shape).toEqual([1]);
    expect(notes).toEqual([
      'the column text is left out: it has 2,000 different words, at most 1,000 words become columns',
    ]);
    const texts = rows.map(([text, , kind]) => `${text},${kind}`).join('\n');
    await expect(whole(folderWith({ 'a.csv': `text,class\n${texts}` }))).rejects.toThrow(
      'a.csv: expected a column to learn from, found more than 1,000 different words in text',
    );
  });

  it('refuses more rows and columns than there is memory for', () => {
    const train = {
      file: 'a.csv',
      labels: ['a', 'b'],
      numbers: new Float64Array(0),
      words: new Map([[0, ['x', 'y']]]),
      length: 1e13,
      skipped: [],
    };
    const layout = {
      names: ['text', 'class'],
      header: true,
      label: 1,
      features: [{ column: 0, kind: 'word' as const }],
      side: undefined,
      notes: [],
    };
    expect(dataError(() => encodeTables('data', { train }, layout, ''))).toMatch(
      /^data: 10,000,000,000,000 rows of 2 columns need 80000\.0 GB of memory, of which .* can be used; remove rows/,
    );
  });

  it('refuses numbers that are no classes, and asks where the label could be in two columns', async () => {
    const prices = Array.from({ length: 100 }, (_, i) => `${i * 1.5},${i * 7 + 0.5}`).join('\n');
    const folder = folderWith({ 'houses.csv': `size,target\n${prices}` });
    await expect(whole(folder)).rejects.toThrow('target has 100 values in 100 rows: these are no classes');
    const both = Array.from({ length: 100 }, (_, i) => `${i % 3},${i * 1.5},${i % 4}`).join('\n');
    const asked = folderWith({ 'x.csv': both });
    await expect(whole(asked)).rejects.toThrow(
      'x.csv: the label could be in column 1 (3 values) or column 3 (4 values); say which with --label-column',
    );
    expect((await whole(asked, { labelColumn: 3 })).classes).toEqual(['0', '1', '2', '3']);
  });
});
