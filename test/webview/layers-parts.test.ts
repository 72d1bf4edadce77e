/** By which scales layers are drawn, and what is said of their values. */
import { describe, expect, it } from 'vitest';
import type { LayerRow } from '../../src/protocol/looks-page';
import { type Metric, type MetricName, metrics, percentText } from '../../webview/layers/metrics';
import { pixelShares } from '../../webview/layers/strip';
import { axisOf } from '../../webview/shared/step-axis';

function layer(change: Partial<LayerRow>): LayerRow {
  const series = { gradient: [], update: [], weight: [], dead: [] };
  return { name: 'fc1', parameters: 1, relu: null, ...series, ...change };
}

function metric(name: MetricName): Metric {
  const found = metrics.find(each => each.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

describe('the scale of gradients', () => {
  it('has the same powers of ten for all layers, so that one that vanishes is seen beside the others', () => {
    const layers = [layer({ gradient: [1e-6, 2e-6] }), layer({ gradient: [0.2, 0.9, null] })];
    const { share, ends } = metric('gradient').scale(layers);
    expect(ends).toEqual(['1e-6', '', '1']);
    expect([1e-6, 1e-3, 1, 1e9, 0].map(value => share(value, 1))).toEqual([
      expect.closeTo(0),
      expect.closeTo(0.5),
      expect.closeTo(1),
      1,
      0,
    ]);
  });

  it('is not drawn apart by a single value, and has a width where all are the same', () => {
    const many = Array.from({ length: 200 }, (_, i) => 0.2 + i / 1000);
    expect(metric('gradient').scale([layer({ gradient: [...many, 1e30] })]).ends).toEqual(['0.1', '', '10']);
    expect(metric('gradient').scale([layer({ gradient: [1] })]).ends).toEqual(['1', '', '100']);
    expect(metric('gradient').scale([]).ends).toEqual(['1', '', '100']);
  });
});

describe('the scales of the others', () => {
  it('have what is usual in the middle', () => {
    const update = metric('update').scale([]);
    expect([1e-5, 0.001, 0.1, 7].map(value => update.share(value, 1))).toEqual([
      expect.closeTo(0),
      expect.closeTo(0.5),
      expect.closeTo(1),
      1,
    ]);
    const weight = metric('weight').scale([]);
    expect([0.05, 5, 500].map(value => weight.share(value, 5))).toEqual([
      expect.closeTo(0),
      expect.closeTo(0.5),
      expect.closeTo(1),
    ]);
    expect(weight.share(3, 0)).toBe(0.5);
    expect(metric('dead').scale([]).share(0.3, 0)).toBe(0.3);
  });

  it('have words', () => {
    expect([0, 1e-8, 0.00123, 0.5, 0.0999, 3, 3260].map(percentText)).toEqual([
      '0 %',
      '1e-6 %',
      '0.12 %',
      '50 %',
      '10 %',
      '300 %',
      '3,260×',
    ]);
    const row = layer({ relu: 'relu1' });
    expect(metric('weight').note?.(10, 4, row)).toBe('×2.50');
    expect(metric('weight').note?.(10, 0, row)).toBe('');
    expect(metric('dead').note?.(0.1, 0.1, row)).toBe('relu1');
  });
});

describe('a strip', () => {
  it('keeps a spike that has less than a pixel', () => {
    const steps = Array.from({ length: 1000 }, (_, i) => i);
    const shares = steps.map(step => (step === 777 ? 1 : 0.1));
    const pixels = pixelShares({ steps, shares }, axisOf(steps, false), 50);
    expect(pixels).toHaveLength(50);
    expect(pixels.filter(share => share === 1)).toHaveLength(1);
    expect(pixels.indexOf(1)).toBe(38);
  });

  it('shows each look up to its neighbours, and nothing where there is no value', () => {
    const shares = [0.5, null, 1];
    expect(pixelShares({ steps: [0, 10, 20], shares }, axisOf([0, 20], false), 4)).toEqual([
      0.5,
      null,
      null,
      1,
    ]);
    expect(pixelShares({ steps: [], shares: [] }, axisOf([], false), 4)).toEqual([]);
  });
});
