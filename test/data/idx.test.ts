/** The IDX format as pure functions of bytes: what it gives, and what it refuses. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../src/data/data-error';
import { type IdxArray, parseIdx, writeIdx } from '../../src/data/idx';
import { dataError } from './helpers';

const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 });

/** Arrays of every type and of shapes with up to four dimensions, empty ones among them. */
const arrays: fc.Arbitrary<IdxArray> = shapes.chain((shape): fc.Arbitrary<IdxArray> => {
  const length = shape.reduce((a, b) => a * b, 1);
  const size = { minLength: length, maxLength: length };
  return fc.oneof(
    fc.uint8Array(size).map((data): IdxArray => ({ type: 'ubyte', shape, data })),
    fc.int8Array(size).map((data): IdxArray => ({ type: 'byte', shape, data })),
    fc.int16Array(size).map((data): IdxArray => ({ type: 'short', shape, data })),
    fc.int32Array(size).map((data): IdxArray => ({ type: 'int', shape, data })),
    fc.float32Array(size).map((data): IdxArray => ({ type: 'float', shape, data })),
    fc.float64Array(size).map((data): IdxArray => ({ type: 'double', shape, data })),
  );
});

describe('parseIdx', () => {
  it('reads a file written by hand, byte for byte', () => {
    const bytes = Uint8Array.of(0, 0, 0x0b, 2, 0, 0, 0, 1, 0, 0, 0, 3, 0x01, 0x02, 0xff, 0xff, 0x80, 0x00);
    expect(parseIdx(bytes)).toEqual({ type: 'short', shape: [1, 3], data: Int16Array.of(258, -1, -32768) });
    expect(writeIdx({ type: 'short', shape: [1, 3], data: Int16Array.of(258, -1, -32768) })).toEqual(bytes);
  });

  it('reads back whatever was written', () => {
    fc.assert(
      fc.property(arrays, array => {
        expect(parseIdx(writeIdx(array))).toEqual(array);
      }),
    );
  });

  it('reads from the middle of a larger buffer, and does not copy bytes', () => {
    const file = writeIdx({ type: 'ubyte', shape: [3], data: Uint8Array.of(7, 8, 9) });
    const buffer = new Uint8Array(file.length + 10);
    buffer.set(file, 5);
    const { data } = parseIdx(buffer.subarray(5, 5 + file.length));
    expect([...data]).toEqual([7, 8, 9]);
    expect(data.buffer).toBe(buffer.buffer);
  });

  it('refuses a file that is cut anywhere', () => {
    fc.assert(
      fc.property(arrays, array => {
        const bytes = writeIdx(array);
        for (let length = 0; length < bytes.length; length++) {
          const message = dataError(() => parseIdx(bytes.subarray(0, length), 'cut.idx'));
          expect(message).toMatch(/^cut\.idx: (truncated: |the file is empty)/);
        }
      }),
    );
  });

  it('refuses a file with bytes behind its end', () => {
    fc.assert(
      fc.property(arrays, fc.uint8Array({ minLength: 1, maxLength: 9 }), (array, extra) => {
        const bytes = Uint8Array.of(...writeIdx(array), ...extra);
        expect(dataError(() => parseIdx(bytes, 'long.idx'))).toMatch(/^long\.idx: too long: /);
      }),
    );
  });

  it('meets any bytes at all with an array or a DataError', () => {
    const magic = fc.tuple(fc.constantFrom(8, 9, 11, 12, 13, 14), fc.nat(5)).map(pair => [0, 0, ...pair]);
    const bytes = fc.tuple(fc.oneof(magic, fc.constant([])), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(bytes, ([head, rest]) => {
        try {
          parseIdx(Uint8Array.of(...head, ...rest));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  const bad: [string, number[], string][] = [
    ['an empty file', [], 'f: the file is empty; download or copy it again'],
    [
      'another format',
      [0x89, 0x50, 0x4e, 0x47, 13],
      'f: not an IDX file: expected it to begin with the bytes 00 00, found 89 50 4e 47; choose an IDX file',
    ],
    [
      'an unknown type',
      [0, 0, 0x0a, 1, 0, 0, 0, 0],
      'f: unknown IDX number type 0x0a: expected one of 0x08 ubyte, 0x09 byte, 0x0b short, 0x0c int, 0x0d float, 0x0e double; download or copy it again',
    ],
    [
      'no dimensions',
      [0, 0, 8, 0],
      'f: expected an IDX array of 1 to 8 dimensions, found 0; download or copy it again',
    ],
    [
      'too many dimensions',
      [0, 0, 8, 255],
      'f: expected an IDX array of 1 to 8 dimensions, found 255; download or copy it again',
    ],
    [
      'half a magic number',
      [0, 0, 8],
      'f: truncated: expected an IDX header of 4 bytes, found 3 bytes; download or copy it again',
    ],
    [
      'half a header',
      [0, 0, 8, 2, 0, 0, 0, 1, 0],
      'f: truncated: expected an IDX header of 12 bytes, found 9 bytes; download or copy it again',
    ],
    [
      'too few numbers',
      [0, 0, 12, 1, 0, 0, 0, 2, 0, 0, 0, 1],
      'f: truncated: an IDX array of 2 int needs 16 bytes, found 12 bytes; download or copy it again',
    ],
    [
      'too many numbers',
      [0, 0, 8, 1, 0, 0, 0, 2, 1, 2, 3],
      'f: too long: an IDX array of 2 ubyte needs 10 bytes, found 11 bytes; download or copy it again',
    ],
    [
      'absurd sizes',
      [0, 0, 14, 3, ...Array<number>(12).fill(255), 1],
      'f: truncated: an IDX array of 4294967295×4294967295×4294967295 double needs 6.3e+29 bytes, found 17 bytes; download or copy it again',
    ],
  ];
  it.each(bad)('refuses %s', (_, bytes, message) => {
    expect(dataError(() => parseIdx(Uint8Array.from(bytes), 'f'))).toBe(message);
  });

  it('keeps a message on one line, whatever the file is called', () => {
    expect(dataError(() => parseIdx(new Uint8Array(), 'a\nb'))).toBe(
      'a b: the file is empty; download or copy it again',
    );
  });
});

describe('writeIdx', () => {
  it('refuses a shape that is not that of the numbers', () => {
    const data = Uint8Array.of(1, 2, 3);
    expect(() => writeIdx({ type: 'ubyte', shape: [2, 2], data })).toThrow(
      'an IDX array of 2×2 holds 4 numbers, got 3',
    );
    expect(() => writeIdx({ type: 'ubyte', shape: [], data })).toThrow('1 to 8 dimensions, got 0');
    expect(() => writeIdx({ type: 'ubyte', shape: [-3], data })).toThrow('32-bit whole numbers, got -3');
  });
});
