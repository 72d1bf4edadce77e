/**
 * Pickles that would run code, and pickles that would use up memory or time: none does, in any way that a
 * pickle has of calling something.
 */
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import {
  dict,
  find,
  openCheckpoint,
  readCheckpoint,
  type Stored,
  Unresolved,
  writeCheckpoint,
} from '../../src/checkpoint';
import { checkpointContentSchema } from '../../src/protocol/checkpoint-schema';
import { archiveOf, problemOf, readPickle } from './support';

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

/** The same for two integers, for which this scale and zero point 0 stand. */
const quantized = (scale: string) =>
  '\x80\x02ctorch._utils\n_rebuild_qtensor\n((X\x07\x00\x00\x00storagectorch\nQInt8Storage\nX\x01\x00\x00\x000N' +
  `K\x02tQK\x00K\x02\x85K\x01\x85(ctorch\nper_tensor_affine\n${scale}K\x00t\x89NtR.`;
const openPickled = (pickle: string) =>
  openCheckpoint({ bytes: archiveOf(pickle, { 'archive/data/0': new Uint8Array(8) }), name: 'x.pt' });

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
    ['nesting in what was seen before', () => readPickle(nestedTwice(300)), /500 levels deep/],
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
      () => readTensor('K\x00(J\x00\x00\x10\x00J\x00\x00\x10\x00tK\x00K\x00\x86'),
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

  test.each<[string, string, RegExp]>([
    [
      'a shape that no number counts',
      tensor('K\x00J\x00\x00\x00\x40J\x00\x00\x00\x40\x86J\x00\x00\x00\x40K\x01\x86'),
      /more elements than memory/,
    ],
    [
      'a shape that no number counts, of one element',
      tensor('K\x00J\x00\x00\x00\x40J\x00\x00\x00\x40\x86K\x00K\x00\x86'),
      /more elements than memory/,
    ],
    ['a scale that is no number', quantized('G\x7f\xf8\x00\x00\x00\x00\x00\x00'), /no finite number/],
    ['an infinite scale', quantized('G\x7f\xf0\x00\x00\x00\x00\x00\x00'), /no finite number/],
  ])('%s is a problem of that tensor alone', async (_, pickle, problem) => {
    const file = await openPickled(pickle);
    expect(file.tensors[0]?.problem).toMatch(problem);
    expect(checkpointContentSchema.safeParse(JSON.parse(JSON.stringify(file))).success).toBe(true);
  });

  test('a finite scale is told', async () => {
    const [found] = (await openPickled(quantized('G\x3f\xe0\x00\x00\x00\x00\x00\x00'))).tensors;
    expect(found?.problem).toBeUndefined();
    expect(found?.quantization).toMatchObject({ scales: [0.5], zeroPoints: [0] });
  });

  test('a long key does not make every name long', async () => {
    const one = { dtype: 'float32', shape: [1], data: new Float32Array(1) } as const;
    const value = dict({ ['k'.repeat(2 ** 20)]: new Array<Stored>(20_000).fill(one) });
    const { tensors } = await openCheckpoint({ bytes: writeCheckpoint(value), name: 'x.pt' });
    expect(tensors).toHaveLength(20_000);
    expect(Math.max(...tensors.map(({ name, path }) => name.length + path.join().length))).toBeLessThan(2100);
  });

  test('long names count for as much as many', async () => {
    const one = { dtype: 'float32', shape: [1], data: new Float32Array(1) } as const;
    let value: Stored = new Array<Stored>(20_000).fill(one);
    for (let i = 0; i < 100; i++) value = dict({ ['k'.repeat(1000)]: value });
    const { tensors, warnings } = await openCheckpoint({ bytes: writeCheckpoint(value), name: 'x.pt' });
    expect(tensors.reduce((sum, { name }) => sum + name.length, 0)).toBeLessThan(50_000_000);
    expect(warnings.at(-1)).toMatch(/not all of them are shown/);
  });

  test('an object with very many parts is described', async () => {
    const entries = Array.from({ length: 200_000 }, (_, i) => `X\x06\x00\x00\x00${100_000 + i}N`);
    const { structure } = await openPickled(`\x80\x02cm\nC\n)\x81}(${entries.join('')}ub.`);
    expect(structure?.children).toHaveLength(1000);
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

/** A list of a value of this depth, and of that value in as many levels again. */
function nestedTwice(depth: number): string {
  const levels = '\x85'.repeat(depth);
  return `\x80\x02](N${levels}q\x00h\x00${levels}e.`;
}

/** A list of 10,000 items, made into a set 10,000 times. */
function copies(): string {
  return `\x80\x02c__builtin__\nset\nq\x00](${'N'.repeat(10_000)}e\x85q\x01${'h\x00h\x01R'.repeat(10_000)}.`;
}
