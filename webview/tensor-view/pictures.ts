/** A tensor as pictures: tiles or one heat map of all of it where it is a set of images, else the heat map. */
import { mostValues, type TensorValue } from '../../src/protocol/tensors';
import { element, setShown, setText } from '../shared/dom';
import { measure, wholeNumber } from '../shared/format';
import { currentTheme } from '../shared/theme';
import { ColourScale, GreyScale, paint, rangeOf, robustLimit, type Scale, toRgb } from './colour-scale';
import type { TensorSubject } from './subject';
import { rowsOfTiles, type Tiling, tilesPerPage, tilingOf } from './tiling';

const mostTiles = 64;
const mostCells = { rows: 128, columns: 512 };

/** The pictures. */
export class Pictures {
  readonly element: HTMLElement;
  readonly #title = element('h2', { text: 'Picture' });
  readonly #note = element('span', { class: 'note' });
  readonly #switch = element('button', { class: 'link', attributes: { type: 'button' } });
  readonly #paging = element('span', { class: 'paging' });
  readonly #place = element('div', { class: 'place' });
  readonly #scale = element('div', { class: 'colours' });
  #first = 0;
  /** Whether a person wants a heat map of what could be tiles. */
  #asMap = false;
  #shown: TensorSubject | undefined;

  constructor() {
    this.element = element('section', {
      class: 'pictures',
      children: [
        element('header', { children: [this.#title, this.#note, this.#switch, this.#paging] }),
        this.#place,
        this.#scale,
      ],
    });
    this.#switch.addEventListener('click', () => {
      this.#asMap = !this.#asMap;
      void this.draw().catch(() => undefined);
    });
  }

  /** Shows another tensor. @returns how far from zero the colours go; undefined if yet another is shown by then */
  async show(subject: TensorSubject): Promise<number | undefined> {
    this.#first = 0;
    this.#shown = subject;
    return this.draw();
  }

  /** Draws again, for another theme or another page of tiles. */
  async draw(): Promise<number | undefined> {
    if (this.#shown === undefined) return undefined;
    const subject = this.#shown;
    const tiling = tilingOf(subject.shape, subject.image);
    setShown(this.#switch, tiling !== undefined);
    setText(this.#switch, this.#asMap ? 'Show as images' : 'Show as heat map');
    return tiling === undefined || this.#asMap ? this.#drawMap(subject) : this.#drawTiles(subject, tiling);
  }

  async #drawTiles(subject: TensorSubject, tiling: Tiling): Promise<number | undefined> {
    const { shape, title } = subject;
    const pixels = tiling.height * tiling.width;
    const perPage = tilesPerPage(tiling, Math.min(mostTiles, Math.floor(mostValues / pixels)));
    const count = Math.min(perPage, tiling.count - this.#first);
    const columns = shape.at(-1) ?? 1;
    const rows = rowsOfTiles(tiling, columns, this.#first, count);
    const { values } = await subject.values({ ...rows, column: 0, columns });
    if (subject !== this.#shown) return undefined;
    const limit = robustLimit(values);
    const scale = this.#scaleFor(subject, values, limit);
    const tiles = Array.from({ length: count }, (_, i) => {
      const canvas = paint(values.slice(i * pixels, (i + 1) * pixels), tiling.width, scale);
      const label = `${title}, ${this.#first + i}`;
      return element('figure', {
        children: [withLabel(canvas, label), element('figcaption', { text: String(this.#first + i) })],
      });
    });
    setText(this.#title, `${tiling.height} × ${tiling.width} tiles`);
    setText(
      this.#note,
      `${wholeNumber(this.#first)}–${wholeNumber(this.#first + count - 1)} of ${wholeNumber(tiling.count)}`,
    );
    this.#drawPaging(tiling.count, perPage);
    this.#place.className = 'place tiles';
    this.#place.replaceChildren(...tiles);
    return limit;
  }

  async #drawMap(subject: TensorSubject): Promise<number | undefined> {
    const { shape, title } = subject;
    const picture = await subject.picture(mostCells);
    if (subject !== this.#shown) return undefined;
    const limit = robustLimit(picture.cells);
    const scale = this.#scaleFor(subject, picture.cells, limit);
    const canvas = paint(picture.cells, picture.columns, scale);
    const { rows, columns } = picture.matrix;
    const whole = rows === picture.rows && columns === picture.columns;
    setText(this.#title, 'Heat map');
    setText(
      this.#note,
      whole
        ? `${wholeNumber(rows)} × ${wholeNumber(columns)}`
        : `${wholeNumber(rows)} × ${wholeNumber(columns)}; a cell shows the value furthest from zero of those in it`,
    );
    this.#paging.replaceChildren();
    this.#place.className = picture.rows * 3 < picture.columns ? 'place map wide' : 'place map';
    const [low, high] = scale.ends.map(measure);
    const label = `${title} [${shape.join(', ')}] as a heat map, from ${low} to ${high}`;
    this.#place.replaceChildren(withLabel(canvas, label));
    return limit;
  }

  #drawPaging(count: number, perPage: number): void {
    this.#paging.replaceChildren();
    if (count <= perPage) return;
    const go = (label: string, first: number) => {
      const made = element('button', { class: 'link', text: label, attributes: { type: 'button' } });
      made.disabled = first < 0 || first >= count;
      made.addEventListener('click', () => {
        this.#first = first;
        void this.draw();
      });
      return made;
    };
    this.#paging.append(go('Previous', this.#first - perPage), go('Next', this.#first + perPage));
  }

  /** Images of a batch are photographs, in greys over their own range; all else is coloured around zero. */
  #scaleFor({ photograph }: TensorSubject, values: readonly TensorValue[], limit: number): Scale {
    const scale = photograph
      ? new GreyScale(rangeOf(values))
      : new ColourScale(limit, toRgb(currentTheme().background));
    const [low, high] = scale.ends;
    const steps: TensorValue[] = Array.from({ length: 101 }, (_, i) => low + ((high - low) * i) / 100);
    this.#scale.replaceChildren(
      element('span', { text: measure(low) }),
      withLabel(paint(steps, steps.length, scale), scale.words),
      element('span', { text: measure(high) }),
    );
    return scale;
  }
}

function withLabel(canvas: HTMLCanvasElement, label: string): HTMLCanvasElement {
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', label);
  return canvas;
}
