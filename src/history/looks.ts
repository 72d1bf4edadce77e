/**
 * What was seen of a network's tensors while it was trained, read from `looks.jsonl` of a run's folder. The file is
 * followed as it grows and read only where somebody asks.
 */
import type { HistogramAnswer, HistogramQuery, LayerOverview, TensorList } from '../protocol/looks-page';
import { LineReader } from './line-reader';
import { answerHistograms, noHistograms } from './looks-histograms';
import { layerRows } from './looks-layers';
import { type KeptLook, readLook } from './looks-line';
import { listTensors, seenOf } from './looks-tensors';
import { layerWarnings } from './looks-warnings';

/** The looks of one run, read as far as they have been written. */
export class LooksHistory {
  readonly #reader: LineReader;
  #looks: KeptLook[] = [];
  #revision = 0;
  #listed: TensorList | undefined;
  #updating: Promise<void> | undefined;

  /** @param file `looks.jsonl`, which need not be there */
  constructor(file: string) {
    this.#reader = new LineReader(file);
  }

  /** The looks that there are, their steps rising. */
  get looks(): readonly KeptLook[] {
    return this.#looks;
  }

  /** Reads what has been added since. */
  update(): Promise<void> {
    this.#updating ??= this.#readOn().finally(() => {
      this.#updating = undefined;
    });
    return this.#updating;
  }

  async #readOn(): Promise<void> {
    for await (const { replaced, lines } of this.#reader.read()) {
      if (replaced) this.#forgetFrom(0);
      for (const line of lines) this.#add(readLook(line));
    }
  }

  #add(look: KeptLook | undefined): void {
    if (look === undefined) return;
    // A run that was resumed goes through some of its steps once more: what it says last counts.
    this.#forgetFrom(look.step);
    this.#looks.push(look);
    this.#revision++;
  }

  #forgetFrom(step: number): void {
    while ((this.#looks.at(-1)?.step ?? -1) >= step) {
      this.#looks.pop();
      this.#revision++;
    }
  }

  /** The tensors that were looked at. */
  async tensors(): Promise<TensorList> {
    await this.update();
    return this.#list();
  }

  #list(): TensorList {
    if (this.#listed?.revision !== this.#revision) {
      const steps = this.#looks.map(({ step }) => step);
      this.#listed = { revision: this.#revision, steps, tensors: listTensors(this.#looks) };
    }
    return this.#listed;
  }

  /** The histograms of a tensor; empty where there is no such tensor. */
  async histograms(query: Omit<HistogramQuery, 'run'>): Promise<HistogramAnswer> {
    await this.update();
    const seen = seenOf(this.#looks, query.tensor);
    return seen.length === 0 ? noHistograms : answerHistograms(seen, query);
  }

  /** How all layers fare. */
  async layers(): Promise<LayerOverview> {
    await this.update();
    const { revision, steps, tensors } = this.#list();
    const layers = layerRows(this.#looks);
    return { revision, steps, layers, warnings: layerWarnings(layers, tensors) };
  }
}
