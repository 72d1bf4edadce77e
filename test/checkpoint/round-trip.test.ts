/**
 * Whatever can be written is read as the same.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boolAt,
  dict,
  dictAt,
  elementCount,
  find,
  int,
  intAt,
  listAt,
  numberAt,
  OrderedDict,
  readCheckpoint,
  type Stored,
  type StoredKey,
  type StoredTensor,
  stateDict,
  stringAt,
  Tuple,
  tensorAt,
  tensorsIn,
  Unresolved,
  writeCheckpoint,
} from '../../src/checkpoint';
import { describeValue, problemOf } from './support';

const roundTrip = (value: Stored): Stored => readCheckpoint(writeCheckpoint(value), 'x.pt').value;

const tensorOf: fc.Arbitrary<StoredTensor> = fc.array(fc.nat(3), { maxLength: 4 }).chain(shape => {
  const count = elementCount(shape);
  const exactly = { minLength: count, maxLength: count };
  return fc.oneof(
    fc.float32Array(exactly).map(data => ({ dtype: 'float32' as const, shape, data })),
    fc.float64Array(exactly).map(data => ({ dtype: 'float64' as const, shape, data })),
    fc.bigInt64Array(exactly).map(data => ({ dtype: 'int64' as const, shape, data })),
    fc.int32Array(exactly).map(data => ({ dtype: 'int32' as const, shape, data })),
    fc.uint8Array(exactly).map(data => ({ dtype: 'uint8' as const, shape, data })),
    fc.uint8Array({ ...exactly, max: 1 }).map(data => ({ dtype: 'bool' as const, shape, data })),
  );
});

const text = fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }));
const bigInts = fc.oneof(
  fc.bigInt(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.integer().map(int),
);
const key: fc.Arbitrary<StoredKey> = fc.oneof(text, bigInts, fc.double(), fc.boolean(), fc.constant(null));

const { value: anyValue } = fc.letrec<{ value: Stored }>(tie => {
  const entries = fc.array(fc.tuple(key, tie('value')), { maxLength: 5 });
  return {
    value: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.oneof(fc.constant(null), fc.boolean(), fc.double(), bigInts, text, fc.uint8Array(), tensorOf),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.array(tie('value'), { maxLength: 5 }).map(items => new Tuple(items)),
      entries.map(pairs => new Map(pairs)),
      fc.tuple(entries, fc.dictionary(text, fc.double())).map(([pairs, attributes]) => {
        const ordered = new OrderedDict(pairs);
        for (const [name, value] of Object.entries(attributes)) ordered.attributes.set(name, value);
        return ordered;
      }),
      fc.array(key).map(items => new Set(items)),
    ),
  };
});

describe('a round trip', () => {
  test('keeps any value', () => {
    fc.assert(
      fc.property(anyValue, value => {
        expect(describeValue(roundTrip(value))).toEqual(describeValue(value));
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test('keeps ints at every limit of their encodings', () => {
    const limits = [8n, 16n, 31n, 32n, 63n, 64n, 128n, 2031n].flatMap(bits =>
      [2n ** bits - 1n, 2n ** bits, 2n ** bits + 1n].flatMap(value => [value, -value]),
    );
    expect(roundTrip(limits)).toEqual(limits);
  });

  test('tells floats from ints', () => {
    expect(roundTrip([1, 1n, -0, 0n])).toEqual([1, 1n, -0, 0n]);
  });

  test('keeps what is shared shared', () => {
    const list: Stored = ['a'];
    const data = Float32Array.of(1, 2, 3, 4);
    const value = roundTrip({ dtype: 'float32', shape: [4], data });
    expect(value).toEqual({ dtype: 'float32', shape: [4], data });
    const twice = listAt(
      roundTrip([
        list,
        list,
        { dtype: 'float32', shape: [4], data },
        { dtype: 'float32', shape: [2, 2], data },
      ]),
    );
    expect(twice[0]).toBe(twice[1]);
    expect(tensorAt([...twice], 2).data.buffer).toBe(tensorAt([...twice], 3).data.buffer);
  });

  test('is independent of the bytes that were read', () => {
    const bytes = writeCheckpoint({ dtype: 'float32', shape: [2], data: Float32Array.of(1, 2) });
    const { value } = readCheckpoint(bytes, 'x.pt');
    bytes.fill(0xff);
    expect(value).toMatchObject({ data: Float32Array.of(1, 2) });
  });

  test('takes a file that lies anywhere in a larger buffer', () => {
    const bytes = writeCheckpoint({ dtype: 'float64', shape: [2], data: Float64Array.of(1, 2) });
    const larger = Buffer.concat([Buffer.from([1]), bytes, Buffer.from([1, 2])]);
    const { value } = readCheckpoint(larger.subarray(1, 1 + bytes.length), 'x.pt');
    expect(value).toMatchObject({ data: Float64Array.of(1, 2) });
  });

  test('writes the same value as the same bytes, in any time zone', () => {
    expect(writeCheckpoint(dict({ a: 1 }))).toEqual(writeCheckpoint(dict({ a: 1 })));
  });
});

describe('writing', () => {
  const tensor = (shape: number[], data: StoredTensor['data']): Stored => ({ dtype: 'float32', shape, data });

  test('refuses what has no counterpart and says where it is', () => {
    const cycle: Stored[] = [];
    cycle.push(cycle);
    let deep: Stored = null;
    for (let i = 0; i < 600; i++) deep = [deep];
    const bad: [Stored, string][] = [
      [
        dict({ model: stateDict({ w: tensor([2], Float32Array.of(1)) }) }),
        'model/w: cannot write a tensor of shape (2) with 1 elements',
      ],
      [
        dict({ w: tensor([1], Int32Array.of(1)) }),
        'w: cannot write a float32 tensor whose data is a Int32Array',
      ],
      [tensor([-1, -1], Float32Array.of(1)), 'cannot write a tensor of shape (-1, -1) with 1 elements'],
      [[new Unresolved('torch', 'device', ['cpu'])], '0: cannot write a torch.device'],
      [cycle, '0: cannot write a value that contains itself'],
      [2n ** 3000n, 'cannot write an int of more than 254 bytes'],
      ['\ud800', 'cannot write the text "\\ud800": it is no valid Unicode'],
    ];
    for (const [value, problem] of bad) expect(problemOf(() => writeCheckpoint(value))).toBe(problem);
    expect(problemOf(() => writeCheckpoint(deep))).toMatch(/more than 500 levels of nesting$/);
  });

  test('int refuses fractions', () => {
    expect(int(3)).toBe(3n);
    expect(() => int(1.5)).toThrow(RangeError);
  });
});

describe('access', () => {
  const root = dict({
    model: stateDict([['w', { dtype: 'int32', shape: [1], data: Int32Array.of(1) }]]),
    optimizer: dict({
      state: new Map<StoredKey, Stored>([[0n, dict({ lr: 1, step: 2n })]]),
      betas: new Tuple([0.9, 1n]),
    }),
    epoch: 3n,
    name: 'x',
    done: false,
    huge: 2n ** 60n,
  });

  test('takes typed values by their path', () => {
    expect(intAt(root, 'epoch')).toBe(3);
    expect(numberAt(root, 'optimizer', 'state', 0, 'lr')).toBe(1);
    expect(numberAt(root, 'optimizer', 'betas', 1)).toBe(1);
    expect(stringAt(root, 'name')).toBe('x');
    expect(boolAt(root, 'done')).toBe(false);
    expect(dictAt(root, 'optimizer', 'state').has(0n)).toBe(true);
    expect(listAt(root, 'optimizer', 'betas')).toEqual([0.9, 1n]);
    expect(tensorAt(root, 'model', 'w').shape).toEqual([1]);
    expect(find(root, 'model', 'nothing', 'more')).toBeUndefined();
  });

  test('says what is there instead', () => {
    expect(problemOf(() => intAt(root, 'optimizer', 'state', 0, 'lr'))).toBe(
      'optimizer/state/0/lr: expected an int below 2^53, found a float',
    );
    expect(problemOf(() => intAt(root, 'huge'))).toBe('huge: expected an int below 2^53, found an int');
    expect(problemOf(() => tensorAt(root, 'model', 'v'))).toBe('model/v: expected a tensor, found nothing');
    expect(problemOf(() => listAt(root))).toBe('the checkpoint: expected a list, found a dict');
    for (const at of [dictAt, stringAt, boolAt, numberAt])
      expect(() => at(root, 'model', 'w')).toThrow('found a tensor');
  });

  test('finds all tensors', () => {
    const leaf = tensorAt(root, 'model', 'w');
    const object = new Unresolved('m', 'C', [leaf]);
    object.state = dict({ a: new Tuple([1, leaf]) });
    object.items = [leaf];
    expect([...tensorsIn(dict({ object }))].map(({ path }) => path.join('/'))).toEqual([
      'object/0',
      'object/a/1',
      'object/0',
    ]);
  });
});
