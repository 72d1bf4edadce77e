/** How large the images in files are, before they are resized to one size. */
import { ImageThreads } from '../images/threads';

/** A size, how many images have it, and where one of them is. */
export interface SizeCount {
  readonly width: number;
  readonly height: number;
  readonly count: number;
  readonly example: string;
}

/** Files in one question to a thread. */
const AT_ONCE = 200;

/**
 * Looks at the first bytes of files; those that cannot be read are passed over.
 * @returns the most frequent size first
 */
export async function imageSizes(
  files: readonly string[],
  onProgress: (share: number) => void = () => undefined,
): Promise<readonly SizeCount[]> {
  const threads = new ImageThreads();
  const found = new Map<string, SizeCount>();
  let next = 0;
  let done = 0;
  const lane = async () => {
    while (next < files.length) {
      const some = files.slice(next, next + AT_ONCE);
      next += some.length;
      const sizes = await threads.ask({ kind: 'measure', files: some });
      some.forEach((example, i) => {
        const [width = 0, height = 0] = sizes.subarray(2 * i, 2 * i + 2);
        if (width === 0) return;
        const known = found.get(`${width} ${height}`);
        found.set(
          `${width} ${height}`,
          known ? { ...known, count: known.count + 1 } : { width, height, count: 1, example },
        );
      });
      done += some.length;
      onProgress(done / files.length);
    }
  };
  try {
    await Promise.all(Array.from({ length: threads.capacity }, lane));
  } finally {
    threads.close();
  }
  return [...found.values()].sort((a, b) => b.count - a.count);
}
