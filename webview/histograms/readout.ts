/** What a tensor comes to at a step: in numbers below its card, in words for a screen reader, and as a table. */
import type { HistogramAnswer, TensorEntry } from '../../src/protocol/looks-page';
import { element, setText } from '../shared/dom';
import { figures, shareText, wholeNumber } from '../shared/format';

const names = ['min', 'mean', 'std', 'max'] as const;

const orDash = (value: number | null | undefined) => (value == null ? '–' : figures(value));

/** What is wrong with values at a look; nothing where nothing is. */
export function troubleText(answer: HistogramAnswer, look: number): string {
  const [nan, infinite] = [answer.nan[look] ?? 0, answer.infinite[look] ?? 0];
  const parts = [
    ...(nan > 0 ? [`${wholeNumber(nan)} NaN`] : []),
    ...(infinite > 0 ? [`${wholeNumber(infinite)} infinite`] : []),
  ];
  return parts.join(', ');
}

/** The numbers below a card. */
export class Readout {
  readonly element: HTMLElement;
  readonly #values = new Map<string, Text>();

  constructor() {
    const cells = [...names, 'zeros'].map(name => {
      const value = document.createTextNode('');
      this.#values.set(name, value);
      return element('div', {
        children: [element('dt', { text: name }), element('dd', { children: [value] })],
      });
    });
    this.element = element('dl', { class: 'tensor-numbers', children: cells });
  }

  /** Shows a look; nothing where there is none. */
  show(answer: HistogramAnswer | undefined, look: number, entry: TensorEntry): void {
    for (const name of names) this.#set(name, orDash(answer?.[name][look]));
    const zeros = answer?.zeros[look];
    this.#set('zeros', zeros === undefined ? '–' : shareText(zeros / Math.max(1, entry.count)));
  }

  #set(name: string, text: string): void {
    const node = this.#values.get(name);
    if (node !== undefined) setText(node, text);
  }
}

/** A look in words. */
export function spokenLook(answer: HistogramAnswer, look: number): string {
  const values = names.map(name => `${name} ${orDash(answer[name][look])}`);
  const trouble = troubleText(answer, look);
  const step = `step ${wholeNumber(answer.steps[look] ?? 0)}`;
  return [step, ...values, ...(trouble === '' ? [] : [trouble])].join(', ');
}

/** So many looks stand in a table. */
const rows = 6;

/** Looks of a tensor as a table for screen readers: some of them, evenly spread, with the first and the last. */
export function tableOf(answer: HistogramAnswer, entry: TensorEntry): HTMLElement {
  const last = answer.steps.length - 1;
  const looks = new Set(Array.from({ length: rows }, (_, i) => Math.round((i * last) / (rows - 1))));
  const head = ['Step', ...names, 'zeros', 'NaN or infinite'].map(text =>
    element('th', { text, attributes: { scope: 'col' } }),
  );
  const body = [...looks].map(look => {
    const cells = [
      ...names.map(name => orDash(answer[name][look])),
      wholeNumber(answer.zeros[look] ?? 0),
      troubleText(answer, look) || 'none',
    ];
    return element('tr', {
      children: [
        element('th', { text: wholeNumber(answer.steps[look] ?? 0), attributes: { scope: 'row' } }),
        ...cells.map(text => element('td', { text })),
      ],
    });
  });
  return element('table', {
    class: 'for-screen-readers',
    children: [
      element('caption', { text: `${entry.name}: ${wholeNumber(entry.count)} values at some steps` }),
      element('thead', { children: [element('tr', { children: head })] }),
      element('tbody', { children: body }),
    ],
  });
}
