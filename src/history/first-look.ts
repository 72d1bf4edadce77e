/**
 * A first look at the metrics of a large run, in a fraction of the time that reading them takes: the line of every
 * epoch, and every so many bytes the line of some steps. It has the shape of the curves and may miss a spike;
 * it is shown until all is read, and never taken for more.
 */
import { openFile } from './line-reader';
import { readLine, type StoredInfo } from './lines';
import { RunMetrics } from './run-metrics';

/** So much is read at once; of a very large file that many parts, evenly spread over it. */
const partSize = 1 << 20;
const mostParts = 256;
/** So many lines of steps are looked at in all, and so many at the very end. */
const samples = 2000;
const lastLines = 8;

const newline = 10;
/** How the trainer begins the line of an epoch. */
const epochStart = '{"event":"epoch"';

/** Where lines begin in a part of the file that are worth reading, in their order. */
function worthReading(part: Buffer, count: number, last: boolean): number[] {
  const found = new Set<number>();
  for (let i = 0, at = part.length; last && i <= lastLines && at > 0; i++) {
    at = part.lastIndexOf(newline, at - 1);
    if (at >= 0) found.add(at + 1);
  }
  for (let at = part.indexOf(epochStart); at >= 0; at = part.indexOf(epochStart, at + 1)) found.add(at);
  for (let i = 0; i < count; i++) {
    const before = part.indexOf(newline, Math.floor((i * part.length) / count));
    if (before >= 0) found.add(before + 1);
  }
  return [...found].sort((a, b) => a - b);
}

/** Looks at a file of metrics. */
export async function firstLook(path: string, info: StoredInfo): Promise<RunMetrics> {
  const metrics = new RunMetrics(info);
  const file = await openFile(path);
  if (file === undefined) return metrics;
  try {
    const { size } = await file.stat();
    const parts = Math.min(mostParts, Math.ceil(size / partSize));
    const buffer = Buffer.allocUnsafe(partSize);
    for (let i = 0; i < parts; i++) {
      // The last part ends where the file does, so that the run's last steps are seen.
      const from = parts === 1 ? 0 : Math.floor((i * (size - partSize)) / (parts - 1));
      const { bytesRead } = await file.read(buffer, 0, partSize, Math.max(0, from));
      const part = buffer.subarray(0, bytesRead);
      for (const start of worthReading(part, Math.ceil(samples / parts), i === parts - 1)) {
        const end = part.indexOf(newline, start);
        const line = end < 0 ? undefined : readLine(part.toString('utf8', start, end));
        if (line !== undefined) metrics.add(line);
      }
    }
  } finally {
    await file.close();
  }
  return metrics;
}
