/** What the images of a part look like on average, class by class. */
import { setImmediate } from 'node:timers/promises';
import type { ImageSplit } from '../image-data';

/** So many samples are added before others are heard. */
const AT_ONCE = 5000;

/** The mean of the images of each class, in bytes; black where a class has none. */
export async function meanImages(
  { images, labels, length }: ImageSplit,
  classes: number,
): Promise<readonly Uint8Array[]> {
  const each = images.length / Math.max(1, length);
  const sums = Array.from({ length: classes }, () => new Float64Array(each));
  const counts = new Float64Array(classes);
  for (let index = 0; index < length; index++) {
    const label = labels[index] ?? 0;
    const sum = sums[label];
    if (sum === undefined) continue;
    counts[label] = (counts[label] ?? 0) + 1;
    const start = index * each;
    for (let i = 0; i < each; i++) sum[i] = (sum[i] ?? 0) + (images[start + i] ?? 0);
    if (index % AT_ONCE === 0) await setImmediate();
  }
  return sums.map((sum, label) => Uint8Array.from(sum, value => Math.round(value / (counts[label] || 1))));
}
