/**
 * Many steps as one model: the step is the body of an ONNX `Scan`, the state is carried from step to step, host inputs
 * are scanned and outputs stacked. What does not change from step to step stays outside, and so does the last step where
 * that one alone is observed: what is observed then costs the others nothing.
 */
import type { Expr } from '../../expr';
import { collect } from '../graph';
import { resultsOf, type StepProgram, usesInStep } from '../step-program';
import { GraphBuilder } from './graph-builder';
import { encode, lowerSteps, nameOutputs, valueInfo } from './lowering';
import { AttributeType, type NodeProto, type TensorProto } from './proto';

/** A model that takes steps, and the names of what goes in and comes out. */
export interface ScanModel {
  readonly bytes: Uint8Array;
  /** What is given as `constant0`, `constant1`, …; state is given as `initial…` and the host's inputs as `scanned…`. */
  readonly constants: readonly Expr[];
  /** The names of the state after all steps. */
  readonly state: readonly string[];
  /** The names of the outputs, and then of what is observed, step after step. */
  readonly outputs: readonly string[];
}

const anySteps = [{ dimParam: 'steps' }];

/** The expressions among `steps` that depend on one of `varying`. */
function dependentOn(varying: ReadonlySet<Expr>, steps: readonly Expr[]): Set<Expr> {
  const dependent = new Set(varying);
  for (const step of steps) if (step.inputs.some(input => dependent.has(input))) dependent.add(step);
  return dependent;
}

/** Nodes that take a step, with the names of what it gives. */
interface LoweredStep {
  readonly nodes: readonly NodeProto[];
  readonly constants: readonly TensorProto[];
  readonly names: readonly string[];
}

/** Lowers a step as often as it is wanted; what no step changes is lowered once. */
class StepLowering {
  /** Numbers from outside that the step uses beside its state and its inputs. */
  readonly constants: readonly Expr[];
  readonly #fixed: readonly Expr[];
  readonly #varying: readonly Expr[];
  readonly #outer: GraphBuilder;
  readonly #uses: ReadonlyMap<Expr, number>;

