/** Odd and hostile folders: each has an outcome, and a message that names the file and, in a table, the line. */
import { Buffer } from 'node:buffer';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32, deflateSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { openDataset } from '../../src/data/find';
import { encodeTables } from '../../src/data/tables/encode';
import {
  afterEpoch,
  failureOf,
  resumeRun,
  smallConfig,
  temporaryFolder,
  trainRun,
} from '../training/support';
import { dataError, folderWith } from './helpers';
import { grey, npy, whole } from './support';

beforeEach(() => {
  vi.stubEnv('DESCENT_CACHE', folderWith());
});

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

/** A grey PNG whose header says one thing and whose pixels may be another. */
function png(width: number, height: number, raw: Buffer, before: readonly Buffer[] = []): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header[8] = 8;
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    ...before,
    chunk('IDAT', deflateSync(raw, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A GIF of one picture that says it is this large on a screen of 4×3. */
function gif(width: number, height: number): Buffer {
  const bytes = Buffer.from(
    '47494638396104000300800000000000ffffff2c00000000000000000002080408102040804001003b',
    'hex',
  );
  bytes.writeUInt16LE(width, 24);
  bytes.writeUInt16LE(height, 26);
  return bytes;
}

/** Codes of LZW that each are the string of the one before and a zero more. */
function lzwBomb(): Buffer {
  const codes = [256, 0, ...Array.from({ length: 3800 }, (_, i) => 258 + i)];
  const repeated = Array.from({ length: 50 }, () => codes).flat();
  let [bits, width, next] = ['', 9, 258];
  for (const code of repeated) {
    bits += code.toString(2).padStart(width, '0');
    if (code === 256) [width, next] = [9, 257];
    else next++;
    if (next === 511 || next === 1023 || next === 2047) width++;
  }
  return Buffer.from(bits.match(/.{8}/g)?.map(byte => Number.parseInt(byte, 2)) ?? []);
}

/** A grey TIFF of 4×3 pixels whose strips all are these deflated bytes, or bytes packed in another way. */
function tiff(raw: Buffer, strips = 1, compression = 8): Buffer {
  const pixels = compression === 8 ? deflateSync(raw, { level: 9 }) : raw;
  const list = 8 + pixels.length;
  const directory = list + 4 * strips;
  const [offset, length] = strips === 1 ? [8, pixels.length] : [list, list];
  const tags: readonly (readonly [tag: number, length: number, value: number])[] = [
    [256, 1, 4],
    [257, 1, 3],
    [258, 1, 8],
    [259, 1, compression],
    [262, 1, 1],
    [273, strips, offset],
    [278, 1, 3],
    [279, strips, length],
  ];
  const bytes = Buffer.alloc(directory + 2 + 12 * tags.length + 4);
  bytes.write('II*\0', 'latin1');
  bytes.writeUInt32LE(directory, 4);
  bytes.set(pixels, 8);
  for (let i = 0; i < strips; i++) bytes.writeUInt32LE(8, list + 4 * i);
  bytes.writeUInt16LE(tags.length, directory);
  for (const [i, [tag, values, value]] of tags.entries()) {
    const at = directory + 2 + 12 * i;
    bytes.writeUInt16LE(tag, at);
    bytes.writeUInt16LE(4, at + 2);
    bytes.writeUInt32LE(values, at + 4);
    bytes.writeUInt32LE(value, at + 8);
  }
  return bytes;
}

/** Two good images of two classes, and one more file. */
const withBad = (name: string, bytes: Uint8Array | string) =>
  folderWith({ 'a/good.png': grey(1), 'b/good.png': grey(2), [`a/${name}`]: bytes });

const good = Buffer.from(grey(7));

describe('an image that is', () => {
  it.each<[string, Uint8Array | string, string]>([
    ['empty', '', 'the file is empty'],
    ['cut off', good.subarray(0, good.length - 20), 'truncated: the file ends before the image does'],
    ['cut off within its pixels', png(4, 3, Buffer.alloc(9)), 'truncated: its pixels end too early'],
    ['no image', 'hello', 'is no image, or a damaged one: its first bytes are of no known format'],
    ['a web page', '<!DOCTYPE html><html>', 'is no image but an HTML page: the download failed'],
    [
      'a Git LFS pointer',
      'version https://git-lfs.github.com/spec/v1\n',
      'is no image but a Git LFS pointer',
    ],
    [
      'of 20,000×20,000 pixels',
      png(20_000, 20_000, Buffer.alloc(20_000)),
      'too large: 20000×20000 pixels, at most 89 megapixels are read',
    ],
    [
      'a decompression bomb',
      png(4, 3, Buffer.alloc(50_000_000)),
      'it unzips to more than its header promises',
    ],
    ['0 pixels large', png(0, 3, Buffer.alloc(3)), 'damaged: '],
    [
      'a GIF whose picture is larger than its screen',
      gif(65_535, 65_535),
      'damaged: its picture of 65535×65535 does not fit its 4×3',
    ],
    [
      'a TIFF that is a decompression bomb',
      tiff(Buffer.alloc(50_000_000)),
      'it unzips to more than its header promises',
    ],
    [
      'a TIFF with the same strip over and over',
      tiff(Buffer.alloc(12), 5000),
      'damaged: its sizes contradict',
    ],
    [
      'a TIFF whose LZW expands to gigabytes',
      tiff(lzwBomb(), 1, 5),
      'it unzips to more than its header promises',
    ],
    ['a TIFF that is cut off', tiff(Buffer.alloc(9)), 'it cannot be decoded as TIFF'],
  ])('%s ends the reading, or is left out', async (_, bytes, reason) => {
    const folder = withBad('odd name 🦝.png', bytes);
    const file = path.join(folder, 'a', 'odd name 🦝.png');
    const data = await openDataset(folder);
    await expect(data.train.pending?.all()).rejects.toThrow(`${file}: ${reason}`);
    await expect(data.fingerprint).rejects.toThrow('or leave out such files (--on-bad-file skip)');
    const skipping = await whole(folder, { onBadFile: 'skip' });
    expect(skipping.train.length).toBe(2);
    expect(skipping.skipped).toEqual([{ file, reason: expect.stringContaining(reason) }]);
  });

  it('a bomb in a chunk that holds no pixels is decoded without it', async () => {
    const profile = chunk(
      'iCCP',
      Buffer.concat([Buffer.from('x\0\0'), deflateSync(Buffer.alloc(50_000_000))]),
    );
    const data = await whole(withBad('c.png', png(4, 3, Buffer.alloc(15), [profile])));
    expect(data.train.length).toBe(3);
  });

  it.each([
    ['a GIF', gif(4, 3)],
    ['a TIFF', tiff(Buffer.alloc(12))],
  ])('%s that keeps what it promises is decoded', async (_, bytes) => {
    expect((await whole(withBad('c.png', bytes))).train.length).toBe(3);
  });

  it('of another kind than its name says is decoded as what it is', async () => {
    const data = await whole(withBad('c.jpg', good));
    expect([...data.train.images.subarray(0, 12)]).toEqual(Array<number>(12).fill(7));
  });

  it.skipIf(process.getuid?.() === 0)('not to be read is named', async () => {
    const folder = withBad('c.png', good);
    chmodSync(path.join(folder, 'a/c.png'), 0);
    await expect(whole(folder)).rejects.toThrow('a/c.png: cannot be read (EACCES)');
  });
});

describe('a folder', () => {
  it('whose files vanish while it is trained on says which', async () => {
    const files = Array.from({ length: 600 }, (_, i) => [`${i % 2}/${i}.png`, grey(i % 256)] as const);
    const folder = folderWith(Object.fromEntries(files));
    const data = await openDataset(folder);
    rmSync(path.join(folder, '1'), { recursive: true });
    await expect(data.train.pending?.all()).rejects.toThrow(
      /1\/\d+\.png: is not there \(any more\); repair or remove/,
    );
    const message = await failureOf(
      trainRun(temporaryFolder(), smallConfig({ dataset: path.join(folder, '1') })),
    );
    expect(message).toContain('there is no such folder');
  });

  it('with links in a circle, and one to a file, is read once', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2) });
    symlinkSync('..', path.join(folder, 'a/up'));
    symlinkSync('.', path.join(folder, 'b/here'));
    symlinkSync('missing.png', path.join(folder, 'b/nowhere.png'));
    symlinkSync('1.png', path.join(folder, 'b/2.png'));
    const data = await whole(folder);
    expect(data.classes).toEqual(['a', 'b']);
    expect([...data.train.labels].filter(label => label === 1).length).toBeGreaterThanOrEqual(2);
  });

  it('with names with spaces, line breaks, emoji and 255 bytes is read', async () => {
    const long = `${'é'.repeat(125)}x.png`;
    expect(Buffer.byteLength(long)).toBe(255);
    const names = ['a b.png', 'a\nb.png', '🦝.png', '#?%25.png', long];
    const files = names.flatMap(
      (name, i) =>
        [
          [`katze 🐈/${name}`, grey(i)],
          [`${'h'.repeat(255)}/${name}`, grey(9)],
        ] as const,
    );
    const data = await whole(folderWith(Object.fromEntries(files)));
    expect(data.train.length).toBe(10);
    const bad = withBad('a\nb.png', 'x');
    await expect(whole(bad)).rejects.toThrow('a b.png: is no image');
  });

  it('leaves an empty class folder out and says so', async () => {
    const folder = folderWith({ 'a/1.png': grey(1), 'b/1.png': grey(2), 'b/2.png': grey(2) });
    mkdirSync(path.join(folder, 'c'));
    const data = await whole(folder);
    expect(data.classes).toEqual(['a', 'b']);
    expect(data.notes).toEqual(['the class folder c is empty and left out', 'of a there is a single image']);
  });

  it('refuses a class in the test that is not trained on', async () => {
    const folder = folderWith({
      'train/a/1.png': grey(1),
      'train/b/1.png': grey(2),
      'test/c/1.png': grey(3),
    });
    await expect(whole(folder)).rejects.toThrow(
      `${path.join(folder, 'test', 'c')}: expected a folder of one of the classes to train on (a, b), found c; rename or remove it`,
    );
  });
});

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

