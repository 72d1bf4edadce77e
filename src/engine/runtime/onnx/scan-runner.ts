/**
 * Many steps in one run: the step is the body of an ONNX `Scan`, the state is carried from step to step,
 * host inputs are scanned and outputs stacked. What does not change from step to step stays outside.
 */
import { allocate, type TypedArray } from '../../dtype';
import { type Buffer, Expr, HostBuffer } from '../../expr';
import { numel } from '../../shape';
import { collect } from '../graph';
import { resultsOf, type StepProgram, type StepResult, type StepRunner, usesInStep } from '../step-program';
import { GraphBuilder } from './graph-builder';
import { encode, lowerSteps, nameOutputs, valueInfo } from './lowering';
import { AttributeType, type GraphProto, type NodeProto, type TensorProto } from './proto';
import { createSession, fromOrt, toOrt } from './session';

const anySteps = [{ dimParam: 'steps' }];

/** The expressions among `steps` that depend on one of `varying`. */
function dependentOn(varying: ReadonlySet<Expr>, steps: readonly Expr[]): Set<Expr> {
  const dependent = new Set(varying);
  for (const step of steps) if (step.inputs.some(input => dependent.has(input))) dependent.add(step);
  return dependent;
}

interface Body {
  readonly graph: GraphProto;
  readonly outer: { nodes: NodeProto[]; constants: TensorProto[] };
  readonly constants: readonly Expr[];
}

function lowerBody(program: StepProgram): Body {
  const { device, state, inputs } = program;
  const results = resultsOf(program);
  const given = new Set([...state, ...inputs]);
  const graph = collect(results, given);
  const constants = graph.inputs.filter(input => !given.has(input));
  const dependent = dependentOn(given, graph.steps);
  const uses = usesInStep(program);
  const outer = new GraphBuilder(device, uses, 'o');
  outer.bindAll(constants, 'constant');
  const fixed = graph.steps.filter(step => !dependent.has(step));
  lowerSteps(outer, fixed);
  const inner = new GraphBuilder(device, uses, 'i');
  for (const expr of [...constants, ...fixed]) inner.bind(expr, outer.value(expr));
  inner.bindAll(state, 'state');
  inner.bindAll(inputs, 'input');
  lowerSteps(
    inner,
    graph.steps.filter(step => dependent.has(step)),
  );
  const names = nameOutputs(inner, results);
  const body = inner.finish(names);
  const finishedOuter = outer.finish(fixed.map(expr => outer.value(expr)));
  return {
    graph: {
      name: 'step',
      node: body.nodes,
      initializer: [],
      input: [
        ...state.map((expr, i) => valueInfo(`state${i}`, expr)),
        ...inputs.map((expr, i) => valueInfo(`input${i}`, expr)),
      ],
      output: results.map((expr, i) => valueInfo(names[i] ?? '', expr)),
    },
    outer: { nodes: finishedOuter.nodes, constants: [...finishedOuter.constants, ...body.constants] },
    constants,
  };
}

function lowerScan(program: StepProgram): { bytes: Uint8Array; constants: readonly Expr[] } {
  const { state, inputs } = program;
  const outputs = wantedOf(program);
  const body = lowerBody(program);
  const initial = state.map((_, i) => `initial${i}`);
  const scanned = inputs.map((_, i) => `scanned${i}`);
  const final = state.map((_, i) => `final${i}`);
  const stacked = outputs.map((_, i) => `stacked${i}`);
  const scan: NodeProto = {
    opType: 'Scan',
    input: [...initial, ...scanned],
    output: [...final, ...stacked],
    attribute: [
      { name: 'body', type: AttributeType.graph, g: body.graph },
      { name: 'num_scan_inputs', type: AttributeType.int, i: inputs.length },
    ],
  };
  const bytes = encode({
    name: 'steps',
    node: [...body.outer.nodes, scan],
    initializer: body.outer.constants,
    input: [
      ...body.constants.map((expr, i) => valueInfo(`constant${i}`, expr)),
      ...state.map((expr, i) => valueInfo(`initial${i}`, expr)),
      ...inputs.map((expr, i) => valueInfo(`scanned${i}`, expr, anySteps)),
    ],
    output: [
      ...state.map((expr, i) => valueInfo(`final${i}`, expr)),
      ...outputs.map((expr, i) => valueInfo(`stacked${i}`, expr, anySteps)),
    ],
  });
  return { bytes, constants: body.constants };
}

/** What is given back for every step. */
const wantedOf = ({ outputs, observed }: StepProgram): readonly Expr[] => [...outputs, ...observed];

/** A scan needs something to scan, also where a step takes nothing from the host: then zeros. */
function withInput(program: StepProgram): StepProgram {
  if (program.inputs.length > 0) return program;
  return { ...program, inputs: [Expr.placeholder({ shape: [], dtype: 'int32' }, program.device)] };
}

/** Compiles a step for the CPU. */
export async function createScanRunner(given: StepProgram): Promise<StepRunner> {
  const program = withInput(given);
  const { bytes, constants } = lowerScan(program);
  const wanted = wantedOf(program);
  const session = await createSession(bytes, program.device);
  const constantFeeds = await Promise.all(
    constants.map(async expr =>
      toOrt((await expr.buffer?.read()) ?? allocate(expr.dtype, 0), expr.dtype, expr.shape),
    ),
  );

  async function run(
    count: number,
    state: readonly Buffer[],
    inputs: readonly TypedArray[],
  ): Promise<StepResult> {
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
      state: program.state.map((expr, i) => new HostBuffer(fromOrt(results[`final${i}`], expr.dtype))),
      outputs: wanted.map((expr, i) => fromOrt(results[`stacked${i}`], expr.dtype)),
    };
  }
  return { run, release: () => session.release() };
}
