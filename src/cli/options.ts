/** Turning the text of options into values; what does not fit is bad usage (exit code 2). */
import { InvalidArgumentError } from 'commander';

/** A parser of whole numbers from `least` on. */
export function whole(least: number): (text: string) => number {
  return text => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least || text.trim() === '') {
      throw new InvalidArgumentError(`expected a whole number of at least ${least}.`);
    }
    return value;
  };
}

/** A parser of numbers in a range; `above` is excluded, `below` too. */
export function between(above: number, below: number, { orEqual = false } = {}): (text: string) => number {
  return text => {
    const value = Number(text);
    const fits = (orEqual ? value >= above : value > above) && value < below;
    if (!fits || text.trim() === '') {
      const upper = below === Number.POSITIVE_INFINITY ? '' : ` and below ${below}`;
      throw new InvalidArgumentError(
        `expected a number ${orEqual ? 'of at least' : 'above'} ${above}${upper}.`,
      );
    }
    return value;
  };
}

/** Sizes of layers: `256`, `256,128,100`, or `none`. */
export function sizes(text: string): number[] {
  if (text === 'none') return [];
  return text.split(',').map(whole(1));
}
