import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineSchema, readLine } from '../../src/history/lines';

describe('a line of steps', () => {
  it('is read by hand as its schema says', () => {
    const part = fc.oneof(
      fc.double(),
      fc.integer(),
      fc.constant(null),
      fc.string(),
      fc.constant([]),
      fc.boolean(),
    );
    const list = fc.oneof(fc.array(fc.oneof(fc.double(), fc.constant(null))), fc.array(part), part);
    const value = fc.record(
      {
        event: fc.oneof(fc.constant('steps'), fc.constant('steps'), part),
        step: fc.oneof(fc.integer(), part),
        epoch: fc.oneof(fc.integer(), part),
        losses: list,
        seconds: part,
        learningRate: part,
        gradientNorms: list,
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(value, line => {
        const text = JSON.stringify(line);
        const parsed: unknown = JSON.parse(text);
        const expected = lineSchema.safeParse(parsed).data;
        expect(readLine(text)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
