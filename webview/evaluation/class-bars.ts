/** How well each class is known: precision, recall and F1 as bars beside their numbers. */
import type { EvaluationReport } from '../../src/protocol/evaluation';
import { element } from '../shared/dom';
import { wholeNumber } from '../shared/format';

const titles = { precision: 'Precision', recall: 'Recall', f1: 'F1' } as const;

const explained = {
  precision: 'Of the samples that were taken for this class, the share that is of it',
  recall: 'Of the samples of this class, the share that was taken for it',
  f1: 'The harmonic mean of precision and recall',
} as const;

function bar(share: number, lowest: number): HTMLElement {
  const fill = element('span', { class: 'bar-fill' });
  // Differences between good classes are small: the bars begin at a round number below the worst.
  fill.style.width = `${(100 * Math.max(0, share - lowest)) / (1 - lowest)}%`;
  const track = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' }, children: [fill] });
  return element('td', {
    children: [element('span', { class: 'figure', text: `${(100 * share).toFixed(1)} %` }), track],
  });
}

/** The table of the classes. */
export function classTable({ perClass }: EvaluationReport): HTMLElement {
  const names = ['precision', 'recall', 'f1'] as const;
  const worst = Math.min(...perClass.flatMap(score => names.map(name => score[name])));
  const lowest = Math.min(0.9, Math.floor(Math.max(0, worst - 0.02) * 10) / 10);
  const head = element('tr', {
    children: [
      element('th', { text: 'Class', attributes: { scope: 'col' } }),
      ...names.map(name =>
        element('th', { text: titles[name], attributes: { scope: 'col', title: explained[name] } }),
      ),
      element('th', { class: 'number', text: 'Samples', attributes: { scope: 'col' } }),
    ],
  });
  const rows = perClass.map(score =>
    element('tr', {
      children: [
        element('th', { text: score.label, attributes: { scope: 'row' } }),
        ...names.map(name => bar(score[name], lowest)),
        element('td', { class: 'number', text: wholeNumber(score.support) }),
      ],
    }),
  );
  const note =
    lowest > 0 ? [element('caption', { text: `Bars begin at ${Math.round(100 * lowest)} %` })] : [];
  return element('table', {
    class: 'class-table',
    children: [...note, element('thead', { children: [head] }), element('tbody', { children: rows })],
  });
}
