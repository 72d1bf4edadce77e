/** A sample as the tensor that a network gets of it: figures, histogram, picture and every number. */

import type { DatasetRequests, SampleRef } from '../../src/protocol/dataset';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import type { TensorSubject } from '../tensor-view/subject';
import { TensorView } from '../tensor-view/tensor-view';
import { describeSample, type Sample } from './sample';

/** Asks the host. */
export type Ask = <K extends keyof DatasetRequests>(
  name: K,
  params: DatasetRequests[K]['params'],
) => Promise<DatasetRequests[K]['result']>;

/** The view of one sample. */
export class SampleTensor {
  readonly element: HTMLElement;
  readonly #title = element('h2', { attributes: { tabindex: '-1' } });
  readonly #about = element('p', { class: 'faint' });
  readonly #problem = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #view = new TensorView();
  #asked = 0;

  constructor(
    private readonly ask: Ask,
    private readonly onClose: () => void,
  ) {
    const back = button('Back to Samples', () => this.close());
    this.element = element('section', {
      class: 'sample-tensor',
      children: [
        element('header', { children: [back.element, this.#title, this.#about] }),
        this.#problem,
        this.#view.statistics,
        this.#view.views,
        this.#view.values,
      ],
    });
    setShown(this.element, false);
    setShown(this.#problem, false);
  }

  /** Shows a sample. */
  async show(sample: Sample): Promise<void> {
    const asked = ++this.#asked;
    const ref = { split: sample.split, index: sample.index };
    setText(this.#title, describeSample(sample));
    setText(this.#about, '');
    setShown(this.#problem, false);
    setShown(this.element, true);
    this.#title.focus();
    try {
      const { shape, file, ...figures } = await this.ask('tensor', ref);
      if (asked !== this.#asked) return;
      const form = `float32 [${shape.join(', ')}], pixels from 0 to 1, before transforms`;
      setText(this.#about, file === null ? form : `${file} · ${form}`);
      await this.#view.show(this.#subject(ref, describeSample(sample), shape), figures);
    } catch (error) {
      if (asked !== this.#asked) return;
      setText(this.#problem, messageOf(error));
      setShown(this.#problem, true);
    }
  }

  /** Goes back to the samples. */
  close(): void {
    if (this.element.hidden) return;
    this.#asked++;
    setShown(this.element, false);
    this.onClose();
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    if (!this.element.hidden) this.#view.redraw();
  }

  #subject(ref: SampleRef, title: string, shape: readonly number[]): TensorSubject {
    const [width = 1, height = 1] = shape.toReversed();
    return {
      title,
      shape,
      image: { height, width },
      photograph: true,
      values: part => this.ask('values', { ...ref, ...part }),
      picture: size => this.ask('picture', { ...ref, ...size }),
    };
  }
}
