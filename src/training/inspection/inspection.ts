/**
 * Answers questions about the tensors of the step that comes next, while the run rests. Only what is asked for is
 * computed, and what was computed is kept until a step is taken.
 */
import type { Tensor, TypedArray } from '../../engine';
import {
  mostValues,
  type PictureRequest,
  type TensorPicture,
  type TensorRef,
  type TensorSummary,
  type TensorValues,
  type ValuesRequest,
} from '../../protocol/tensors';
import { matrixOf, partOf, pictureOf } from '../../statistics/matrix';
import { examine } from '../../statistics/statistics';
import { TrainingError } from '../errors';
import { gradientOf, type NextStep } from './next-step';

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
    return this.#answer(request.tensor, (data, tensor) => partOf(data, matrixOf(tensor.shape), request));
  }

  /** The whole of a tensor, made small. */
  picture(request: PictureRequest): Promise<TensorPicture> {
    return this.#answer(request.tensor, (data, { shape }) => pictureOf(data, matrixOf(shape), request));
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