describe('a list of images', () => {
  const images = { 'i/1.png': grey(1), 'i/2.png': grey(2), 'i/3.png': grey(3), 'i/4.png': grey(4) };
  it('names the line of an image that is not there, or leaves it out', async () => {
    const folder = folderWith({ ...images, 'labels.csv': 'name,kind\n1.png,x\n2.png,y\n5.png,x\n3.png,x\n' });
    await expect(whole(folder)).rejects.toThrow(
      'labels.csv: line 4: there is no image “5.png”; repair or remove the row',
    );
    const data = await whole(folder, { onBadFile: 'skip' });
    expect([...data.train.labels]).toEqual([0, 1, 0]);
    expect(data.skipped).toEqual([
      { file: path.join(folder, 'labels.csv'), reason: 'line 4: there is no image “5.png”' },
    ]);
  });

  it('of bounding boxes is told apart', async () => {
    const csv =
      'filename,width,height,class,xmin,ymin,xmax,ymax\n1.png,4,3,raccoon,0,0,1,1\n2.png,4,3,raccoon,0,0,1,1\n';
    const folder = folderWith({ ...images, 'data/train_labels.csv': csv, 'data/test_labels.csv': csv });
    await expect(whole(folder)).rejects.toThrow(
      'no data set found: data/test_labels.csv, data/train_labels.csv with bounding boxes (xmin, ymin, xmax, ymax), not one label for each image',
    );
  });

  it('most of which are not here is told apart', async () => {
    const lines = Array.from({ length: 50 }, (_, i) => `${i}.png,${i % 2}\n`).join('');
    const folder = folderWith({ ...images, 'all.csv': `file,label\n${lines}` });
    await expect(whole(folder)).rejects.toThrow('all.csv lists images, most of which are not here');
  });
});

