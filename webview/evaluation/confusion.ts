/** The confusion matrix as a heat map that can be read as a table: a row for each true class, a column for each answer. */
import type { EvaluationReport } from '../../src/protocol/evaluation';
import { element } from '../shared/dom';
import { percent, wholeNumber } from '../shared/format';
import type { Cell } from './page-state';

/** A mistake that is this share of its class has the strongest colour: mistakes are few, and are what one looks for. */
const strongMistake = 0.1;

/** With more classes than these, cells are too small for numbers. */
const mostNumbered = 30;

/** The matrix. */
export class Confusion {
  readonly element = element('div', { class: 'confusion' });
  #buttons: HTMLButtonElement[][] = [];
  #current: HTMLButtonElement | undefined;

  /** @param onChoose called with the cell whose samples are to be seen */
  constructor(private readonly onChoose: (cell: Cell) => void) {
    this.element.addEventListener('keydown', event => this.#onKey(event));
  }

  /** Shows the matrix of a report. */
  show({ confusion, dataset }: EvaluationReport, chosen: Cell | null): void {
    const { classes } = dataset;
    this.#buttons = confusion.map(() => []);
    const heads = classes.map(name =>
      element('th', {
        attributes: { scope: 'col', title: name },
        children: [element('span', { text: name })],
      }),
    );
    const rows = confusion.map((row, actual) => {
      const total = row.reduce((sum, count) => sum + count, 0);
      const cells = row.map((count, predicted) => this.#cell({ actual, predicted }, count, total, classes));
      const head = element('th', { text: classes[actual] ?? '', attributes: { scope: 'row' } });
      return element('tr', { children: [head, ...cells] });
    });
    const corner = element('th', {
      class: 'corner',
      attributes: { scope: 'col' },
      children: [element('span', { text: 'true' })],
    });
    const table = element('table', {
      class: classes.length > mostNumbered ? 'matrix many' : 'matrix',
      children: [
        element('caption', { text: 'predicted' }),
        element('thead', { children: [element('tr', { children: [corner, ...heads] })] }),
        element('tbody', { children: rows }),
      ],
    });
    this.element.replaceChildren(table);
    this.select(chosen);
  }

  /** Marks a cell. */
  select(chosen: Cell | null): void {
    for (const [actual, row] of this.#buttons.entries()) {
      for (const [predicted, made] of row.entries()) {
        const isChosen = chosen?.actual === actual && chosen.predicted === predicted;
        made.setAttribute('aria-pressed', String(isChosen));
        made.tabIndex = -1;
        if (isChosen) this.#current = made;
      }
    }
    const here = this.#buttons.flat();
    if (this.#current === undefined || !here.includes(this.#current)) this.#current = here[0];
    if (this.#current !== undefined) this.#current.tabIndex = 0;
  }

  #cell(cell: Cell, count: number, total: number, classes: readonly string[]): HTMLElement {
    const right = cell.actual === cell.predicted;
    const share = total === 0 ? 0 : count / total;
    const [actual, predicted] = [classes[cell.actual] ?? '', classes[cell.predicted] ?? ''];
    const text = right
      ? `${wholeNumber(count)} of class ${actual} are right (${percent(share)})`
      : `${wholeNumber(count)} of class ${actual} taken for ${predicted} (${percent(share)})`;
    const made = element('button', {
      class: right ? 'right' : 'wrong',
      text: count === 0 ? '' : wholeNumber(count),
      attributes: { type: 'button', 'aria-label': text, title: text },
    });
    made.style.setProperty('--share', String(Math.min(1, right ? share : share / strongMistake)));
    made.addEventListener('click', () => this.onChoose(cell));
    made.addEventListener('focus', () => this.#moveTo(made));
    this.#buttons[cell.actual]?.push(made);
    return element('td', { children: [made] });
  }

  #moveTo(made: HTMLButtonElement): void {
    if (this.#current !== undefined) this.#current.tabIndex = -1;
    this.#current = made;
    made.tabIndex = 0;
  }

  #onKey(event: KeyboardEvent): void {
    const steps: Readonly<Record<string, readonly [number, number]>> = {
      ArrowRight: [0, 1],
      ArrowLeft: [0, -1],
      ArrowDown: [1, 0],
      ArrowUp: [-1, 0],
    };
    const step = Object.hasOwn(steps, event.key) ? steps[event.key] : undefined;
    const { target } = event;
    if (step === undefined || !(target instanceof HTMLButtonElement)) return;
    const y = this.#buttons.findIndex(row => row.includes(target));
    if (y < 0) return;
    const x = this.#buttons[y]?.indexOf(target) ?? -1;
    const next = this.#buttons[y + step[0]]?.[x + step[1]];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  }
}
