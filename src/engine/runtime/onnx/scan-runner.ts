/** Many steps in one run: the steps of a call run inside one model, with the state carried from one to the next. */
import { allocate, type TypedArray } from '../../dtype';
import { type Buffer, Expr, HostBuffer } from '../../expr';
import { numel } from '../../shape';
import type { StepProgram, StepResult, StepRunner } from '../step-program';
import { lowerScan } from './scan-model';
import { createSession, fromOrt, toOrt } from './session';

/** A scan needs something to scan, also where a step takes nothing from the host: then zeros. */
function withInput(program: StepProgram): StepProgram {
  if (program.inputs.length > 0) return program;
  return { ...program, inputs: [Expr.placeholder({ shape: [], dtype: 'int32' }, program.device)] };
}

/** Compiles a step for the CPU. */
export async function createScanRunner(given: StepProgram): Promise<StepRunner> {
  const program = withInput(given);
  const model = lowerScan(program);
  const wanted = [...program.outputs, ...program.observed];
  const session = await createSession(model.bytes, program.device);
  const constantFeeds = await Promise.all(
    model.constants.map(async expr =>
      toOrt((await expr.buffer?.read()) ?? allocate(expr.dtype, 0), expr.dtype, expr.shape),
    ),
  );

  let single: Promise<StepRunner> | undefined;

  async function run(
    count: number,
    state: readonly Buffer[],
    inputs: readonly TypedArray[],
  ): Promise<StepResult> {
    if (count === 1 && program.observe === 'last') {
      // There is no scan of no steps.
      single ??= createScanRunner({ ...program, observe: 'every' });
      return (await single).run(count, state, inputs);
    }
    const feeds: Record<string, ReturnType<typeof toOrt>> = {};
    constantFeeds.forEach((tensor, i) => {
      feeds[`constant${i}`] = tensor;
    });
    for (const [i, expr] of program.state.entries()) {
      const data = state[i]?.host ?? (await state[i]?.read());
      if (data !== undefined) feeds[`initial${i}`] = toOrt(data, expr.dtype, expr.shape);
    }
    program.inputs.forEach((expr, i) => {
      const data = inputs[i] ?? allocate(expr.dtype, count * numel(expr.shape));
      feeds[`scanned${i}`] = toOrt(data, expr.dtype, [count, ...expr.shape]);
    });
    const results = await session.run(feeds);
    return {
      state: program.state.map(
        (expr, i) => new HostBuffer(fromOrt(results[model.state[i] ?? ''], expr.dtype)),
      ),
      outputs: wanted.map((expr, i) => fromOrt(results[model.outputs[i] ?? ''], expr.dtype)),
    };
  }

  async function release(): Promise<void> {
    await session.release();
    await (await single)?.release();
  }
  return { run, release };
}