it('images that a list names outside of the folder are not read', async () => {
  const folder = folderWith({
    'x.png': grey(9),
    'data/1.png': grey(1),
    'data/lists/labels.csv': 'file,label\n../1.png,a\n../1.png,b\n',
    'inside/1.png': grey(1),
    'inside/labels.csv': 'file,label\n1.png,a\n1.png,b\n../x.png,a\n',
  });
  await expect(whole(path.join(folder, 'inside'))).rejects.toThrow(
    /labels\.csv: line 4: the image “\.\.\/x\.png” lies outside of the folder; put it into the folder; repair or remove the row/,
  );
  const without = await whole(path.join(folder, 'inside'), { onBadFile: 'skip' });
  expect([without.train.length, without.skipped?.length]).toEqual([2, 1]);
  // What lies in the folder may be named from a folder in it.
  expect((await whole(path.join(folder, 'data'))).train.length).toBe(2);
});

describe('labels.npy', () => {
  const images = { '0.png': grey(0), '1.png': grey(1), '2.png': grey(2) };
  it.each<[string, Uint8Array, string]>([
    [
      'of another length',
      npy('<i8', [2], BigInt64Array.of(0n, 1n)),
      'labels.npy: expected 3 labels, one for each image, found 2',
    ],
    [
      'of fractions',
      npy('<f8', [3], Float64Array.of(0, 0.5, 1)),
      'labels.npy: expected whole numbers from 0 as labels, found 0.5 at index 1',
    ],
    ['of objects', npy('|O', [3], new Uint8Array(24)), 'is an array of Python objects'],
    [
      'that is not one-hot',
      npy('|u1', [3, 2], Uint8Array.of(1, 0, 1, 1, 0, 1)),
      'labels.npy: expected a single 1 in each row of one-hot labels, found otherwise in row 1',
    ],
    ['of negative numbers', npy('<i4', [3], Int32Array.of(0, -1, 1)), 'found -1 at index 1'],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(whole(folderWith({ ...images, 'labels.npy': bytes }))).rejects.toThrow(message);
  });

  it('of floats that are whole numbers, and one-hot labels, are taken', async () => {
    const data = await whole(
      folderWith({ ...images, 'labels.npy': npy('<f4', [3], Float32Array.of(0, 2, 1)) }),
    );
    expect([...data.train.labels]).toEqual([0, 2, 1]);
    const hot = await whole(
      folderWith({ ...images, 'labels.npy': npy('|u1', [3, 2], Uint8Array.of(1, 0, 0, 1, 1, 0)) }),
    );
    expect([...hot.train.labels]).toEqual([0, 1, 0]);
  });
});

