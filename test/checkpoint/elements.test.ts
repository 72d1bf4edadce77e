/**
 * Element types that Debian's PyTorch does not have, and files of the other byte order.
 */
import { describe, expect, test } from 'vitest';
import { listAt, type Stored, tensorAt, writeCheckpoint } from '../../src/checkpoint';
import { elementTypes } from '../../src/checkpoint/elements';
import { bytesOf, problemOf, readPickle } from './support';

/** A pickle of a tensor of one dimension, of a type without a storage class. */
const typed = (dtype: string, bytes: number, count: number) =>
  `\x80\x02ctorch._utils\n_rebuild_tensor_v3\n((X\x07\x00\x00\x00storagectorch.storage\nUntypedStorage\nX\x01\x00\x00\x000` +
  `X\x03\x00\x00\x00cpuK${String.fromCharCode(bytes)}tQK\x00K${String.fromCharCode(count)}\x85K\x01\x85\x89` +
  `ccollections\nOrderedDict\n)Rctorch\n${dtype}\ntR.`;

function values(dtype: string, bytes: number[], order = 'little'): Stored {
  const size = elementTypes.get(dtype)?.bytes ?? 1;
  return readPickle(typed(dtype, bytes.length, bytes.length / size), {
    'archive/data/0': Uint8Array.from(bytes),
    'archive/byteorder': bytesOf(order),
  });
}

describe('types that are widened', () => {
  // From PyTorch 2.13: torch.tensor([...], dtype=torch.uint8).view(torch.float8_...).float()
  test.each([
    [
      'float8_e4m3fn',
      [0x00, 0x01, 0x08, 0x38, 0x7e, 0x7f, 0x80, 0xb8],
      [0, 2 ** -9, 2 ** -6, 1, 448, Number.NaN, -0, -1],
    ],
    [
      'float8_e5m2',
      [0x01, 0x3c, 0x7b, 0x7c, 0x7d, 0xbc],
      [2 ** -16, 1, 57344, Number.POSITIVE_INFINITY, Number.NaN, -1],
    ],
    ['float8_e4m3fnuz', [0x01, 0x40, 0x7f, 0x80, 0xc0], [2 ** -10, 1, 240, Number.NaN, -1]],
    ['float8_e5m2fnuz', [0x01, 0x40, 0x7f, 0x80, 0xc0], [2 ** -17, 1, 57344, Number.NaN, -1]],
  ])('%s', (dtype, bytes, expected) => {
    expect(values(dtype, bytes)).toEqual({
      dtype: 'float32',
      storedAs: dtype,
      shape: [expected.length],
      data: Float32Array.from(expected),
    });
  });

  test('unsigned integers', () => {
    expect(values('uint16', [0xff, 0xff, 1, 0])).toMatchObject({
      dtype: 'int32',
      data: Int32Array.of(65535, 1),
    });
    expect(values('uint32', [0xff, 0xff, 0xff, 0xff])).toMatchObject({
      data: BigInt64Array.of(2n ** 32n - 1n),
    });
    expect(values('uint64', [1, 0, 0, 0, 0, 0, 0, 0])).toMatchObject({
      data: BigInt64Array.of(1n),
      storedAs: 'uint64',
    });
    expect(problemOf(() => values('uint64', [0, 0, 0, 0, 0, 0, 0, 0x80]))).toContain('uint64');
  });

  test('an unknown type stays unresolved', () => {
    expect(values('float4_e2m1fn_x2', [1])).toMatchObject({ name: 'torch._utils._rebuild_tensor_v3' });
  });
});

describe('big-endian files', () => {
  test('are turned around, element by element', () => {
    expect(values('float32', [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], 'big')).toMatchObject({
      data: Float32Array.of(1, -2),
    });
    expect(values('complex64', [0x3f, 0x80, 0, 0, 0xc0, 0, 0, 0], 'big')).toMatchObject({
      shape: [1, 2],
      data: Float32Array.of(1, -2),
    });
    expect(values('uint8', [1, 2], 'big')).toMatchObject({ data: Uint8Array.of(1, 2) });
  });

  test('another byte order is an error', () => {
    expect(problemOf(() => values('uint8', [1], 'middle'))).toBe(
      'hostile.pt: is damaged: expected a byte order, found "middle"',
    );
  });
});

test('a storage that was saved by itself is a tensor of one dimension', () => {
  const pickle = `\x80\x02](X\x07\x00\x00\x00storagectorch\nBoolStorage\nX\x01\x00\x00\x000NK\x02tQa.`;
  const value = readPickle(pickle, { 'archive/data/0': Uint8Array.of(0, 7) });
  expect(tensorAt(value, 0)).toEqual({ dtype: 'bool', shape: [2], data: Uint8Array.of(0, 1) });
  expect(listAt(value)).toHaveLength(1);
});

test('every record is aligned to 64 bytes and stored', () => {
  const tensors = [1, 5, 16, 17].map(
    (count): Stored => ({ dtype: 'int32', shape: [count], data: new Int32Array(count).fill(count) }),
  );
  const bytes = writeCheckpoint(tensors);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const names: string[] = [];
  for (let at = 0; view.getUint32(at, true) === 0x04034b50; ) {
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    const start = nameEnd + view.getUint16(at + 28, true);
    expect(start % 64).toBe(0);
    expect(view.getUint16(at + 8, true)).toBe(0);
    names.push(Buffer.from(bytes.subarray(at + 30, nameEnd)).toString());
    at = start + view.getUint32(at + 18, true);
  }
  expect(names).toEqual(
    ['data.pkl', 'byteorder', 'data/0', 'data/1', 'data/2', 'data/3', 'version'].map(
      name => `archive/${name}`,
    ),
  );
});
