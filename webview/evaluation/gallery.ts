/** Samples with what they are and what they were taken for. */
import { element, setText } from '../shared/dom';
import { type ImageForm, pictureOf } from './picture';

/** A sample to show. */
export interface GallerySample {
  readonly index: number;
  readonly actual: number;
  readonly predicted: number;
  readonly confidence: number;
}

/** What a gallery works with. */
export interface GalleryContext {
  readonly classes: readonly string[];
  /** Null where samples are no images. */
  readonly image: ImageForm | null;
  /** Gives the pixels of samples. */
  readonly load: (indices: number[]) => Promise<Uint8Array>;
  /** A sample was chosen, to be drawn on. */
  readonly onChoose: (pixels: Uint8Array, sample: GallerySample) => void;
}

/** So many samples are shown at first, and more at every wish. */
const page = 24;

/** What is not quite sure is not called so. */
function certainty(share: number): string {
  return share < 1 && share >= 0.9995 ? '> 99.9 %' : `${(100 * share).toFixed(1)} %`;
}

/** A sample in words. */
function describe(
  { index, actual, predicted, confidence }: GallerySample,
  classes: readonly string[],
): string {
  const [is, taken] = [classes[actual] ?? actual, classes[predicted] ?? predicted];
  const what = actual === predicted ? `is ${is}, and is taken for it` : `is ${is}, taken for ${taken}`;
  return `Sample ${index} ${what} with ${certainty(confidence)}`;
}

/** A gallery: images in order, more on demand. */
export class Gallery {
  readonly element: HTMLElement;
  readonly #list = element('ul', { class: 'samples' });
  readonly #note = element('p', { class: 'note' });
  readonly #more = element('button', { class: 'link', text: 'More', attributes: { type: 'button' } });
  #samples: readonly GallerySample[] = [];
  #context: GalleryContext | undefined;
  #shown = 0;
  /** The load in progress; what another one brings is passed over. */
  #load = 0;

  constructor(label: string) {
    this.#more.setAttribute('aria-label', `More: ${label}`);
    this.#more.addEventListener('click', () => void this.#append());
    this.#list.setAttribute('aria-label', label);
    this.element = element('div', { class: 'gallery', children: [this.#list, this.#note, this.#more] });
    this.#more.hidden = true;
  }

  /** Shows samples; `nothing` is said where there are none. */
  show(samples: readonly GallerySample[], context: GalleryContext, nothing: string): void {
    this.#samples = samples;
    this.#context = context;
    this.#shown = 0;
    this.#load++;
    this.#list.replaceChildren();
    setText(this.#note, samples.length === 0 ? nothing : '');
    void this.#append();
  }

  async #append(): Promise<void> {
    const context = this.#context;
    if (context === undefined) return;
    const load = this.#load;
    const next = this.#samples.slice(this.#shown, this.#shown + page);
    this.#shown += next.length;
    this.#more.hidden = this.#shown >= this.#samples.length;
    if (next.length === 0) return;
    let pixels: Uint8Array | undefined;
    if (context.image !== null) {
      try {
        pixels = await context.load(next.map(({ index }) => index));
      } catch (error) {
        if (load === this.#load)
          setText(
            this.#note,
            `The images cannot be shown: ${error instanceof Error ? error.message : error}`,
          );
      }
    }
    if (load !== this.#load) return;
    this.#list.append(...next.map((sample, i) => this.#item(sample, pixels, i, context)));
  }

  #item(sample: GallerySample, all: Uint8Array | undefined, i: number, context: GalleryContext): HTMLElement {
    const { classes, image } = context;
    const size = image === null ? 0 : image.height * image.width * image.channels;
    const pixels = all?.subarray(i * size, (i + 1) * size);
    const text = describe(sample, classes);
    const [is, taken] = [classes[sample.actual], classes[sample.predicted]].map(name => name ?? '');
    const words = element('span', {
      class: 'verdict',
      children:
        sample.actual === sample.predicted
          ? [element('span', { text: is ?? '' })]
          : [
              element('span', { text: is ?? '' }),
              ' → ',
              element('span', { class: 'taken', text: taken ?? '' }),
            ],
    });
    const made = element('button', {
      class: 'tile',
      attributes: { type: 'button', title: text },
      children: [
        element('span', { class: 'for-screen-readers', text: `Sample ${sample.index}:` }),
        ...(pixels === undefined || image === null ? [] : [pictureOf(pixels, image)]),
        words,
        element('span', { class: 'sure', text: certainty(sample.confidence) }),
      ],
    });
    if (pixels !== undefined) made.addEventListener('click', () => context.onChoose(pixels, sample));
    return element('li', { children: [made] });
  }
}
