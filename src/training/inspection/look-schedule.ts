/**
 * At which steps a network is looked at. Each power of two of steps may have equally many looks, evenly spread: the
 * beginning, where a network changes most, stays as fine as the end, and a run of a million steps has some 600 looks.
 */

/** How many looks each power of two of steps may have. */
const perOctave = 32;

/** How many steps the looks after `step` are apart. */
function spacingAfter(step: number): number {
  return Math.max(1, 2 ** Math.floor(Math.log2(Math.max(1, step))) / perOctave);
}

/** The first step at which a look is wanted, when the last one was at `last` (undefined: none yet). */
export function nextLook(last: number | undefined): number {
  return last === undefined ? 0 : Math.ceil(last + spacingAfter(last));
}
