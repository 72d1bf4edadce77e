/** What a tensor of a file comes to, as `descent inspect` shows it. */
import type { CheckpointFile } from '../../checkpoint';
import type { CheckpointTensor } from '../../protocol/checkpoint';
import type { Statistics } from '../../protocol/tensors';
import { statisticsOf } from '../../statistics/statistics';
import { messageOf } from '../../training';

/** The figures of a tensor; without any where it cannot be read. */
export interface Figures {
  readonly tensor: CheckpointTensor;
  readonly statistics?: Statistics;
  /** A bar for each equal part of what is between minimum and maximum. */
  readonly histogram: string;
  readonly problem?: string;
}

const bars = '▁▂▃▄▅▆▇█';
const cells = 12;

/** A histogram of the finite values in so many characters. */
function sparkline(data: ArrayLike<number | bigint>, { min, max }: Statistics): string {
  if (min === null || max === null || min === max) return '';
  const counts = new Array<number>(cells).fill(0);
  for (let i = 0; i < data.length; i++) {
    const value = Number(data[i]);
    if (!Number.isFinite(value)) continue;
    const cell = Math.min(cells - 1, Math.floor(((value - min) / (max - min)) * cells));
    counts[cell] = (counts[cell] ?? 0) + 1;
  }
  const most = Math.max(...counts);
  return counts
    .map(count => (count === 0 ? ' ' : bars[Math.min(7, Math.floor((count / most) * 8))]))
    .join('');
}

/** Reads a tensor and computes its figures. */
export async function figuresOf(file: CheckpointFile, tensor: CheckpointTensor): Promise<Figures> {
  if (tensor.problem !== undefined) return { tensor, histogram: '', problem: tensor.problem };
  try {
    const { data } = await file.readTensor(tensor.name);
    const statistics = statisticsOf(data);
    return { tensor, statistics, histogram: sparkline(data, statistics) };
  } catch (error) {
    return { tensor, histogram: '', problem: messageOf(error) };
  }
}
