/**
 * Pickles that would run code, and files that would use up memory or time: none does, in any way that a
 * pickle has of calling something.
 */
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, describe, expect, test } from 'vitest';
import { find, readCheckpoint, type Stored, Unresolved, writeCheckpoint } from '../../src/checkpoint';
import { archiveOf, bytesOf, legacyFile, problemOf, readPickle } from './support';

const marker = join(tmpdir(), `descent-hostile-${process.pid}`);
const touch = `touch ${marker}`;
const length = String.fromCharCode(touch.length);
/** The text `touch …` as BINUNICODE, and in protocol 0. */
const text = `X${length}\x00\x00\x00${touch}`;
const line = `V${touch}\n`;

afterEach(() => {
  const executed = existsSync(marker);
  rmSync(marker, { force: true });
  expect(executed).toBe(false);
});

describe('code in a pickle', () => {
  test.each<[string, string, string]>([
    ['GLOBAL and REDUCE, protocol 0', `cos\nsystem\n(${line}tR.`, 'os.system'],
    ['GLOBAL and REDUCE, protocol 2', `\x80\x02cposix\nsystem\n${text}\x85R.`, 'posix.system'],
    ['builtins by their old name', `\x80\x02c__builtin__\neval\n${text}\x85R.`, 'builtins.eval'],
    ['builtins by their new name', `\x80\x02cbuiltins\nexec\n${text}\x85R.`, 'builtins.exec'],
    ['STACK_GLOBAL', `\x80\x04\x8c\x02os\x8c\x06system\x93${text}\x85R.`, 'os.system'],
    ['INST', `(${line}ios\nsystem\n.`, 'os.system'],
    ['OBJ', `\x80\x02(cos\nsystem\n${text}o.`, 'os.system'],
    ['NEWOBJ', `\x80\x02csubprocess\nPopen\n${text}\x85\x81.`, 'subprocess.Popen'],
    ['NEWOBJ_EX', `\x80\x04csubprocess\nPopen\n${text}\x85}\x92.`, 'subprocess.Popen'],
    ['a name out of the memo', `\x80\x02cos\nsystem\nq\x010h\x01${text}\x85R.`, 'os.system'],
    [
      'a dotted name',
      `\x80\x04\x8c\x0ctorch._utils\x8c\x09os.system\x93${text}\x85R.`,
      'torch._utils.os.system',
    ],
  ])('%s', (_, pickle, name) => {
    const value = readPickle(pickle);
    expect(value).toBeInstanceOf(Unresolved);
    expect(value).toMatchObject({ name, args: [touch] });
  });

  test('a call of the result of a call stays a description', () => {
    const value = readPickle(`\x80\x02cbuiltins\ngetattr\ncos\nsystem\n\x85R${text}\x85R.`);
    expect(value).toMatchObject({ name: 'builtins.getattr', args: [touch] });
  });

  test('BUILD keeps the state and sets nothing', () => {
    const value = readPickle('\x80\x02cm\nC\n)\x81}X\x09\x00\x00\x00__proto__X\x01\x00\x00\x00ysb.');
    expect(
      find(value instanceof Unresolved && value.state !== undefined ? value.state : null, '__proto__'),
    ).toBe('y');
    expect(Object.getPrototypeOf(value)).toBe(Unresolved.prototype);
  });

  test('members of unknown collections are kept', () => {
    const value = readPickle(
      '\x80\x02ccollections\ndeque\n)R(K\x01K\x02eccollections\nChainMap\n)RK\x03K\x04s\x86.',
    );
    expect(find(value, 0)).toMatchObject({ name: 'collections.deque', items: [1n, 2n] });
    expect(find(value, 1)).toMatchObject({ name: 'collections.ChainMap', entries: new Map([[3n, 4n]]) });
  });

  test('names of JavaScript objects mean nothing', () => {
    for (const name of ['constructor', '__proto__', 'toString']) {
      expect(readPickle(`\x80\x02c${name}\n${name}\n)R.`)).toMatchObject({ name: `${name}.${name}` });
    }
    expect(problemOf(() => readPickle('\x80\x02\x93.'))).toContain('stack');
  });

  test('a known function with wrong arguments stays unresolved, or is an error', () => {
    expect(readPickle('\x80\x02ctorch._utils\n_rebuild_tensor_v2\n)R.')).toMatchObject({ args: [] });
    expect(readPickle('\x80\x02ccollections\nOrderedDict\nK\x01\x85R.')).toMatchObject({ args: [1n] });
    expect(readPickle('\x80\x02c__builtin__\nset\n]]a\x85R.')).toMatchObject({ name: 'builtins.set' });
    expect(problemOf(() => readPickle('\x80\x02NNR.'))).toContain(
      'expected a tuple of arguments, found None',
    );
    expect(problemOf(() => readPickle('\x80\x02N)R.'))).toContain('expected a class or function, found None');
  });
});

