/** Where the batch goes into the graph: images and labels need no gradient, so that no link leads to them. */
import type { Expr, Tensor } from '../../engine';
import type { GraphInput } from '../../protocol/graph';
import type { NextStep } from './next-step';

/** Tells which expressions are made of `source`, and of nothing that is learned. */
function madeOf(source: Tensor, { parameters }: NextStep): (expr: Expr) => boolean {
  const learned = new Set<Expr>([...parameters.values()].map(({ expr }) => expr));
  const reaches = (targets: ReadonlySet<Expr>) => {
    const known = new Map<Expr, boolean>();
    return (expr: Expr): boolean => {
      const stack = [expr];
      for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
        if (known.has(next)) continue;
        const open = next.inputs.filter(input => !known.has(input));
        if (targets.has(next)) known.set(next, true);
        else if (open.length > 0) stack.push(next, ...open);
        else
          known.set(
            next,
            next.inputs.some(input => known.get(input)),
          );
      }
      return known.get(expr) ?? false;
    };
  };
  const [fromSource, fromLearned] = [reaches(new Set([source.expr])), reaches(learned)];
  return expr => fromSource(expr) && !fromLearned(expr);
}

/** Describes the inputs of a step. */
export function describeInputs(step: NextStep): GraphInput[] {
  return (['images', 'labels'] as const).map(name => {
    const source = step[name];
    const isMade = madeOf(source, step);
    const into = step.nodes.flatMap((node, number) =>
      node.operands
        .filter(
          ({ expr, input }) => isMade(expr) && (input === null || node.nextFunctions[input] === undefined),
        )
        .map(({ input }) => ({ node: number, input })),
    );
    return { name, meta: { shape: [...source.shape], dtype: source.dtype }, into };
  });
}
