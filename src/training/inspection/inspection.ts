/**
 * Answers questions about the tensors of the step that comes next, while the run rests. Only what is asked for is
 * computed, and what was computed is kept until a step is taken.
 */
import type { Tensor, TypedArray } from '../../engine';
import type {
  PictureRequest,
  TensorPicture,
  TensorRef,
  TensorSummary,
  TensorValue,
  TensorValues,
  ValuesRequest,
} from '../../protocol/tensors';
import { mostValues } from '../../protocol/tensors';
import { TrainingError } from '../errors';
import { gradientOf, type NextStep } from './next-step';
import { examine } from './statistics';

/** Looks at single tensors of a run that rests. */
export class Inspection {
  #next: NextStep | undefined;
  #answering: Promise<unknown> = Promise.resolve();

  /** @param write writes the next step down */
  constructor(private readonly write: () => NextStep) {}

  /** To be called before a step is taken: waits for answers under way, and forgets what was computed. */
  async close(): Promise<void> {
    await this.#answering.catch(() => undefined);
    this.#next = undefined;
  }

  /** What a tensor comes to. */
  summarize(ref: TensorRef): Promise<TensorSummary> {
    return this.#answer(ref, (data, { shape, dtype, device }) => ({
      shape: [...shape],
      dtype,
      device,
      ...examine(data),
    }));
  }

  /** A part of a tensor's values. */
  values(request: ValuesRequest): Promise<TensorValues> {
    if (request.rows * request.columns > mostValues) {
      throw new TrainingError(`at most ${mostValues} values can be asked for at once`);
    }
    return this.#answer(request.tensor, (data, tensor) => partOf(data, matrixOf(tensor), request));
  }

  /** The whole of a tensor, made small. */
  picture({ tensor: ref, rows, columns }: PictureRequest): Promise<TensorPicture> {
    return this.#answer(ref, (data, tensor) => shrink(data, matrixOf(tensor), rows, columns));
  }

  #answer<T>(ref: TensorRef, body: (data: TypedArray, tensor: Tensor) => T): Promise<T> {
    const answer = async () => {
      this.#next ??= this.write();
      const tensor = find(this.#next, ref);
      return body(await tensor.data(), tensor);
    };
    const result = this.#answering.catch(() => undefined).then(answer);
    this.#answering = result;
    return result;
  }
}

function found(tensor: Tensor | undefined, what: string): Tensor {
  if (tensor === undefined) throw new TrainingError(`the step has no ${what}`);
  return tensor;
}

function find(step: NextStep, ref: TensorRef): Tensor {
  if (ref.kind === 'input') return step[ref.name];
  if (ref.kind === 'node') {
    const node = step.nodes[ref.node];
    const tensor = ref.of === 'value' ? node?.value : node && step.gradients.get(node);
    return found(tensor, `${ref.of} of the node ${ref.node}`);
  }
  const { name, of } = ref;
  const parameter = new Map<string, Tensor>(step.network.namedParameters()).get(name);
  if (of === 'gradient') return found(parameter && gradientOf(step, parameter), `gradient of ${name}`);
  return found(step.parameters.get(name) ?? step.network.stateDict().get(name), name);
}

interface Matrix {
  readonly rows: number;
  readonly columns: number;
}

/** A tensor as a matrix: its last dimension makes the columns. */
function matrixOf({ shape }: Tensor): Matrix {
  const columns = shape.at(-1) ?? 1;
  return { rows: shape.slice(0, -1).reduce((product, size) => product * size, 1), columns };
}

/** A number as it travels: JSON has no NaN and no infinity. */
function toValue(value: number): TensorValue {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? 'Infinity' : '-Infinity';
}

function partOf(
  data: TypedArray,
  matrix: Matrix,
  { row, rows, column, columns }: ValuesRequest,
): TensorValues {
  const height = Math.max(0, Math.min(rows, matrix.rows - row));
  const width = Math.max(0, Math.min(columns, matrix.columns - column));
  const values: TensorValue[] = [];
  for (let y = row; y < row + height; y++) {
    const start = y * matrix.columns + column;
    for (let i = start; i < start + width; i++) values.push(toValue(Number(data[i])));
  }
  return { row, rows: height, column, columns: width, values };
}

/** Of two values the one that must not be missed: what is not finite, else what is further from zero. */
function louder(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.NaN;
  return Math.abs(b) > Math.abs(a) ? b : a;
}

function shrink(data: TypedArray, matrix: Matrix, mostRows: number, mostColumns: number): TensorPicture {
  const rows = Math.min(mostRows, matrix.rows);
  const columns = Math.min(mostColumns, matrix.columns);
  const cells = new Float64Array(rows * columns);
  for (let y = 0; y < matrix.rows; y++) {
    const cellRow = Math.floor((y * rows) / matrix.rows) * columns;
    for (let x = 0; x < matrix.columns; x++) {
      const cell = cellRow + Math.floor((x * columns) / matrix.columns);
      cells[cell] = louder(cells[cell] ?? 0, Number(data[y * matrix.columns + x]));
    }
  }
  return { matrix, rows, columns, cells: Array.from(cells, toValue) };
}
