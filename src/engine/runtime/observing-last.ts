/** Observing the last step of a call alone, where steps are single models: all others are taken by a model that observes nothing. */
import { allocate, type TypedArray } from '../dtype';
import type { Buffer } from '../expr';
import type { StepProgram, StepResult, StepRunner } from './step-program';

/** The numbers of some steps out of those of `count` steps. */
const part = (data: TypedArray, count: number, from: number, to: number) =>
  data.subarray((data.length / count) * from, (data.length / count) * to);

function joined(
  head: TypedArray,
  tail: TypedArray,
  like: { dtype: Parameters<typeof allocate>[0] },
): TypedArray {
  const all = allocate(like.dtype, head.length + tail.length);
  if (all instanceof BigInt64Array) {
    if (head instanceof BigInt64Array) all.set(head);
    if (tail instanceof BigInt64Array) all.set(tail, head.length);
  } else {
    if (!(head instanceof BigInt64Array)) all.set(head);
    if (!(tail instanceof BigInt64Array)) all.set(tail, head.length);
  }
  return all;
}

/** A runner of two that `create` makes. */
export async function observingLast(
  program: StepProgram,
  create: (program: StepProgram) => Promise<StepRunner>,
): Promise<StepRunner> {
  const plain = await create({ ...program, observed: [], observe: 'every' });
  const observing = await create({ ...program, observe: 'every' });

  async function run(
    count: number,
    state: readonly Buffer[],
    inputs: readonly TypedArray[],
  ): Promise<StepResult> {
    if (count === 1) return observing.run(1, state, inputs);
    const before = inputs.map(data => part(data, count, 0, count - 1));
    const head = await plain.run(count - 1, state, before);
    const last = inputs.map(data => part(data, count, count - 1, count));
    const tail = await observing.run(1, head.state, last);
    const outputs = tail.outputs.map((data, i) => {
      const output = program.outputs[i];
      const others = head.outputs[i];
      return output === undefined || others === undefined ? data : joined(others, data, output);
    });
    return { state: tail.state, outputs };
  }

  async function release(): Promise<void> {
    await plain.release();
    await observing.release();
  }
  return { run, release };
}
