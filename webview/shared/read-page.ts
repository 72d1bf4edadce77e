/**
 * A page that shows what somebody reads for it: a notice stands in its place until that is there, or says why it is not.
 * When it is read anew, what an earlier reading still brings is passed over.
 */

import { element, setShown } from './dom';
import { messageOf } from './errors';
import { Notice, type NoticeWords } from './notice';

/** What is read, and what becomes of it. */
export interface ReadPageParts<Content> {
  readonly words: NoticeWords;
  readonly children: readonly HTMLElement[];
  read(): Promise<Content>;
  /** Shows what was read, on a page that is in view. */
  show(content: Content): void;
  /** A person has asked to try again. */
  again(): void;
}

/** The page and its notice. */
export class ReadPage<Content> {
  readonly element: HTMLElement;
  readonly #notice: Notice;
  /** The reading in progress. */
  #reading = 0;

  constructor(
    root: HTMLElement,
    private readonly parts: ReadPageParts<Content>,
  ) {
    this.#notice = new Notice(parts.words, () => parts.again());
    this.element = element('main', { class: 'page', children: parts.children });
    setShown(this.element, false);
    root.append(this.#notice.element, this.element);
  }

  /** Whether there is something to be seen. */
  get visible(): boolean {
    return !this.element.hidden;
  }

  /** Reads, and shows what was read. */
  async read(): Promise<void> {
    const reading = ++this.#reading;
    setShown(this.element, false);
    this.#notice.showReading();
    try {
      const content = await this.parts.read();
      if (reading !== this.#reading) return;
      this.#notice.hide();
      setShown(this.element, true);
      this.parts.show(content);
    } catch (error) {
      if (reading === this.#reading) this.fail(messageOf(error));
    }
  }

  /** Says why there is nothing to be seen. */
  fail(reason: string): void {
    this.#reading++;
    setShown(this.element, false);
    this.#notice.showFailure(reason);
  }
}
