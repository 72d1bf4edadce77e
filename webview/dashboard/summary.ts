/** What a chart shows in words, and as a table, for those who do not see it. */
import type { AxisName } from '../../src/protocol/dashboard';
import { element, setText } from '../shared/dom';
import { type ChartKind, placeText } from './charts';
import { extremes, type Line, lineName } from './lines';
import type { Range } from './page-state';

/** Milliseconds between two changes: a table that changes all the time cannot be read. An empty one is filled at once. */
const pause = 1000;

/** What a line does in a range: from where to where, and its extremes. */
export function describe(line: Line, kind: ChartKind, axis: AxisName, range: Range): string {
  const { answer } = line;
  const name = lineName(line) || kind.title;
  const begin = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const seen = answer.x
    .map((x, i) => ({ x, value: answer.smooth[i] ?? answer.mean[i] ?? null }))
    .filter(({ x, value }) => value !== null && x >= range.from && x <= range.to);
  const [first, last] = [seen[0], seen.at(-1)];
  const found = extremes(line, range);
  if (found === undefined || first === undefined || last === undefined)
    return `${begin}: nothing is to be seen.`;
  const at = ({ x, value }: { x: number; value: number | null }) =>
    `${kind.format(value ?? 0)} at ${placeText(axis, x)}`;
  if (seen.length === 1) return `${begin}: ${at(first)}.`;
  const span = `between ${kind.format(found.min)} and ${kind.format(found.max)}`;
  const hidden = line.hidden ? ' It is hidden.' : '';
  return `${begin}: from ${at(first)} to ${at(last)}, ${span}.${hidden}`;
}

/** The words and the table of one chart. */
export class Summary {
  readonly element: HTMLElement;
  /** What the chart shows in a sentence or two; its element's identifier describes the chart. */
  readonly sentence: HTMLElement;
  readonly #body = element('tbody');
  #latest: (() => void) | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly kind: ChartKind) {
    const heads = ['Line', 'Values', 'Latest', 'Lowest', 'Highest', 'Range'];
    const row = heads.map(text => element('th', { text, attributes: { scope: 'col' } }));
    this.sentence = element('p', { attributes: { id: `summary-${kind.id}` } });
    const table = element('table', {
      children: [
        element('caption', { text: `${kind.title}: what the chart shows` }),
        element('thead', { children: [element('tr', { children: row })] }),
        this.#body,
      ],
    });
    this.element = element('div', { class: 'for-screen-readers', children: [this.sentence, table] });
  }

  /** Shows lines, soon. */
  show(lines: readonly Line[], axis: AxisName, range: Range): void {
    const fill = () => {
      this.#body.replaceChildren(...lines.map(line => this.#row(line, axis, range)));
      setText(this.sentence, lines.map(line => describe(line, this.kind, axis, range)).join(' '));
    };
    if (this.#timer !== undefined) {
      this.#latest = fill;
      return;
    }
    fill();
    if (!lines.some(({ answer }) => answer.count > 0)) return;
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
