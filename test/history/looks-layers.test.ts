/** How layers fare, and what is said of it, on networks that are made up to fare badly. */
import { describe, expect, it } from 'vitest';
import { layerRows } from '../../src/history/looks-layers';
import { readLook } from '../../src/history/looks-line';
import { listTensors } from '../../src/history/looks-tensors';
import { layerWarnings } from '../../src/history/looks-warnings';
import { keptLook, lineOf, lookOf, seen, type Told } from './looks-support';

/** So many looks, of which each is told of by its number. */
function network(looks: number, tell: (look: number) => readonly Told[]) {
  return Array.from({ length: looks }, (_, i) => keptLook(i * 10, tell(i)));
}

function warnings(looks: number, tell: (look: number) => readonly Told[]) {
  const all = network(looks, tell);
  return layerWarnings(layerRows(all), listTensors(all));
}

describe('the layers of a network', () => {
  it('have their norms, updates and dead units at each look', () => {
    const looks = [
      keptLook(0, [{ dead: 0.25 }, { weight: [6, 8], gradient: null, update: 0.01 }]),
      keptLook(4, [{ weight: [Number.NaN, 4], update: null, dead: 0.5 }, { gradient: [1, Number.NaN] }]),
    ];
    expect(layerRows(looks)).toEqual([
      {
        name: 'fc1',
        parameters: 2,
        relu: 'relu1',
        gradient: [expect.closeTo(0.5, 6), expect.closeTo(0.5, 6)],
        update: [0.001, null],
        weight: [5, null],
        dead: [0.25, 0.5],
      },
      {
        name: 'fc2',
        parameters: 2,
        relu: null,
        gradient: [null, null],
        update: [0.01, 0.001],
        weight: [10, 5],
        dead: [null, null],
      },
    ]);
  });

  it('are taken with all their parameters together', () => {
    const look = lookOf(0, [{ weight: [2, 2, 2], gradient: [0, 1, 0], update: 0.5 }]);
    const bias = { name: 'fc1.bias', value: seen([2]), gradient: seen([1]), updateRatio: 0.1 };
    const fresh = { name: 'fc1.scale', value: seen([0]), gradient: seen([0]), updateRatio: null };
    const read = readLook(lineOf({ ...look, parameters: [...look.parameters, bias, fresh] }));
    const [row] = layerRows(read === undefined ? [] : [read]);
    expect(row).toMatchObject({ parameters: 5, weight: [expect.closeTo(4, 12)], gradient: [Math.SQRT2] });
    expect(row?.update[0]).toBeCloseTo(Math.sqrt((0.5 ** 2 * 12 + 0.1 ** 2 * 4) / 16), 12);
  });
});

describe('warnings', () => {
  it('are none for a network that learns as it should', () => {
    expect(warnings(12, i => [{ weight: [3 + i / 10], dead: 0.1 }, { gradient: [1 / (i + 1)] }])).toEqual([]);
    expect(warnings(1, () => [{}])).toEqual([]);
    expect(warnings(0, () => [])).toEqual([]);
  });

  it.each<[string, number, (look: number) => readonly Told[], string, string[]]>([
    [
      'vanishing',
      8,
      () => [{ gradient: [1e-4] }, { gradient: [0.01] }, { gradient: [0.1] }],
      'Gradients shrink 1,000× from fc3 to fc1',
      ['fc1'],
    ],
    [
      'vanishing',
      8,
      () => [{ gradient: [0, 0] }, { gradient: [0] }, { gradient: [0.1] }],
      'No gradient reaches fc1 and fc2: all of it is 0',
      ['fc1', 'fc2'],
    ],
    [
      'exploding',
      8,
      () => [{ gradient: [500] }, { gradient: [0.1] }],
      'Gradients grow 5,000× from fc2 to fc1',
      ['fc1'],
    ],
    [
      'exploding',
      20,
      i => [{ gradient: [i < 15 ? 0.1 : 50] }, { gradient: [i < 15 ? 0.1 : 35] }],
      'The gradient of fc1 is 500× what it was before',
      ['fc1', 'fc2'],
    ],
    [
      'dead',
      8,
      () => [{ dead: 0.62 }, { dead: 0.1 }, {}],
      "62 % of relu1's units are dead: they give 0 for every sample of the batch",
      ['fc1'],
    ],
    [
      'dead',
      8,
      () => [{ dead: 0.62 }, { dead: 0.904 }, {}],
      'Dead units: 62 % of relu1 and 90 % of relu2 give 0 for every sample of the batch',
      ['fc1', 'fc2'],
    ],
    [
      'large-updates',
      8,
      () => [{ update: 0.001 }, { update: 0.1 }],
      'Updates are 10 % of the weights in fc2: the learning rate may be too high',
      ['fc2'],
    ],
    [
      'large-updates',
      8,
      () => [{ update: 0.25 }, { update: 9 }],
      'Updates are up to 9× the weights in fc1 and fc2: the learning rate may be too high',
      ['fc1', 'fc2'],
    ],
    [
      'small-updates',
      8,
      i => [{ update: 1e-8 * i }, { update: 3e-8 }],
      'Updates have never been more than 0.000007 % of the weights: the learning rate may be too low',
      ['fc1', 'fc2'],
    ],
    [
      'growing-weights',
      8,
      i => [{ weight: [3, 4] }, { weight: [3 * 2 ** i, 4 * 2 ** i] }],
      'The weights of fc2 have grown 64× since the first step',
      ['fc2'],
    ],
    [
      'not-finite',
      8,
      i => [{}, { weight: [i < 3 ? 1 : Number.NaN], gradient: [i < 4 ? 1 : Number.NaN] }],
      'fc2.weight had values that are NaN or infinite at step 30',
      ['fc2'],
    ],
  ])('say that something is %s', (kind, looks, tell, text, layers) => {
    const found = warnings(looks, tell);
    expect(found.map(warning => [warning.kind, warning.text, warning.layers])).toContainEqual([
      kind,
      text,
      layers,
    ]);
    expect(found.every(({ advice }) => advice !== '')).toBe(true);
  });

  it('are taken back when it is over', () => {
    const found = warnings(30, i => [{ update: i < 10 ? 0.5 : 0.001, dead: i < 10 ? 0.9 : 0.1 }, {}]);
    expect(found).toEqual([]);
  });

  it('do not come of a single look', () => {
    expect(warnings(30, i => [{ update: i === 28 ? 0.5 : 0.001, dead: i === 28 ? 0.9 : 0.1 }, {}])).toEqual(
      [],
    );
  });
});
