/** Transforms that are tried on some training images before anything is trained with them, and kept. */

import type { DatasetSummary } from '../../src/protocol/dataset';
import type { PreviewAnswer } from '../../src/protocol/dataset-transforms';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { bytesOf, pictureOf } from './sample';
import type { Ask } from './sample-tensor';

/** Samples that are tried, and how often each. */
const mostRows = 8;
const variants = 6;
/** Milliseconds after the last key that a change of the text is tried. */
const pause = 250;
/** Milliseconds after which waiting is worth a word. */
const patience = 400;
const length = 84;

/** What can be put into the text by a click. */
const offered = [
  'RandomCrop({side}, padding=4)',
  'RandomHorizontalFlip()',
  "RandomRotation(15, 'bilinear')",
  'RandomAffine(10, translate=(0.1, 0.1), scale=(0.9, 1.1))',
  'RandomErasing()',
  'Resize({side})',
  'CenterCrop({side})',
  'Grayscale()',
  'Normalize()',
];

/** The page of transforms. */
export class TransformsView {
  readonly element: HTMLElement;
  readonly #text = element('textarea', { attributes: { rows: '6', spellcheck: 'false' } });
  readonly #offers = element('div', { class: 'offers' });
  readonly #problem = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #note = element('p', { class: 'faint', attributes: { role: 'status' } });
  readonly #pictures = element('div', { class: 'previews' });
  readonly #keep = button('Keep in descent.json', () => void this.#save(), {
    title: 'Runs on this folder are trained with these transforms from now on',
  });
  readonly #again = button('Draw Again', () => {
    this.#seed++;
    void this.#try();
  });
  #summary: DatasetSummary | undefined;
  #seed = 0;
  #tried = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #shown = false;

  constructor(
    private readonly ask: Ask,
    private readonly onText: (text: string) => void,
  ) {
    this.#text.setAttribute('aria-label', 'Transforms, one a line');
    this.#text.placeholder = 'One a line, as in torchvision: RandomCrop(28, padding=4)';
    this.#text.addEventListener('input', () => this.#changed());
    const tools = element('div', { class: 'tools', children: [this.#again.element, this.#keep.element] });
    this.element = element('div', {
      class: 'transforms',
      children: [
        element('p', {
          class: 'faint',
          text: "What is done with images, in this order and by torchvision's names. Random ones change each training image anew in every epoch, and are left out where a network is measured.",
        }),
        this.#text,
        this.#offers,
        this.#problem,
        tools,
        this.#note,
        this.#pictures,
      ],
    });
    setShown(this.#problem, false);
    this.#say('');
  }

  /** Takes another dataset, with a text for it. */
  take(summary: DatasetSummary, text: string | null): void {
    this.#summary = summary;
    this.#text.value = text ?? summary.transforms.join('\n');
    const side = String(Math.min(summary.height, summary.width));
    const offers = offered.map(each => {
      const call = each.replace('{side}', side);
      const made = element('button', { class: 'link', text: call, attributes: { type: 'button' } });
      made.addEventListener('click', () => {
        this.#text.value = [...this.#lines, call].join('\n');
        this.#changed();
      });
      return made;
    });
    this.#offers.replaceChildren(element('span', { class: 'faint', text: 'Add' }), ...offers);
    setShown(this.#keep.element, summary.folder !== null);
    this.#pictures.replaceChildren();
    if (this.#shown) void this.#try();
  }

  /** The page is shown, or not. */
  setShown(shown: boolean): void {
    this.#shown = shown;
    if (shown) void this.#try();
  }

  get #lines(): string[] {
    return this.#text.value
      .split('\n')
      .map(line => line.trim())
      .filter(line => line !== '');
  }

  #changed(): void {
    this.onText(this.#text.value);
    this.#say('');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#try(), pause);
  }

  #say(text: string): void {
    setText(this.#note, text);
    setShown(this.#note, text !== '');
  }

  /** The same samples each time, spread over the training set. */
  #rows(): number[] {
    const total = this.#summary?.splits.find(({ name }) => name === 'train')?.samples ?? 0;
    const count = Math.min(mostRows, total);
    return Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * total) / count));
  }

  async #try(): Promise<void> {
    const tried = ++this.#tried;
    const rows = this.#rows();
    const busy = setTimeout(() => this.#say('Changing some samples …'), patience);
    try {
      const request = { rows, seed: this.#seed };
      const before = await this.ask('preview', { ...request, texts: [], variants: 1 });
      const after = await this.ask('preview', { ...request, texts: this.#lines, variants });
      if (tried !== this.#tried) return;
      if (after.state === 'problem') this.#fail(after.message);
      else if (before.state === 'problem') this.#fail(before.message);
      else this.#draw(rows, before, after);
    } catch (error) {
      if (tried === this.#tried) this.#fail(messageOf(error));
    } finally {
      clearTimeout(busy);
      if (tried === this.#tried) this.#say('');
    }
  }

  #fail(message: string): void {
    setText(this.#problem, message);
    setShown(this.#problem, true);
    this.#text.setAttribute('aria-invalid', 'true');
    this.#keep.setEnabled(false);
    this.#pictures.classList.add('old');
  }

  #draw(rows: readonly number[], before: Shown, after: Shown): void {
    setShown(this.#problem, false);
    this.#text.removeAttribute('aria-invalid');
    this.#keep.setEnabled(true);
    this.#pictures.classList.remove('old');
    const [originals, changed] = [bytesOf(before.pixels), bytesOf(after.pixels)];
    const sizeOf = ({ height, width, channels }: Shown) => height * width * channels;
    const [from, to] = [sizeOf(before), sizeOf(after)];
    const changes = this.#lines.length > 0;
    const lines = rows.map((row, i) => {
      const original = pictureOf(
        originals.subarray(i * from, (i + 1) * from),
        before,
        length,
        `Sample ${row}`,
      );
      const made = Array.from({ length: changes ? variants : 0 }, (_, k) => {
        const at = (i * variants + k) * to;
        return pictureOf(changed.subarray(at, at + to), after, length, `Sample ${row}, changed, ${k + 1}`);
      });
      return element('div', { class: 'preview', children: [original, ...made] });
    });
    const head = element('div', {
      class: 'preview faint',
      children: [
        element('span', { text: `${before.height} × ${before.width}` }),
        ...(changes
          ? [element('span', { class: 'becomes', text: `becomes ${after.height} × ${after.width}` })]
          : []),
      ],
    });
    this.#pictures.style.setProperty('--preview-length', `${length}px`);
    this.#pictures.replaceChildren(head, ...lines);
  }

  async #save(): Promise<void> {
    try {
      await this.ask('keep', { texts: this.#lines });
      this.#say('Kept: runs on this folder are trained with these transforms from now on.');
    } catch (error) {
      this.#fail(messageOf(error));
    }
  }
}

type Shown = Extract<PreviewAnswer, { readonly state: 'shown' }>;
