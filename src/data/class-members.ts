/** Which samples belong to each class, in the order of the file or in a random one. */
import { Generator } from '../engine/random/generator';
import type { ImageSplit } from './image-data';

/** Labels are bytes. */
const MOST_CLASSES = 256;

/** The samples of each class of a part of a data set. */
export class ClassMembers {
  /** All indices, those of one class after those of another. */
  readonly #indices: Int32Array;
  /** Where each class begins, and after the last one the end. */
  readonly #starts: Int32Array;
  readonly #shuffled = new Map<number, { readonly seed: number; readonly order: Int32Array }>();

  /** @param classes how many there are */
  constructor({ labels }: ImageSplit, classes: number) {
    this.#starts = new Int32Array(classes + 1);
    for (const label of labels) this.#starts[label + 1] = (this.#starts[label + 1] ?? 0) + 1;
    for (let c = 0; c < classes; c++) {
      this.#starts[c + 1] = (this.#starts[c + 1] ?? 0) + (this.#starts[c] ?? 0);
    }
    this.#indices = new Int32Array(labels.length);
    const next = this.#starts.slice();
    labels.forEach((label, i) => {
      const place = next[label] ?? 0;
      this.#indices[place] = i;
      next[label] = place + 1;
    });
  }

  /** The indices of the samples of a class, ascending or, with a seed of 32 bits, shuffled. */
  of(label: number, seed: number | null = null): Int32Array {
    const inOrder = this.#indices.subarray(this.#starts[label] ?? 0, this.#starts[label + 1] ?? 0);
    if (seed === null) return inOrder;
    const kept = this.#shuffled.get(label);
    if (kept?.seed === seed) return kept.order;
    // Each class has an order of its own: with one for all, the same places would come first in each.
    const generator = new Generator(seed * MOST_CLASSES + label);
    const order = generator.permutation(inOrder.length).map(place => inOrder[place] ?? 0);
    this.#shuffled.set(label, { seed, order });
    return order;
  }
}
