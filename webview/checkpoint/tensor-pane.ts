/** One tensor of the file beside the list: its facts, the full view, and what it does as a matrix. */

import type { CheckpointTensor } from '../../src/protocol/checkpoint';
import type { CheckpointRequests, LookedAt } from '../../src/protocol/checkpoint-page';
import { bytesText } from '../shared/bytes';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import type { ReaderConnection } from '../shared/reader-connection';
import type { TensorSubject } from '../tensor-view/subject';
import { TensorView } from '../tensor-view/tensor-view';
import { SpectrumView } from './spectrum-view';
import { type ListedTensor, shapeText } from './tensor-columns';

/** What the pane works with. */
export interface TensorPaneEvents {
  request: ReaderConnection<CheckpointRequests>['request'];
  /** What is known of a tensor. */
  known(number: number): LookedAt | undefined;
  learn(found: LookedAt): void;
  close(): void;
}

const roles = { parameter: 'parameter', buffer: 'buffer', optimizer: 'state of the optimizer' } as const;

function detailsOf({ role, shape, dtype, elements, bytes, strides, quantization }: CheckpointTensor): string {
  const parts = [roles[role], shapeText(shape), dtype];
  parts.push(`${wholeNumber(elements)} value${elements === 1 ? '' : 's'}, ${bytesText(bytes)}`);
  if (strides !== undefined) parts.push(`strides (${strides.join(', ')})`);
  if (quantization !== undefined) parts.push(quantization.scheme);
  return parts.join(' · ');
}

/** The pane. */
export class TensorPane {
  readonly element: HTMLElement;
  readonly #heading = element('h2', { class: 'pane-title' });
  readonly #details = element('p', { class: 'details' });
  readonly #error = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #view = new TensorView();
  readonly #spectrum = new SpectrumView();
  readonly #content: HTMLElement;
  #asked = 0;

  constructor(private readonly events: TensorPaneEvents) {
    const close = element('button', {
      class: 'close',
      text: '×',
      attributes: { type: 'button', 'aria-label': 'Close', title: 'Close (Escape)' },
    });
    close.addEventListener('click', () => events.close());
    this.#view.views.append(this.#spectrum.element);
    this.#content = element('div', {
      class: 'pane-content',
      children: [this.#view.statistics, this.#view.views, this.#view.values],
    });
    this.element = element('section', {
      class: 'pane',
      attributes: { 'aria-label': 'Chosen tensor' },
      children: [
        element('header', {
          class: 'pane-head',
          children: [element('div', { children: [this.#heading, this.#details] }), close],
        }),
        this.#error,
        this.#content,
      ],
    });
    setShown(this.element, false);
  }

  /** Whether a tensor is shown. */
  get open(): boolean {
    return !this.element.hidden;
  }

  /** Shows a tensor; the last one asked for stays. */
  async show(item: ListedTensor): Promise<void> {
    const asked = ++this.#asked;
    const { number, tensor } = item;
    setShown(this.element, true);
    setText(this.#heading, tensor.name);
    setText(this.#details, detailsOf(tensor));
    setText(this.#error, '');
    try {
      const found = this.events.known(number) ?? (await this.#examine(number));
      if (asked !== this.#asked) return;
      setShown(this.#content, found.figures !== null);
      if (found.figures === null) throw new Error(found.problem ?? 'the tensor cannot be read');
      this.#spectrum.show(tensor.shape, {
        ask: () => this.events.request('spectrum', { tensor: number }),
        cancel: () => void this.events.request('cancelSpectrum', {}).catch(() => undefined),
      });
      await this.#view.show(this.#subjectOf(item), found.figures);
    } catch (error) {
      if (asked === this.#asked) setText(this.#error, messageOf(error));
    }
  }

  close(): void {
    this.#asked++;
    setShown(this.element, false);
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    this.#view.redraw();
    this.#spectrum.draw();
  }

  async #examine(number: number): Promise<LookedAt> {
    const { found } = await this.events.request('examine', { tensors: [number] });
    const [only] = found;
    if (only === undefined) throw new Error('nothing was answered');
    this.events.learn(only);
    return only;
  }

  #subjectOf({ number, tensor }: ListedTensor): TensorSubject {
    return {
      title: tensor.name,
      // Complex numbers come as two, in a last dimension.
      shape: tensor.dtype.startsWith('complex') ? [...tensor.shape, 2] : tensor.shape,
      image: imageOf(tensor.shape),
      photograph: false,
      values: part => this.events.request('values', { tensor: number, ...part }),
      picture: size => this.events.request('picture', { tensor: number, ...size }),
    };
  }
}

/** The weights of a first layer on the images that nearly all of such networks are trained on: 28 × 28 numbers a row. */
function imageOf(shape: readonly number[]): TensorSubject['image'] {
  return shape.length === 2 && shape[1] === 784 ? { height: 28, width: 28 } : null;
}
