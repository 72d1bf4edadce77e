/** How large the boxes of a graph are, by what stands on them. */
import type { Words } from '../model/words';
import { titleHeight } from '../scene';

/** How wide a text is. */
export type Measure = (text: string, font: 'title' | 'about' | 'detail') => number;

/** Room beside the text: the coloured edge or dot on the left, the sign of an item that can be opened on the right. */
export const padding = { left: 14, right: 12, sign: 16, between: 6, dot: 4 } as const;

/** As wide as the size of a gradient is. */
const gradientSample = '∇ 0.000000';

const least = 76;
const most = 360;
const oneLine = 28;
const twoLines = 44;

/** A size. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The width of the line with the title. */
export function titleWidth({ title, about, badge }: Words, opens: boolean, measure: Measure): number {
  const text = measure(title, 'title') + (about === '' ? 0 : padding.between + measure(about, 'about'));
  const signs = (opens ? padding.sign : 0) + (badge === '' ? 0 : padding.between + measure(badge, 'title'));
  return padding.left + text + padding.right + signs;
}

/** The size of a closed box. */
export function cardSize(words: Words, opens: boolean, measure: Measure): Size {
  const { detail, kind } = words;
  const title = titleWidth(words, opens, measure);
  // Parameters and inputs are small: name and shape stand beside each other.
  if (kind === 'parameter' || kind === 'input') {
    const dot = kind === 'parameter' ? padding.dot : 0;
    // A gradient can take the place of the shape.
    const beside = Math.max(
      measure(detail, 'detail'),
      kind === 'parameter' ? measure(gradientSample, 'detail') : 0,
    );
    const width = dot + title + padding.between + beside;
    return { width: clamp(width), height: oneLine };
  }
  const below = detail === '' ? 0 : padding.left + measure(detail, 'detail') + padding.right;
  return { width: clamp(Math.max(title, below)), height: detail === '' ? oneLine : twoLines };
}

/** A shape of the usual length. */
const shapeSample = '64×64×28×28';

/** How far to the right of the line on which a value leaves an open box its shape and the size of its gradient reach. */
export function outletRoom(measure: Measure): number {
  return measure(shapeSample, 'detail') / 2 + padding.between + measure(gradientSample, 'detail') + 12;
}

/** The least width of an open box. */
export function openWidth(words: Words, measure: Measure): number {
  return clamp(titleWidth(words, true, measure));
}

function clamp(width: number): number {
  return Math.ceil(Math.min(most, Math.max(least, width)));
}

/** Room around what is in an open box, where no edge leads in or out. */
export const inner = { side: 16, top: titleHeight + 12, bottom: 16 } as const;
