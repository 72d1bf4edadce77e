/** A class in the table: its name, how many samples it has, and a line of them, or more. */

import { mostSamples, type SamplesAnswer, type SamplesRequest } from '../../src/protocol/dataset';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { describeSample, drawSample, type ImageSize, pictureOf, type Sample, samplesOf } from './sample';

/** What a row shows. */
export interface RowContent {
  /** The samples to ask for, but for how many and from where. */
  readonly request: Pick<SamplesRequest, 'split' | 'label' | 'seed'>;
  readonly className: string;
  /** Samples of the class, of the largest class, and of all. */
  readonly count: number;
  readonly largest: number;
  readonly total: number;
}

/** What a row works with. */
export interface RowContext {
  readonly size: ImageSize;
  readonly ask: (request: SamplesRequest) => Promise<SamplesAnswer>;
  /** How many samples stand in a line. */
  readonly columns: () => number;
  readonly onLines: (label: number, lines: number) => void;
  readonly onTile: (tile: HTMLButtonElement, sample: Sample) => void;
}

/** A class in the table. */
export class ClassRow {
  readonly element: HTMLTableRowElement;
  readonly #mean = element('span', { class: 'class-mean' });
  readonly #name = element('span', { class: 'class-name' });
  readonly #count = element('span', { class: 'class-count' });
  readonly #bar = element('span', { class: 'bar-fill' });
  readonly #share = element('span', { class: 'class-share' });
  readonly #more = element('button', { class: 'link', text: 'More', attributes: { type: 'button' } });
  readonly #fewer = element('button', { class: 'link', text: 'Fewer', attributes: { type: 'button' } });
  readonly #list = element('ul', { class: 'samples' });
  readonly #problem = element('p', { class: 'error', attributes: { role: 'alert' } });
  #content: RowContent | undefined;
  #lines = 1;
  /** Whether the row has been in sight. */
  #wanted = false;
  /** The load in progress; what another one brings is passed over. */
  #load = 0;
  #loading = false;

  constructor(private readonly context: RowContext) {
    const bar = element('span', {
      class: 'bar',
      attributes: { 'aria-hidden': 'true' },
      children: [this.#bar],
    });
    const head = element('th', {
      attributes: { scope: 'row' },
      children: [
        element('div', {
          class: 'class',
          children: [
            this.#mean,
            this.#name,
            this.#count,
            bar,
            this.#share,
            element('span', { class: 'links', children: [this.#more, this.#fewer] }),
          ],
        }),
      ],
    });
    setShown(this.#problem, false);
    this.element = element('tr', {
      children: [head, element('td', { children: [this.#list, this.#problem] })],
    });
    this.#more.addEventListener('click', () => this.#setLines(this.#lines + 1));
    this.#fewer.addEventListener('click', () => this.#setLines(1));
  }

  /** The tiles that are shown. */
  get tiles(): HTMLButtonElement[] {
    return [...this.#list.querySelectorAll<HTMLButtonElement>('li:not([hidden]) > button')];
  }

  /** Shows a class, or another part or order of it. */
  show(content: RowContent, lines: number): void {
    const { className, count, largest, total } = content;
    this.#content = content;
    this.#lines = lines;
    setText(this.#name, className);
    setText(this.#count, wholeNumber(count));
    setText(this.#share, `${((count / Math.max(1, total)) * 100).toFixed(1)} %`);
    this.#bar.style.width = `${(count / Math.max(1, largest)) * 100}%`;
    this.#more.setAttribute('aria-label', `More samples of class ${className}`);
    this.#fewer.setAttribute('aria-label', `Fewer samples of class ${className}`);
    this.#load++;
    this.#loading = false;
    this.#list.replaceChildren();
    setShown(this.#problem, false);
    this.fit();
  }

  /** Shows what the images of the class are on average; nothing of a class without any. */
  showMean(pixels: Uint8Array | undefined): void {
    const { className, count } = this.#content ?? { className: '', count: 0 };
    const label = `Mean image of class ${className}`;
    if (pixels === undefined || count === 0) this.#mean.replaceChildren();
    else {
      const picture = pictureOf(pixels, this.context.size, 56, label);
      picture.title = label;
      this.#mean.replaceChildren(picture);
    }
  }

  /** The row is in sight: what it shows is asked for. */
  want(): void {
    this.#wanted = true;
    void this.#fill();
  }

  /** There is room for more or for fewer samples in a line. */
  fit(): void {
    const { count = 0 } = this.#content ?? {};
    setShown(this.#more, count > this.#room);
    setShown(this.#fewer, this.#lines > 1);
    [...this.#list.children].forEach((item, i) => {
      if (item instanceof HTMLElement) setShown(item, i < this.#room);
    });
    void this.#fill();
  }

  get #room(): number {
    return this.#lines * this.context.columns();
  }

  #setLines(lines: number): void {
    this.#lines = lines;
    this.context.onLines(this.#content?.request.label ?? 0, lines);
    this.fit();
    // The button that was pressed may be gone now.
    if (this.#more.hidden || this.#fewer.hidden) (this.#more.hidden ? this.#fewer : this.#more).focus();
  }

  /** Asks for samples until the lines are full. */
  async #fill(): Promise<void> {
    const content = this.#content;
    if (content === undefined || !this.#wanted || this.#loading) return;
    const load = this.#load;
    this.#loading = true;
    try {
      for (;;) {
        const from = this.#list.children.length;
        const missing = Math.min(this.#room, content.count) - from;
        if (missing <= 0) break;
        const count = Math.min(missing, mostSamples);
        const answer = await this.context.ask({ ...content.request, from, count });
        if (load !== this.#load) return;
        if (answer.indices.length === 0) break;
        this.#append(answer, content);
      }
    } catch (error) {
      if (load !== this.#load) return;
      setText(this.#problem, messageOf(error));
      setShown(this.#problem, true);
    } finally {
      if (load === this.#load) this.#loading = false;
    }
  }

  #append(answer: SamplesAnswer, { request, className }: RowContent): void {
    const samples = samplesOf(answer, this.context.size, request.split, className);
    this.#list.append(...samples.map(sample => this.#tile(sample)));
  }

  #tile(sample: Sample): HTMLElement {
    const canvas = element('canvas', { attributes: { 'aria-hidden': 'true' } });
    drawSample(canvas, sample, this.context.size);
    const text = describeSample(sample);
    const tile = element('button', {
      class: 'tile',
      attributes: { type: 'button', 'aria-label': text, title: text, tabindex: '-1' },
      children: [canvas, element('span', { class: 'index', text: String(sample.index) })],
    });
    this.context.onTile(tile, sample);
    return element('li', { children: [tile] });
  }
}