/** A pickle of a tensor in a storage of `numel` floats; the arguments are those after the storage. */
const tensor = (args: string, numel = 'K\x02') =>
  '\x80\x02ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x000N' +
  `${numel}tQ${args}\x89NtR.`;
const readTensor = (args: string, numel?: string) =>
  readPickle(tensor(args, numel), { 'archive/data/0': new Uint8Array(8) });

describe('memory and time', () => {
  const problems: [string, () => Stored, string | RegExp][] = [
    ['lists of lists of lists', () => readPickle(laughs(40)), /refers to its own parts so often/],
    [
      'a list in itself',
      () => readPickle('\x80\x02]q\x00h\x00a.'),
      'data.pkl contains a value that contains itself',
    ],
    [
      'deep nesting',
      () => readPickle(`\x80\x02N${'\x85'.repeat(100_000)}.`),
      'data.pkl is nested more than 500 levels deep',
    ],
    ['nesting through the memo', () => readPickle(nestedDicts(501)), /500 levels deep/],
    ['many marks', () => readPickle(`\x80\x02${'('.repeat(2_100_000)}.`), /more objects/],
    ['many dictionaries', () => readPickle(`\x80\x02${'}'.repeat(1_100_000)}.`), /more objects/],
    ['copies of copies', () => readPickle(copies()), /more objects/],
    [
      'a long pickle',
      () => readPickle(`\x80\x02X\x00\x00\x00\x04${'x'.repeat(64 * 2 ** 20)}.`),
      /at most 67108864 bytes/,
    ],
    ['text beyond the end', () => readPickle('\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.'), /cut off/],
    [
      'a long int',
      () => readPickle(`\x80\x02\x8b\x00\x00\x10\x00${'\x01'.repeat(2 ** 20)}.`),
      /an int of at most/,
    ],
    ['a frame beyond the end', () => readPickle('\x80\x04\x95\xff\x00\x00\x00\x00\x00\x00\x00N.'), /frame/],
    ['a long name', () => readPickle(`\x80\x02c${'x'.repeat(5000)}\ny\n.`), /expected the name of a class/],
    ['a newer protocol', () => readPickle('\x80\x09N.'), /protocol 5 or older, found 9/],
    ['an unknown opcode', () => readPickle('\x80\x02\xff.'), /expected a pickle opcode, found 0xff/],
    ['an extension', () => readPickle('\x80\x02\x82\x01.'), /EXT1 \(0x82\), which is not supported/],
    ['a buffer from outside', () => readPickle('\x80\x05\x97.'), /NEXT_BUFFER/],
    ['a list as a key', () => readPickle('\x80\x02}]Ns.'), /expected a key of a dict, found a list/],
    ['a key without a value', () => readPickle('\x80\x02}(K\x01u.'), /a value for every key/],
    ['an empty memo', () => readPickle('\x80\x02h\x05.'), /in the memo at 5/],
    [
      'an expanded tensor',
      () => readTensor('K\x00(J\x00\x00\x00\x40J\x00\x00\x00\x40tK\x00K\x00\x86'),
      /far more memory/,
    ],
    ['a huge tensor', () => readTensor('K\x00J\xff\xff\xff\x7f\x85K\x01\x85'), /reaches element/],
    ['an offset outside', () => readTensor('K\x02K\x01\x85K\x01\x85'), /reaches element 2 of a storage of 2/],
    [
      'a negative stride',
      () => readTensor('K\x01K\x02\x85J\xff\xff\xff\xff\x85'),
      /the strides of a tensor as a non-negative int/,
    ],
    [
      'fewer strides than sizes',
      () => readTensor('K\x00K\x01K\x01\x86K\x01\x85'),
      /2 dimensions with 1 strides/,
    ],
    ['many dimensions', () => readTensor(`K\x00(${'K\x01'.repeat(65)}tK\x01\x85`), /65 dimensions/],
    [
      'a storage that is too short',
      () => readTensor('K\x00K\x01\x85K\x01\x85', 'K\x03'),
      /expected 12 bytes, found 8/,
    ],
    [
      'a storage that is missing',
      () => readPickle(tensor('K\x00K\x01\x85K\x01\x85')),
      /lacks the record data\/"0"/,
    ],
  ];

  test.each(problems)('%s', (_, run, problem) => {
    const started = performance.now();
    const message = problemOf(run);
    expect(message).toMatch(problem);
    expect(message).not.toMatch(/\n/);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  test('the same tensor is fine with other arguments', () => {
    expect(readTensor('K\x01K\x01\x85K\x01\x85')).toEqual({
      dtype: 'float32',
      shape: [1],
      data: Float32Array.of(0),
    });
    expect(readTensor('K\x00K\x03K\x02\x86K\x00K\x01\x86')).toMatchObject({
      shape: [3, 2],
      data: new Float32Array(6),
    });
  });

  test('a large checkpoint of honest sharing is read', () => {
    const shared: Stored = Array.from({ length: 1000 }, (_, i) => i);
    const value = Array.from({ length: 300 }, () => shared);
    expect(readCheckpoint(writeCheckpoint(value), 'x.pt').value).toHaveLength(300);
  });
});

/** A list of ten times the list before, `depth` times. */
function laughs(depth: number): string {
  let pickle = '\x80\x02]q\x00';
  for (let i = 1; i < depth; i++)
    pickle += `](${`h${String.fromCharCode(i - 1)}`.repeat(10)}eq${String.fromCharCode(i)}`;
  return `${pickle}.`;
}

/** Dictionaries in dictionaries, built from the inside, so that no more than three values are on the stack. */
function nestedDicts(depth: number): string {
  return `\x80\x02}q\x000${'}K\x00h\x00sq\x000'.repeat(depth)}h\x00.`;
}

/** A list of 10,000 items, made into a set 10,000 times. */
function copies(): string {
  return `\x80\x02c__builtin__\nset\nq\x00](${'N'.repeat(10_000)}e\x85q\x01${'h\x00h\x01R'.repeat(10_000)}.`;
}

describe('zip archives', () => {
  const good = () => archiveOf('\x80\x02N.', { 'archive/data/0': bytesOf('x'.repeat(200)) });
  const read = (bytes: Uint8Array) => readCheckpoint(bytes, 'x.pt').value;
  const at = (bytes: Uint8Array, text: string) => Buffer.from(bytes).lastIndexOf(Buffer.from(text, 'latin1'));

  test('the one that is changed below is good', () => expect(read(good())).toBeNull());

  test('an entry that unpacks to more than it says is stopped', () => {
    const bomb = zipSync({ 'archive/data.pkl': new Uint8Array(2 ** 20) }, { level: 6 });
    const entry = at(bomb, 'PK\x01\x02');
    new DataView(bomb.buffer).setUint32(entry + 24, 1000, true);
    expect(problemOf(() => read(bomb))).toBe(
      'x.pt: is a damaged zip archive: "archive/data.pkl" does not unpack to its 1000 bytes',
    );
    new DataView(bomb.buffer).setUint32(entry + 24, 0xf0000000, true);
    expect(problemOf(() => read(bomb))).toMatch(/announces 4026531840 bytes|far too much/);
  });

  test('an honest bomb is stopped too', () => {
    // Refused for its size before anything is unpacked, so that the content does not matter.
    const bytes = zipSync({ 'archive/data.pkl': new Uint8Array(500_000) }, { level: 0 });
    const view = new DataView(bytes.buffer);
    const entry = at(bytes, 'PK\x01\x02');
    view.setUint16(entry + 10, 8, true);
    view.setUint32(entry + 24, 400 * 2 ** 20, true);
    expect(problemOf(() => read(bytes))).toBe('x.pt: is a zip archive that unpacks to far too much');
  });

  test('entries that lie over each other are refused', () => {
    const bytes = archiveOf(
      `\x80\x02(${[0, 1].map(key => `(X\x07\x00\x00\x00storagectorch\nByteStorage\nX\x01\x00\x00\x00${key}NM\x10\x27tQ`).join('')}t.`,
      { 'archive/data/0': new Uint8Array(10_000), 'archive/data/1': new Uint8Array(10_000) },
    );
    expect(read(bytes)).toMatchObject({ items: [{ shape: [10_000] }, { shape: [10_000] }] });
    // The second entry refers to the bytes of the first, and the bytes of the second are cut out.
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const second = at(bytes, 'archive/data/1') - 46;
    const [from, to] = [view.getUint32(second - 60 + 42, true), view.getUint32(second + 42, true)];
    const end = at(bytes, 'PK\x05\x06');
    const directory = view.getUint32(end + 16, true);
    view.setUint32(second + 42, from, true);
    view.setUint32(end + 16, to, true);
    const shorter = Buffer.concat([bytes.subarray(0, to), bytes.subarray(directory)]);
    expect(problemOf(() => read(shorter))).toBe('x.pt: is a zip archive whose entries overlap');
  });

  test.each<[string, (view: DataView, entry: number, end: number) => void, RegExp]>([
    [
      'is encrypted',
      (view, entry) => view.setUint16(entry + 8, 1, true),
      /encrypted entry "archive\/data.pkl"/,
    ],
    [
      'is compressed otherwise',
      (view, entry) => view.setUint16(entry + 10, 14, true),
      /unknown compression 14/,
    ],
    ['has two sizes', (view, entry) => view.setUint32(entry + 24, 3, true), /two different sizes/],
    ['lies outside', (view, entry) => view.setUint32(entry + 42, 0x7fffffff, true), /outside of the file/],
    [
      'has no header',
      (view, entry) => view.setUint32(entry + 42, 2, true),
      /expected "archive\/data.pkl" at byte 2/,
    ],
    [
      'is longer than the file',
      (view, entry) => view.setUint32(entry + 20, 9999, true),
      /cut off: expected 9999 bytes/,
    ],
    [
      'has another checksum',
      (view, entry) => view.setUint32(entry + 16, 1, true),
      /checksum of "archive\/data.pkl"/,
    ],
    [
      'says that there are more',
      (view, _, end) => view.setUint16(end + 10, 999, true),
      /table of contents is too short/,
    ],
    [
      'has its contents elsewhere',
      (view, _, end) => view.setUint32(end + 16, 5, true),
      /damaged zip archive/,
    ],
    ['announces 64 bits', (view, _, end) => view.setUint16(end + 10, 0xffff, true), /its end is incomplete/],
  ])('an archive that %s', (_, change, problem) => {
    const bytes = good();
    change(
      new DataView(bytes.buffer, bytes.byteOffset),
      at(bytes, 'archive/data.pkl') - 46,
      at(bytes, 'PK\x05\x06'),
    );
    expect(problemOf(() => read(bytes))).toMatch(problem);
  });

  test('a checksum of 0 says that there is none', () => {
    const bytes = good();
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at(bytes, 'archive/data.pkl') - 46 + 16, 0, true);
    expect(read(bytes)).toBeNull();
  });

  test('two entries of one name are refused', () => {
    const bytes = Buffer.from(archiveOf('\x80\x02N.', { 'archive/data.pk_': bytesOf('\x80\x02K\x01.') }));
    bytes[bytes.lastIndexOf('data.pk_') + 7] = 'l'.charCodeAt(0);
    expect(problemOf(() => read(bytes))).toBe(
      'x.pt: is a damaged zip archive: it has two entries named "archive/data.pkl"',
    );
  });

  test('the old format lists only storages that are used', () => {
    const bytes = Buffer.from(legacyFile());
    expect(find(read(bytes), 'weight')).toMatchObject({ data: Float32Array.of(1, 2, 3) });
    bytes[bytes.lastIndexOf('77')] = '8'.charCodeAt(0);
    expect(problemOf(() => read(bytes))).toBe('x.pt: has a storage "87" of an unknown type');
  });
});
