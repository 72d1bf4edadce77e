/** The losses of the library, with numbers: as functions, and as modules with the settings they were made with. */
import type { Interpreter } from '../interpret/interpreter';
import { type Arguments, Builtin, PyInstance } from '../interpret/values';
import { camelCase, engineFunction } from '../library/bridge';
import { bindTo } from '../library/native';
import { type Loss, losses, lossFunctions, lossModules } from '../library/nn/losses';
import { checkAll, type Replacement, tensorArgument } from './given';
import type { LossWitness } from './loss-witness';
import { refuse } from './refused';
import { argument, computing, pythonValue } from './strict';

function compute(
  interpreter: Interpreter,
  { fn, parameters }: Loss,
  operands: Arguments,
  settings: Arguments,
) {
  const body = engineFunction(fn);
  if (body === undefined) return refuse(interpreter, `\`${fn}\` is not computed`);
  const [first, second] = [bindTo(['input', 'target'], operands), bindTo(parameters, settings)];
  checkAll(interpreter, fn, second);
  const options = parameters.flatMap(name => {
    const value = second.get(name);
    if (value === undefined || value === null) return [];
    if (name === 'reduce' || name === 'size_average')
      return refuse(interpreter, `the argument \`${name}\` of \`${fn}\` is not taken into account`);
    return [[camelCase(name), argument(interpreter, value)]];
  });
  const input = tensorArgument(interpreter, first.get('input'));
  const target = argument(interpreter, first.get('target'));
  return pythonValue(
    interpreter,
    computing(interpreter, () => body(argument(interpreter, input), target, Object.fromEntries(options))),
    fn,
    input,
  );
}

/** The losses, in the place of those that know shapes alone. */
export function lossReplacements(witness: LossWitness): [unknown, Replacement][] {
  const none: Arguments = { positional: [], keywords: new Map(), span: { from: 0, to: 0 } };
  return losses.flatMap((loss): [unknown, Replacement][] => {
    const forward = lossModules.get(loss.module)?.attributes.get('forward');
    return [
      [
        lossFunctions.get(loss.fn),
        (args, interpreter) => {
          const operands = new Map(
            [...args.keywords].filter(([name]) => name === 'input' || name === 'target'),
          );
          const rest = new Map([...args.keywords].filter(([name]) => !operands.has(name)));
          return compute(
            interpreter,
            loss,
            { ...args, positional: args.positional.slice(0, 2), keywords: operands },
            { ...args, positional: args.positional.slice(2), keywords: rest },
          );
        },
      ],
      [
        forward instanceof Builtin ? forward : undefined,
        (args, interpreter) => {
          const [self, ...operands] = args.positional;
          const settings = self instanceof PyInstance ? witness.settingsOf(self) : undefined;
          return compute(interpreter, loss, { ...args, positional: operands }, settings ?? none);
        },
      ],
    ];
  });
}