  constructor(private readonly program: StepProgram) {
    const given = new Set([...program.state, ...program.inputs]);
    const graph = collect(resultsOf(program), given);
    const dependent = dependentOn(given, graph.steps);
    this.constants = graph.inputs.filter(input => !given.has(input));
    this.#fixed = graph.steps.filter(step => !dependent.has(step));
    this.#varying = graph.steps.filter(step => dependent.has(step));
    this.#uses = usesInStep(program);
    this.#outer = new GraphBuilder(program.device, this.#uses, 'o');
    this.#outer.bindAll(this.constants, 'constant');
    lowerSteps(this.#outer, this.#fixed);
  }

  /** The step where state and inputs are called `state0`, … and `input0`, … after a prefix that all names have. */
  step(prefix: string, results: readonly Expr[]): LoweredStep {
    const builder = new GraphBuilder(this.program.device, this.#uses, prefix);
    for (const expr of [...this.constants, ...this.#fixed]) builder.bind(expr, this.#outer.value(expr));
    builder.bindAll(this.program.state, `${prefix}state`);
    builder.bindAll(this.program.inputs, `${prefix}input`);
    lowerSteps(builder, this.#varying);
    const names = nameOutputs(builder, results);
    return { ...builder.finish(names), names };
  }

  /** What no step changes; to be asked for last. */
  outside(): Omit<LoweredStep, 'names'> {
    return this.#outer.finish(this.#fixed.map(expr => this.#outer.value(expr)));
  }
}

/**
 * The node that takes steps.
 * @param scanned begins the names of what it scans
 * @param carried begins the names of the state after it; outputs are called `stacked…`
 */
function scanNode(
  { state, inputs }: StepProgram,
  body: LoweredStep,
  results: readonly Expr[],
  { scanned, carried }: { readonly scanned: string; readonly carried: string },
): NodeProto {
  return {
    opType: 'Scan',
    input: [...state.map((_, i) => `initial${i}`), ...inputs.map((_, i) => `${scanned}${i}`)],
    output: results.map((_, i) => (i < state.length ? `${carried}${i}` : `stacked${i - state.length}`)),
    attribute: [
      {
        name: 'body',
        type: AttributeType.graph,
        g: {
          name: 'step',
          node: [...body.nodes],
          initializer: [],
          input: [
            ...state.map((expr, i) => valueInfo(`istate${i}`, expr)),
            ...inputs.map((expr, i) => valueInfo(`iinput${i}`, expr)),
          ],
          output: results.map((expr, i) => valueInfo(body.names[i] ?? '', expr)),
        },
      },
      { name: 'num_scan_inputs', type: AttributeType.int, i: inputs.length },
    ],
  };
}

/** The last step, after the scan of all before it. */
function lowerLast(
  program: StepProgram,
  lowering: StepLowering,
): LoweredStep & { readonly head: NodeProto[] } {
  const { state, inputs, outputs } = program;
  const results = resultsOf(program);
  const last = lowering.step('l', results);
  const around = new GraphBuilder(program.device, new Map(), 'a');
  const [first, end, axis] = [around.ints([0]), around.ints([-1]), around.ints([0])];
  for (const [i] of inputs.entries()) {
    around.push('Slice', [`scanned${i}`, first, end, axis], [`before${i}`]);
    around.push('Gather', [`scanned${i}`, around.scalar(-1, 'int64')], [`linput${i}`], { axis: 0 });
  }
  const head = around.finish([...inputs.map((_, i) => `before${i}`), ...inputs.map((_, i) => `linput${i}`)]);
  const joining = new GraphBuilder(program.device, new Map(), 'j');
  const names = results.map((_, i) => {
    const name = last.names[i] ?? '';
    if (i < state.length) return name;
    const row = joining.node('Unsqueeze', [name, joining.ints([0])]);
    const output = i - state.length;
    return output < outputs.length ? joining.node('Concat', [`stacked${output}`, row], { axis: 0 }) : row;
  });
  const tail = joining.finish(names);
  return {
    head: head.nodes,
    nodes: [...last.nodes, ...tail.nodes],
    constants: [...head.constants, ...last.constants, ...tail.constants],
    names,
  };
}

/** Lowers a step that takes something from the host. */
export function lowerScan(program: StepProgram): ScanModel {
  const { state, inputs, outputs, observed } = program;
  const lowering = new StepLowering(program);
  const every = program.observe === 'every';
  const inBody = every ? resultsOf(program) : resultsOf({ ...program, observed: [] });
  const body = lowering.step('i', inBody);
  const scan = scanNode(
    program,
    body,
    inBody,
    every ? { scanned: 'scanned', carried: 'final' } : { scanned: 'before', carried: 'lstate' },
  );
  const last = every ? undefined : lowerLast(program, lowering);
  const outside = lowering.outside();
  const names = last?.names ?? scan.output;
  const [stateNames, outputNames] = [names.slice(0, state.length), names.slice(state.length)];
  const bytes = encode({
    name: 'steps',
    node: [...outside.nodes, ...(last?.head ?? []), scan, ...(last?.nodes ?? [])],
    initializer: [...outside.constants, ...body.constants, ...(last?.constants ?? [])],
    input: [
      ...lowering.constants.map((expr, i) => valueInfo(`constant${i}`, expr)),
      ...state.map((expr, i) => valueInfo(`initial${i}`, expr)),
      ...inputs.map((expr, i) => valueInfo(`scanned${i}`, expr, anySteps)),
    ],
    output: [
      ...state.map((expr, i) => valueInfo(stateNames[i] ?? '', expr)),
      ...[...outputs, ...observed].map((expr, i) => valueInfo(outputNames[i] ?? '', expr, anySteps)),
    ],
  });
  return { bytes, constants: lowering.constants, state: stateNames, outputs: outputNames };
}
