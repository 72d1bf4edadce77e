/** One pair beside the list: the change, value by value, or what was there before or after. */

import type {
  Aspect,
  ComparisonRequests,
  FoundDifference,
  TensorPair,
} from '../../src/protocol/comparison-page';
import { Choice } from '../shared/choice';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { shareText } from '../shared/format';
import type { ReaderConnection } from '../shared/reader-connection';
import { fullName } from '../tensor-table/name-tree';
import { TensorView } from '../tensor-view/tensor-view';
import { kindWords, type ListedPair, relativeText, shapesText } from './pair-columns';

const labels: Readonly<Record<Aspect, string>> = { change: 'Change', before: 'Before', after: 'After' };

/** What the pane works with. */
export interface PairPaneEvents {
  request: ReaderConnection<ComparisonRequests>['request'];
  known(number: number): FoundDifference | undefined;
  close(): void;
}

/** What of a pair there is to be looked at. */
function aspectsOf({ kind, before, after }: TensorPair): Aspect[] {
  const both: Aspect[] = kind === 'both' ? ['change'] : [];
  return [
    ...both,
    ...(before === null ? [] : ['before' as const]),
    ...(after === null ? [] : ['after' as const]),
  ];
}

function detailsOf(pair: TensorPair, found: FoundDifference | undefined): string {
  const parts = [shapesText(pair), (pair.after ?? pair.before)?.dtype ?? ''];
  if (pair.kind !== 'both') parts.unshift(kindWords[pair.kind]);
  else if (found?.figures != null) {
    const { count } = found.figures.statistics;
    parts.push(
      found.changed === 0
        ? 'the same in both files'
        : `${shareText(found.changed / Math.max(1, count))} of the values changed`,
    );
    if (found.relative !== null && found.changed > 0)
      parts.push(`by ${relativeText(found.relative)} of the norm`);
  }
  return parts.join(' · ');
}

/** The pane. */
export class PairPane {
  readonly element: HTMLElement;
  readonly #heading = element('h2', { class: 'pane-title' });
  readonly #details = element('p', { class: 'details' });
  readonly #error = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #view = new TensorView();
  readonly #choice: Choice<Aspect>;
  readonly #content: HTMLElement;
  #of: Aspect = 'change';
  #shown: ListedPair | undefined;
  #asked = 0;

  constructor(private readonly events: PairPaneEvents) {
    const close = element('button', {
      class: 'close',
      text: '×',
      attributes: { type: 'button', 'aria-label': 'Close', title: 'Close (Escape)' },
    });
    close.addEventListener('click', () => events.close());
    this.#choice = new Choice('Values', 'aspect', labels, of => {
      this.#of = of;
      if (this.#shown !== undefined) void this.show(this.#shown);
    });
    this.#content = element('div', {
      class: 'pane-content',
      children: [this.#view.statistics, this.#view.views, this.#view.values],
    });
    this.element = element('section', {
      class: 'pane',
      attributes: { 'aria-label': 'Chosen pair' },
      children: [
        element('header', {
          class: 'pane-head',
          children: [element('div', { children: [this.#heading, this.#details] }), close],
        }),
        this.#choice.element,
        this.#error,
        this.#content,
      ],
    });
    setShown(this.element, false);
  }

  /** Whether a pair is shown. */
  get open(): boolean {
    return !this.element.hidden;
  }

  /** Shows a pair; the last one asked for stays. */
  async show(item: ListedPair): Promise<void> {
    const asked = ++this.#asked;
    this.#shown = item;
    const { number, pair } = item;
    const possible = aspectsOf(pair);
    const of = possible.includes(this.#of) ? this.#of : (possible[0] ?? 'before');
    setShown(this.element, true);
    setText(this.#heading, fullName(item));
    setText(this.#details, detailsOf(pair, this.events.known(number)));
    this.#choice.show(of);
    for (const input of this.#choice.element.querySelectorAll('input'))
      input.disabled = !possible.some(aspect => aspect === input.value);
    setText(this.#error, '');
    try {
      const figures = await this.events.request('examine', { tensor: number, of });
      if (asked !== this.#asked) return;
      const shape = (of === 'after' ? pair.after : pair.before)?.shape ?? [];
      const title = of === 'change' ? `change of ${fullName(item)}` : `${fullName(item)} ${of}`;
      await this.#view.show(
        {
          title,
          shape,
          image: shape.length === 2 && shape[1] === 784 ? { height: 28, width: 28 } : null,
          photograph: false,
          values: part => this.events.request('values', { tensor: number, of, ...part }),
          picture: size => this.events.request('picture', { tensor: number, of, ...size }),
        },
        figures,
      );
      setShown(this.#content, true);
    } catch (error) {
      if (asked !== this.#asked) return;
      setShown(this.#content, false);
      setText(this.#error, messageOf(error));
    }
  }

  close(): void {
    this.#asked++;
    this.#shown = undefined;
    setShown(this.element, false);
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    this.#view.redraw();
  }
}
