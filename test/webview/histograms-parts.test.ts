/** What the page of histograms reckons with: places on axes, marks, groups, words. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerHistograms } from '../../src/history/looks-histograms';
import type { TensorEntry, TensorKind } from '../../src/protocol/looks-page';
import { groupsOf, isWanted } from '../../webview/histograms/groups';
import { countBeside, prepare } from '../../webview/histograms/prepared';
import { spokenLook, troubleText } from '../../webview/histograms/readout';
import { ridgeLooks } from '../../webview/histograms/ridges';
import { plainHistograms } from '../../webview/histograms/state';
import { tipLines } from '../../webview/histograms/tip';
import { binOf, valuePlace, valueTicks } from '../../webview/histograms/value-axis';
import { binsFor } from '../../webview/histograms/view';
import { figures, shareText } from '../../webview/shared/format';
import {
  axisOf,
  bordersOf,
  indexAt,
  nearestIndex,
  placeOf,
  roundUp,
  stepTicks,
} from '../../webview/shared/step-axis';
import { looksAt } from '../history/looks-support';

const steps = fc
  .uniqueArray(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 60 })
  .map(list => list.toSorted((a, b) => a - b));

describe('an axis of steps', () => {
  it('has every step in its place, in their order', () => {
    expect([0, 25, 100].map(step => placeOf(axisOf([0, 100], false), step))).toEqual([0, 0.25, 1]);
    expect(placeOf(axisOf([0, 99], true), 9)).toBeCloseTo(0.5, 12);
    expect(placeOf(axisOf([7], true), 7)).toBe(0.5);
    fc.assert(
      fc.property(steps, fc.boolean(), (list, log) => {
        const places = list.map(step => placeOf(axisOf(list, log), step));
        expect(places).toEqual(places.toSorted((a, b) => a - b));
        expect(places.every(place => place >= 0 && place <= 1)).toBe(true);
      }),
    );
  });

  it('shows each look where it is nearest', () => {
    fc.assert(
      fc.property(steps, fc.boolean(), (list, log) => {
        const axis = axisOf(list, log);
        const borders = bordersOf(axis, list);
        expect(borders).toHaveLength(list.length + 1);
        for (let i = 0; i < list.length; i++) expect(indexAt(borders, placeOf(axis, list[i] ?? 0))).toBe(i);
        expect([indexAt(borders, -1), indexAt(borders, 2)]).toEqual([0, list.length - 1]);
      }),
    );
  });

  it('finds the nearest of some steps', () => {
    expect(nearestIndex([], 5)).toBe(-1);
    fc.assert(
      fc.property(steps, fc.nat({ max: 1_000_000 }), (list, wanted) => {
        const distances = list.map(step => Math.abs(step - wanted));
        expect(distances[nearestIndex(list, wanted)]).toBe(Math.min(...distances));
      }),
    );
  });

  it('has marks at round steps', () => {
    const texts = (first: number, last: number, log: boolean) =>
      stepTicks(axisOf([first, last], log), 5).map(({ text }) => text);
    expect(texts(0, 2467, false)).toEqual(['0', '500', '1,000', '1,500', '2,000']);
    expect(texts(0, 2467, true)).toEqual(['0', '1', '10', '100', '1,000']);
    expect(texts(0, 3, false)).toEqual(['0', '1', '2', '3']);
    expect(texts(5, 5, false)).toEqual(['5']);
    // In ridges letters stand above each other: 1 would stand on 0.
    const ridges = stepTicks(axisOf([0, 713], true), 5, 0.7);
    expect(ridges.map(({ text }) => text)).toEqual(['0', '10', '100']);
    expect(texts(1200, 1900, true)).toEqual(['1,200', '1,900']);
    expect([0.3, 1, 21, 0.2, 5.1].map(roundUp)).toEqual([0.5, 1, 50, 0.2, 10].map(x => expect.closeTo(x)));
  });
});

describe('an axis of values', () => {
  const edges = [-2, -1, 0, 1, 10];

  it('has values between the edges that are around them', () => {
    expect([-2, -1.5, 0, 5.5, 10].map(value => valuePlace(edges, value))).toEqual([0, 0.125, 0.5, 0.875, 1]);
    expect([valuePlace(edges, -3), valuePlace(edges, 11)]).toEqual([-1, 2]);
    expect([-2, -0.5, 0, 10, 11].map(value => binOf(edges, value))).toEqual([0, 1, 2, 3, -1]);
  });

  it('has marks at round values, not too near to each other', () => {
    const even = Array.from({ length: 41 }, (_, i) => -0.1 + i * 0.01);
    expect(valueTicks(even, false, 4).map(({ text }) => text)).toEqual(['-0.1', '0', '0.1', '0.2', '0.3']);
    const [answer] = [
      answerHistograms(looksAt([-1, -1e-3, 1e-3, 1, 10]), { range: 'full', scale: 'log', bins: 60 }),
    ];
    const ticks = valueTicks(answer.edges, true, 8);
    expect(ticks.map(({ text }) => text)).toContain('0');
    expect(ticks.map(({ text }) => text)).toContain('10');
    const small = valueTicks([-2e-4, 0, 2e-4], false, 4).map(({ text }) => text);
    expect(small).toEqual(['-2e-4', '-1e-4', '0', '1e-4', '2e-4']);
    const gaps = ticks.slice(1).map(({ place }, i) => place - (ticks[i]?.place ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThan(0.1);
  });
});

describe('histograms that are drawn', () => {
  const answer = answerHistograms(looksAt([0, 0, 0, 0, 1, 2, 3], [0, 1, 1, 1, 1, 1, 3], [Number.NaN, 2]), {
    range: 'full',
    scale: 'linear',
    bins: 3,
  });

  it('are measured by what is not zero', () => {
    const prepared = prepare(answer);
    expect(prepared.zeroBin).toBe(0);
    expect([0, 1, 2].map(bin => countBeside(prepared, 0, bin))).toEqual([0, 1, 2]);
    expect(prepared.full).toBe(5);
    expect(prepared.finite).toEqual([7, 7, 1]);
  });

  it('say what is under the pointer', () => {
    const prepared = prepare(answer);
    expect(tipLines(prepared, 0, 0.1)).toEqual(['step 0', '0 to 1.00', '4 values, 57 %', '4 are exactly 0']);
    expect(tipLines(prepared, 1, 0.5)).toEqual(['step 1', '1.00 to 2.00', '5 values, 71 %']);
    expect(tipLines(prepared, 1, 1.2)).toEqual(['step 1']);
  });

  it('say where values are only known to be near zero', () => {
    const fine = answerHistograms(looksAt([...Array(1000).fill(1), 1e-4]), {
      range: 'full',
      scale: 'log',
      bins: 200,
    });
    expect(tipLines(prepare(fine), 0, 0)).toContainEqual(expect.stringContaining('spread evenly within ±'));
    expect(tipLines(prepare(fine), 0, 1)).not.toContainEqual(expect.stringContaining('spread'));
  });

  it('say in words what they come to', () => {
    expect(spokenLook(answer, 0)).toBe('step 0, min 0, mean 0.857, std 1.12, max 3.00');
    expect(spokenLook(answer, 2)).toBe('step 2, min 2.00, mean 2.00, std 0, max 2.00, 1 NaN');
    expect(troubleText({ ...answer, nan: [0], infinite: [1200] }, 0)).toBe('1,200 infinite');
  });

  it('are written with figures that have room', () => {
    const all = [0, 1, -0.0438, 1.29, -4.42e-6, 99_999, 123_456, -999.7, 0.00999, -1.5e38, 3e-42];
    expect(all.map(figures)).toEqual([
      '0',
      '1.00',
      '-0.0438',
      '1.29',
      '-4.4e-6',
      '99,999',
      '1.2e5',
      '-1,000',
      '1.0e-2',
      '-1.5e38',
      '3.0e-42',
    ]);
    expect([0, 1e-5, 0.034, 0.76, 1].map(shareText)).toEqual(['0 %', '< 0.1 %', '3.4 %', '76 %', '100 %']);
  });

  it('are as many ridges as there is room for, with the first and the last', () => {
    const list = Array.from({ length: 500 }, (_, i) => i);
    for (const log of [false, true]) {
      const looks = ridgeLooks(axisOf(list, log), list, 100);
      expect(looks.length).toBeLessThanOrEqual(20);
      expect([looks[0], looks.at(-1)]).toEqual([0, 499]);
    }
    expect(ridgeLooks(axisOf([3, 9], false), [3, 9], 100)).toEqual([0, 1]);
  });

  it('have no more bins than pixels, nor many more than values', () => {
    const box = { left: 0, top: 0, width: 240, height: 130 };
    expect(binsFor('ridges', box, 200_000)).toBe(80);
    expect(binsFor('heatmap', box, 200_000)).toBe(64);
    expect(binsFor('ridges', box, 256)).toBe(32);
    expect(binsFor('ridges', box, 1)).toBe(16);
  });
});

describe('groups of tensors', () => {
  const entry = (name: string, layer: string, kind: TensorKind): TensorEntry => {
    return { id: name, name, layer, kind, count: 1, notFinite: null };
  };
  const tensors = [
    entry('images output', 'images', 'activation'),
    entry('fc1.weight', 'fc1', 'parameter'),
    entry('fc1.weight.grad', 'fc1', 'gradient'),
    entry('relu1 output', 'relu1', 'activation'),
    entry('fc2.weight', 'fc2', 'parameter'),
    entry('softmax output', 'softmax', 'activation'),
  ];

  it('hold a layer that learns and what follows it', () => {
    expect(groupsOf(tensors).map(({ name, tensors: of }) => [name, of.length])).toEqual([
      ['images', 1],
      ['fc1, relu1', 3],
      ['fc2, softmax', 2],
    ]);
    expect(groupsOf([])).toEqual([]);
  });

  it('show what is asked for', () => {
    const wanted = (change: Partial<typeof plainHistograms>) =>
      tensors.filter(tensor => isWanted(tensor, { ...plainHistograms, ...change })).map(({ name }) => name);
    expect(wanted({})).toHaveLength(6);
    expect(wanted({ kinds: ['gradient'] })).toEqual(['fc1.weight.grad']);
    expect(wanted({ search: 'FC1' })).toEqual(['fc1.weight', 'fc1.weight.grad']);
  });
});
