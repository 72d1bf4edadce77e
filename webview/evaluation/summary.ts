/** The strip on top: what was measured on what, the figures that say most, and what can be done. */

import type { EvaluationReport } from '../../src/protocol/evaluation';
import type { OpenedEvaluation } from '../../src/protocol/evaluation-page';
import { element, setShown, setText } from '../shared/dom';
import { measure, percent, wholeNumber } from '../shared/format';

function fact(name: string, value: string, more = ''): HTMLElement {
  return element('div', {
    class: 'fact',
    children: [
      element('dt', { text: name }),
      element('dd', {
        children: [value, ...(more === '' ? [] : [element('span', { class: 'unit', text: more })])],
      }),
    ],
  });
}

/** The last part of a path. */
function fileName(file: string): string {
  return file.split(/[\\/]/).at(-1) ?? file;
}

/** The mean of all classes. */
function meanF1({ perClass }: EvaluationReport): number {
  return perClass.reduce((sum, { f1 }) => sum + f1, 0) / Math.max(1, perClass.length);
}

/** The strip. */
export class Summary {
  readonly element: HTMLElement;
  readonly #title = element('h1');
  readonly #model = element('p', { class: 'place' });
  readonly #facts = element('dl', { class: 'facts' });

  constructor() {
    const identity = element('div', { class: 'identity', children: [this.#title, this.#model] });
    this.element = element('header', { class: 'about', children: [identity, this.#facts] });
  }

  /** Shows what the page is about. */
  open({ subject, model, dataset }: OpenedEvaluation): void {
    setText(this.#title, `${fileName(subject.file)} on ${dataset.name}`);
    this.#title.title = subject.file;
    setText(this.#model, model);
    this.#model.title = model;
    setShown(this.#facts, false);
  }

  /** Shows the figures of a report. */
  show(report: EvaluationReport): void {
    const { accuracy, correct, total, loss, calibration } = report;
    this.#facts.replaceChildren(
      fact('Accuracy', percent(accuracy), `${wholeNumber(correct)} of ${wholeNumber(total)}`),
      fact('Mistakes', wholeNumber(total - correct)),
      fact('Loss', loss === null ? '–' : measure(loss)),
      fact('Mean F1', percent(meanF1(report))),
      fact('Calibration error', percent(calibration.expectedError)),
    );
    setShown(this.#facts, true);
  }
}
