/** How long what LZW has packed is, by TIFF's rules, without unpacking it: a small file can promise gigabytes. */

const CLEAR = 256;
const END = 257;
const FIRST = 258;
const MOST_BITS = 12;

/** The length of what a strip or tile unpacks to; counted until it is more than `most`. */
export function lzwLength(packed: Uint8Array, most: number): number {
  const lengths = new Uint32Array(1 << MOST_BITS).fill(1, 0, CLEAR);
  let [next, bits, before, total] = [FIRST, 9, -1, 0];
  let [held, count, at] = [0, 0, 0];
  while (total <= most) {
    while (count < bits && at < packed.length) {
      held = ((held << 8) | (packed[at++] ?? 0)) & 0xffffff;
      count += 8;
    }
    if (count < bits) break;
    count -= bits;
    const code = (held >> count) & ((1 << bits) - 1);
    if (code === END) break;
    if (code === CLEAR) {
      [next, bits, before] = [FIRST, 9, -1];
      continue;
    }
    const known = before < 0 || code < next;
    const length = known ? (lengths[code] ?? 0) : (lengths[before] ?? 0) + 1;
    total += length;
    if (before >= 0 && next < lengths.length) {
      lengths[next++] = (lengths[before] ?? 0) + 1;
      // Codes grow one entry early.
      if (next === (1 << bits) - 1 && bits < MOST_BITS) bits++;
    }
    before = code;
  }
  return total;
}
