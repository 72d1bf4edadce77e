import { describe, expect, it } from 'vitest';
import { noSeries } from '../../src/protocol/dashboard';
import { legendEntries } from '../../webview/dashboard/legend';
import type { Line } from '../../webview/dashboard/lines';

function line(run: string, series: 'train/loss' | 'validation/loss', several: boolean): Line {
  return {
    run,
    series,
    runName: several ? `name of ${run}` : '',
    seriesName: series.split('/')[0] ?? '',
    colour: run === 'a' ? 'red' : 'blue',
    dashed: several && series === 'validation/loss',
    hidden: false,
    stepped: false,
    answer: noSeries,
  };
}

const entries = (lines: readonly Line[], hidden: readonly string[] = []) =>
  legendEntries(
    lines,
    hidden,
    'grey',
    ({ run, series }) => `${run} ${series}`,
    () => '',
  );

describe('a legend', () => {
  it('has an entry for each series of one run', () => {
    const found = entries(
      [line('a', 'train/loss', false), line('a', 'validation/loss', false)],
      ['train/loss'],
    );
    expect(found.map(({ key, name, hidden }) => ({ key, name, hidden }))).toEqual([
      { key: 'train/loss', name: 'train', hidden: true },
      { key: 'validation/loss', name: 'validation', hidden: false },
    ]);
  });

  it('has an entry for each of several runs with both its values, and one for each series', () => {
    const lines = ['a', 'b'].flatMap(run => [
      line(run, 'train/loss', true),
      line(run, 'validation/loss', true),
    ]);
    const found = entries(lines, ['b', 'validation/loss']);
    expect(found.map(({ key, colour, hidden, values }) => [key, colour, hidden, values.length])).toEqual([
      ['a', 'red', false, 2],
      ['b', 'blue', true, 2],
      ['train/loss', 'grey', false, 0],
      ['validation/loss', 'grey', true, 0],
    ]);
    expect(found[0]?.values).toMatchObject([
      { name: 'train', text: 'a train/loss', hidden: false, dashed: false },
      { name: 'validation', hidden: true, dashed: true },
    ]);
  });
});
