/** What a chart shows, as a table for screen readers. */
import type { AxisName } from '../../src/protocol/dashboard';
import { element } from '../shared/dom';
import { type ChartKind, placeText } from './charts';
import { extremes, type Line, lineName } from './lines';
import type { Range } from './page-state';

/** Milliseconds between two changes: a table that changes all the time cannot be read. */
const pause = 1000;

/** The table of one chart. */
export class Summary {
  readonly element: HTMLElement;
  readonly #body = element('tbody');
  #latest: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kind: ChartKind) {
    const heads = ['Line', 'Values', 'Latest', 'Lowest', 'Highest', 'Range'];
    const row = heads.map(text => element('th', { text, attributes: { scope: 'col' } }));
    this.element = element('table', {
      class: 'for-screen-readers',
      children: [
        element('caption', { text: `${kind.title}: what the chart shows` }),
        element('thead', { children: [element('tr', { children: row })] }),
        this.#body,
      ],
    });
  }

  /** Shows lines, soon. */
  show(lines: readonly Line[], axis: AxisName, range: Range): void {
    const fill = () => this.#body.replaceChildren(...lines.map(line => this.#row(line, axis, range)));
    if (this.#timer !== undefined) {
      this.#latest = fill;
      return;
    }
    fill();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#latest?.();
      this.#latest = undefined;
    }, pause);
  }

  #row(line: Line, axis: AxisName, range: Range): HTMLElement {
    const { answer } = line;
    const { format } = this.kind;
    const found = extremes(line, range);
    const from = Math.max(range.from, answer.x[0] ?? Number.NaN);
    const to = Math.min(range.to, answer.x.at(-1) ?? Number.NaN);
    const cells = [
      String(answer.count),
      answer.latest === null ? '–' : format(answer.latest),
      found === undefined ? '–' : format(found.min),
      found === undefined ? '–' : format(found.max),
      !(from <= to) ? '–' : `${placeText(axis, from)} to ${placeText(axis, to)}`,
    ];
    return element('tr', {
      children: [
        element('th', { text: lineName(line) || this.kind.title, attributes: { scope: 'row' } }),
        ...cells.map(text => element('td', { text })),
      ],
    });
  }
}
