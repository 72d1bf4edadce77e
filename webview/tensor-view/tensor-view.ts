/** The full view of a tensor: what it comes to in numbers, its histogram, pictures of it, and every value. */
import { element } from '../shared/dom';
import { HistogramView } from './histogram-view';
import { Pictures } from './pictures';
import { statisticsTable } from './statistics-table';
import type { Figures, TensorSubject } from './subject';
import { ValueGrid } from './value-grid';

/** The view, part by part: whoever shows it may put something between them. */
export class TensorView {
  readonly statistics = element('div');
  readonly views: HTMLElement;
  readonly values: HTMLElement;
  readonly #histogram = new HistogramView();
  readonly #pictures = new Pictures();
  readonly #grid = new ValueGrid();

  constructor() {
    this.views = element('div', {
      class: 'views',
      children: [this.#histogram.element, this.#pictures.element],
    });
    this.values = this.#grid.element;
  }

  /** Shows a tensor; the last one asked for stays. */
  async show(subject: TensorSubject, figures: Figures): Promise<void> {
    this.statistics.replaceChildren(statisticsTable(figures));
    this.#histogram.show(figures);
    const limit = await this.#pictures.show(subject);
    if (limit === undefined) return;
    const columns = subject.shape.at(-1) ?? 1;
    const rows = subject.shape.slice(0, -1).reduce((product, size) => product * size, 1);
    this.#grid.show(rows, columns, limit, part => subject.values(part));
  }

  /** Draws again, in the colours of another theme. */
  redraw(): void {
    this.#histogram.draw();
    void this.#pictures.draw().catch(() => undefined);
    this.#grid.draw();
  }
}
