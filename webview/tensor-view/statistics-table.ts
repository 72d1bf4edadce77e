/** The numbers that a tensor comes to. */
import { element } from '../shared/dom';
import { measure, percent, wholeNumber } from '../shared/format';
import type { Figures } from './subject';

const number = (value: number | null) => (value === null ? '–' : measure(value));

/** The facts of a tensor, each with its name; those that are bad news are marked. */
function facts({ statistics }: Figures): { name: string; value: string; bad?: boolean }[] {
  const { count, min, max, mean, std, norm, zeros, nan, infinite } = statistics;
  const share = zeros === 0 ? '' : ` (${percent(zeros / count)})`;
  return [
    { name: 'values', value: wholeNumber(count) },
    { name: 'min', value: number(min) },
    { name: 'mean', value: number(mean) },
    { name: 'max', value: number(max) },
    { name: 'std', value: number(std) },
    { name: 'L2 norm', value: number(norm) },
    { name: 'zeros', value: `${wholeNumber(zeros)}${share}` },
    { name: 'NaN', value: wholeNumber(nan), bad: nan > 0 },
    { name: 'infinite', value: wholeNumber(infinite), bad: infinite > 0 },
  ];
}

/** Makes the table. */
export function statisticsTable(summary: Figures): HTMLElement {
  return element('dl', {
    class: 'statistics',
    children: facts(summary).map(({ name, value, bad = false }) =>
      element('div', {
        class: bad ? 'bad' : '',
        children: [element('dt', { text: name }), element('dd', { text: value })],
      }),
    ),
  });
}
