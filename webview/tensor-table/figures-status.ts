/** How far a feed of figures is, and what stops it or lets it go on. */
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import type { FiguresFeed } from './figures-feed';

/** The line and its button. */
export class FiguresStatus {
  readonly elements: readonly HTMLElement[];
  readonly #progress = element('span', { class: 'progress', attributes: { role: 'status' } });
  readonly #stop = button('Stop', () => this.feed().setStopped(!this.feed().stopped));

  /** @param words such as `Reading statistics` */
  constructor(
    private readonly words: string,
    private readonly feed: () => FiguresFeed<unknown>,
  ) {
    this.elements = [this.#progress, this.#stop.element];
  }

  /** Shows how the feed stands. */
  show(): void {
    const { known, total, stopped, problem } = this.feed();
    const done = known >= total;
    setShown(this.#stop.element, !done);
    this.#stop.setLabel(stopped ? 'Continue' : 'Stop');
    const count = `${wholeNumber(known)} of ${wholeNumber(total)}`;
    const text = problem ?? (stopped ? `Stopped at ${count}` : `${this.words}: ${count}`);
    setText(this.#progress, done ? '' : text);
    this.#progress.classList.toggle('error', problem !== undefined);
  }
}
