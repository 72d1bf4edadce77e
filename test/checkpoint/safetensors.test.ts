/** `.safetensors` files that break one of the format's rules each. */
import { describe, expect, test } from 'vitest';
import { openCheckpoint } from '../../src/checkpoint';
import { repeatedKey } from '../../src/checkpoint/safetensors/repeated-key';

/** A file with this header and so many bytes of data. */
function fileOf(header: string | object, data: number, announced?: bigint): Uint8Array {
  const text = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(announced ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data)]);
}

const open = (bytes: Uint8Array) => openCheckpoint({ bytes, name: 'x.safetensors' });
const entry = (begin: number, end: number, shape: unknown = [1], dtype: unknown = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
});

describe('rules of .safetensors', () => {
  test('the file that is changed below is good', async () => {
    const file = await open(fileOf({ b: entry(4, 12, [2]), a: entry(0, 4) }, 12));
    expect(file.tensors.map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await file.readTensor('b')).data).toEqual(new Float32Array(2));
    expect(
      (await open(fileOf('{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}   ', 0))).tensors,
    ).toHaveLength(1);
  });

  test.each<[string, Uint8Array, RegExp]>([
    [
      'a header of 2^63 bytes',
      fileOf({ a: entry(0, 4) }, 4, 2n ** 63n),
      /announces a header of 9223372036854775808 bytes/,
    ],
    ['a header of 2^64 − 1 bytes', fileOf({ a: entry(0, 4) }, 4, 2n ** 64n - 1n), /announces a header of/],
    [
      'a header beyond the end',
      fileOf({ a: entry(0, 4) }, 4, 5000n),
      /expected a header of 5000 bytes, found/,
    ],
    ['text that is no UTF-8', fileOf('{"a\xff":{}}'.replace('\xff', '\ud800'), 0), /describes|UTF-8/],
    ['no JSON', fileOf('{"a":', 0), /is no JSON/],
    [
      'a name twice',
      fileOf(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(4, 8))}}`, 8),
      /names "a" twice/,
    ],
    [
      'a field twice',
      fileOf('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', 4),
      /names "dtype" twice/,
    ],
    ['an unknown type', fileOf({ a: entry(0, 4, [1], 'F31') }, 4), /"a" of the unknown type "F31"/],
    ['a type that is none', fileOf({ a: entry(0, 4, [1], 3) }, 4), /describes "a" wrongly/],
    ['a negative size', fileOf({ a: entry(0, 4, [-1]) }, 4), /describes "a" wrongly/],
    [
      'sizes that overflow',
      fileOf({ a: entry(0, 4, [2 ** 40, 2 ** 40]) }, 4),
      /needs .* bytes, its offsets say 4/,
    ],
    [
      'sizes that overflow beside zero',
      fileOf({ a: entry(0, 4, [2 ** 50, 2 ** 50, 2 ** 50, 0]) }, 4),
      /offsets say 4/,
    ],
    ['offsets that go backwards', fileOf({ a: entry(4, 0) }, 4), /offsets say -4/],
    ['offsets that are too far apart', fileOf({ a: entry(0, 8) }, 8), /needs 4 bytes, its offsets say 8/],
    ['a gap', fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12), /"b" should begin at byte 4/],
    ['an overlap', fileOf({ a: entry(0, 8, [2]), b: entry(4, 12, [2]) }, 12), /"b" should begin at byte 8/],
    ['too little data', fileOf({ a: entry(0, 4) }, 3), /is cut off/],
    ['too much data', fileOf({ a: entry(0, 4) }, 9), /5 bytes at its end belong to no tensor/],
    [
      'metadata that is no text',
      fileOf({ __metadata__: { a: 1 }, a: entry(0, 4) }, 4),
      /describes "__metadata__" wrongly/,
    ],
    ['a field too many', fileOf({ a: { ...entry(0, 4), x: 1 } }, 4), /describes "a" wrongly/],
  ])('%s', async (_, bytes, problem) => {
    await expect(open(bytes)).rejects.toThrow(problem);
  });

  test('metadata may be as long, and as many, as the header allows', async () => {
    const metadata = Object.fromEntries(Array.from({ length: 130_000 }, (_, i) => [`k${i}`, '']));
    const text = '\\"{é}": '.repeat(300_000);
    const file = await open(fileOf({ __metadata__: { ...metadata, text }, a: entry(0, 4) }, 4));
    expect(file.metadata).toHaveLength(130_001);
    expect(file.metadata.at(-1)).toEqual(['text', text]);
  });

  test('a text is no key, whatever is in it', () => {
    expect(repeatedKey('{"a" : "b", "b":"\\"a\\":", "c":["a","a"], "d":{"a":"}"}}')).toBeUndefined();
    expect(repeatedKey('{"a\\\\":1, "b":{}, "a\\\\"\n\t: 2}')).toBe('a\\');
  });
});
