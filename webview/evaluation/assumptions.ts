/** What to know of a report before reading it: what had to be assumed, what else was tried, and that it is not kept. */
import type { EvaluationReport } from '../../src/protocol/evaluation';
import { element } from '../shared/dom';
import { percent } from '../shared/format';

/** So many other ways are listed. */
const mostAttempts = 12;

/** The assumptions of a report; undefined where there are none. */
export function assumptionsOf(
  { assumptions, tried }: EvaluationReport,
  onChange: () => void,
): HTMLElement | undefined {
  if (assumptions.length === 0) return undefined;
  const change = element('button', { class: 'link', text: 'Choose…', attributes: { type: 'button' } });
  change.setAttribute('aria-label', 'Choose how the model is understood');
  change.addEventListener('click', onChange);
  const others = tried.attempts.filter(({ chosen }) => !chosen).slice(0, mostAttempts);
  const rows = others.map(({ accuracy, text }) =>
    element('li', { children: [element('span', { class: 'figure', text: percent(accuracy) }), text] }),
  );
  const more =
    rows.length === 0
      ? []
      : [
          element('summary', { text: `Other ways to read it, on ${tried.samples} training images` }),
          element('ul', { class: 'attempts', children: rows }),
        ];
  return element('section', {
    class: 'assumptions',
    attributes: { 'aria-label': 'Assumptions' },
    children: [
      element('h2', { text: 'Assumed, since the file does not say it' }),
      element('ul', { children: assumptions.map(({ text }) => element('li', { text })) }),
      ...(more.length === 0 ? [] : [element('details', { children: more })]),
      change,
    ],
  });
}

/** That a report is not kept, and why; undefined where nothing hinders it. */
export function notKeptOf({ notKept }: EvaluationReport): HTMLElement | undefined {
  if (notKept === undefined) return undefined;
  return element('section', {
    class: 'assumptions',
    attributes: { 'aria-label': 'Not kept' },
    children: [
      element('h2', { text: 'Not kept with the run' }),
      element('p', { class: 'reason', text: notKept }),
    ],
  });
}
