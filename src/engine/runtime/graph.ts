/** A set of expressions as a graph with inputs and outputs: what executors run. */
import type { Expr } from '../expr';

/** Expressions in an order in which they can be computed. */
export interface Graph {
  /** Leaves and already computed expressions; the executor is given their numbers. */
  readonly inputs: readonly Expr[];
  /** What is to be computed, each after what it depends on. */
  readonly steps: readonly Expr[];
  /** What is wanted; inputs may be among them. */
  readonly outputs: readonly Expr[];
}

/** The graph that computes `outputs`, starting from what has numbers already or is in `given`. */
export function collect(outputs: readonly Expr[], given: ReadonlySet<Expr> = new Set()): Graph {
  const seen = new Set<Expr>();
  const inputs: Expr[] = [];
  const steps: Expr[] = [];
  const stack = [...outputs];
  for (let expr = stack.pop(); expr !== undefined; expr = stack.pop()) {
    if (seen.has(expr)) continue;
    seen.add(expr);
    if (expr.op === undefined || expr.buffer !== undefined || given.has(expr)) inputs.push(expr);
    else {
      steps.push(expr);
      stack.push(...expr.inputs);
    }
  }
  const byAge = (a: Expr, b: Expr) => a.id - b.id;
  return { inputs: inputs.sort(byAge), steps: steps.sort(byAge), outputs };
}

/** How many steps and outputs use each expression of a graph. */
export function countUses(graph: Graph): Map<Expr, number> {
  const uses = new Map<Expr, number>();
  const use = (expr: Expr) => uses.set(expr, (uses.get(expr) ?? 0) + 1);
  for (const step of graph.steps) step.inputs.forEach(use);
  graph.outputs.forEach(use);
  return uses;
}

/**
 * A text that two graphs share exactly if the same ONNX model computes both: operations, settings, links,
 * shapes and types, but no numbers.
 */
export function structureKey(graph: Graph): string {
  const numbers = new Map<Expr, number>();
  const parts: string[] = [];
  for (const input of graph.inputs) {
    numbers.set(input, numbers.size);
    parts.push(`${input.dtype}[${input.shape}]`);
  }
  for (const step of graph.steps) {
    numbers.set(step, numbers.size);
    const links = step.inputs.map(input => numbers.get(input)).join();
    parts.push(`${step.op?.name}(${links})${JSON.stringify(step.attributes)}`);
  }
  parts.push(graph.outputs.map(output => numbers.get(output)).join());
  return parts.join(';');
}