describe('a run', () => {
  it('on a folder of colour photos of three classes and many sizes simply works, and resumes exactly', async () => {
    const { rgb } = await import('./support');
    const files = Array.from({ length: 90 }, (_, i) => {
      const colour = [0, 0, 0];
      colour[i % 3] = 200 + (i % 50);
      return [
        `${['red', 'green', 'blue'][i % 3]}/${i}.png`,
        rgb(colour, 20 + (i % 7), 15 + (i % 11)),
      ] as const;
    });
    const folder = folderWith(Object.fromEntries(files));
    const settings = smallConfig({ dataset: folder, epochs: 4, lr: 0.02 });
    const { events } = await trainRun(temporaryFolder(), settings);
    const start = events.find(event => event.event === 'start');
    expect(start?.dataset.shape.slice(0, 1)).toEqual([3]);
    expect(start?.dataset.notes?.[0]).toMatch(/^images of several sizes are resized to \d+×\d+$/);
    const epochs = events.filter(event => event.event === 'epoch');
    expect(epochs.at(-1)?.validationAccuracy).toBe(1);
    const stopped = await trainRun(temporaryFolder(), settings, afterEpoch(2));
    const resumed = await resumeRun(stopped.run);
    const losses = (of: typeof events) =>
      of.filter(event => event.event === 'epoch').map(({ trainLoss }) => trainLoss);
    expect(losses(resumed.events)).toEqual(losses(events).slice(2));
    writeFileSync(path.join(folder, 'red/0.png'), rgb([1, 2, 3], 20, 15));
    expect(await failureOf(resumeRun(stopped.run))).toContain('is not what the run was trained on');
  });
});
