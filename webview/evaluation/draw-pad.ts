/** A field to draw on, and what the model makes of it while one draws. */

import { button } from '../shared/controls';
import { element } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { type Grey, imageOfDrawing } from './drawing-image';
import { drawImage, type ImageForm } from './picture';
import { Probabilities } from './probabilities';

/** What a pad works with. */
export interface PadContext {
  readonly classes: readonly string[];
  readonly image: ImageForm;
  /** Asks the model about an image. */
  readonly predict: (pixels: Uint8Array) => Promise<readonly number[]>;
  /** Gives a sample of the data, at random. */
  readonly sample: () => Promise<Uint8Array>;
}

/** The pad's own pixels along a side: fine enough for a smooth line. */
const side = 280;

/** How thick a line is: about as thick as MNIST's, when a digit fills most of the pad. */
const thickness = side / 12;

/** The pad. */
export class DrawPad {
  readonly element: HTMLElement;
  readonly #pad: HTMLCanvasElement;
  readonly #seen = element('canvas', { class: 'seen', attributes: { 'aria-hidden': 'true' } });
  readonly #probabilities = new Probabilities();
  #context: PadContext | undefined;
  #last: readonly [number, number] | undefined;
  #asking = false;
  #asked: Uint8Array | undefined;
  /** A pad that was cleared meanwhile has no answer any more. */
  #drawing = 0;

  constructor() {
    this.#pad = element('canvas', {
      class: 'pad',
      attributes: {
        width: String(side),
        height: String(side),
        role: 'img',
        'aria-label': 'A field to draw on',
      },
    });
    this.#pad.addEventListener('pointerdown', event => this.#begin(event));
    this.#pad.addEventListener('pointermove', event => this.#move(event));
    for (const end of ['pointerup', 'pointercancel'] as const)
      this.#pad.addEventListener(end, () => {
        this.#last = undefined;
      });
    const clear = button('Clear', () => this.clear());
    const sample = button('Take a Sample', () => void this.#takeSample(), {
      title: 'Begin with an image of the data, chosen at random',
    });
    const seen = element('figure', {
      children: [this.#seen, element('figcaption', { text: 'what the model sees' })],
    });
    this.element = element('div', {
      class: 'draw',
      children: [
        element('div', {
          class: 'draw-field',
          children: [
            this.#pad,
            element('div', { class: 'draw-tools', children: [clear.element, sample.element] }),
            seen,
          ],
        }),
        this.#probabilities.element,
      ],
    });
  }

  /** Begins anew, for another model or other data. */
  begin(context: PadContext): void {
    this.#context = context;
    this.#probabilities.begin(context.classes);
    this.clear();
  }

  /** Takes away what was drawn. */
  clear(): void {
    this.#drawing++;
    this.#asked = undefined;
    this.#paint().clearRect(0, 0, side, side);
    this.#seen.width = 1;
    this.#seen.height = 1;
    this.#probabilities.clear();
  }

  /** Puts an image on the pad as it is, to be seen through the model's eyes and drawn on. */
  put(pixels: Uint8Array): void {
    if (this.#context === undefined) return;
    this.clear();
    const { image } = this.#context;
    const picture = element('canvas');
    drawImage(picture, pixels, image);
    const paint = this.#paint();
    paint.imageSmoothingEnabled = true;
    paint.drawImage(picture, 0, 0, side, side);
    this.#see(pixels);
  }

  #paint(): CanvasRenderingContext2D {
    const context = this.#pad.getContext('2d', { willReadFrequently: true });
    if (context === null) throw new Error('there is no canvas to draw on');
    return context;
  }

  #placeOf(event: PointerEvent): readonly [number, number] {
    const { left, top, width, height } = this.#pad.getBoundingClientRect();
    return [((event.clientX - left) / width) * side, ((event.clientY - top) / height) * side];
  }

  #begin(event: PointerEvent): void {
    event.preventDefault();
    this.#pad.setPointerCapture(event.pointerId);
    this.#last = this.#placeOf(event);
    this.#line(this.#last);
  }

  #move(event: PointerEvent): void {
    if (this.#last === undefined) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.#line(this.#placeOf(each));
  }

  #line(to: readonly [number, number]): void {
    const paint = this.#paint();
    const [x, y] = this.#last ?? to;
    paint.lineWidth = thickness;
    paint.lineCap = 'round';
    paint.lineJoin = 'round';
    paint.strokeStyle = '#fff';
    paint.beginPath();
    paint.moveTo(x, y);
    paint.lineTo(to[0], to[1]);
    paint.stroke();
    this.#last = to;
    const image = this.#context?.image;
    if (image === undefined) return;
    const drawn = imageOfDrawing(this.#grey(), image.width, image.height);
    if (drawn !== undefined) this.#see(repeated(drawn.pixels, image.channels));
  }

  /** What is on the pad. Where nothing was drawn it is transparent, and that is black. */
  #grey(): Grey {
    const { data } = this.#paint().getImageData(0, 0, side, side);
    const pixels = Uint8Array.from({ length: side * side }, (_, i) =>
      Math.round(((data[4 * i] ?? 0) * (data[4 * i + 3] ?? 0)) / 255),
    );
    return { width: side, height: side, pixels };
  }

  #see(pixels: Uint8Array): void {
    if (this.#context === undefined) return;
    drawImage(this.#seen, pixels, this.#context.image);
    this.#asked = pixels;
    void this.#ask();
  }

  /** One question at a time; of what was drawn meanwhile only the last counts. */
  async #ask(): Promise<void> {
    const [context, pixels, drawing] = [this.#context, this.#asked, this.#drawing];
    if (context === undefined || pixels === undefined || this.#asking) return;
    this.#asking = true;
    this.#asked = undefined;
    try {
      const probabilities = await context.predict(pixels);
      if (drawing === this.#drawing) this.#probabilities.show(probabilities);
    } catch (error) {
      if (drawing === this.#drawing) this.#probabilities.fail(messageOf(error));
    } finally {
      this.#asking = false;
    }
    void this.#ask();
  }

  async #takeSample(): Promise<void> {
    try {
      const pixels = await this.#context?.sample();
      if (pixels !== undefined) this.put(pixels);
    } catch (error) {
      this.#probabilities.fail(messageOf(error));
    }
  }
}

/** A grey image in each of several channels. */
function repeated(pixels: Uint8Array, channels: number): Uint8Array {
  const all = new Uint8Array(pixels.length * channels);
  for (let channel = 0; channel < channels; channel++) all.set(pixels, channel * pixels.length);
  return all;
}
