/** A module that is run: its instance, the engine's modules behind it, and in which form it takes its samples. */
import { Expr, Tensor, takePending, trace, withPendingOf } from '../../engine/shapes';
import { call } from '../interpret/calls';
import { type Interpreter, OutOfFuel, Raised } from '../interpret/interpreter';
import { absent, type Outcome } from '../interpret/journal';
import { getAttribute } from '../interpret/objects';
import { type PyInstance, PyList, PyTuple, TensorValue, type Value } from '../interpret/values';
import type { DataSizes } from './arguments';
import type { LiveRun } from './live-library';
import { type Fit, type InterpretedNetwork, type ModuleTree, NameTaken } from './network';
import { type Place, placeOf, Refused } from './refused';
import { type SampleForm, shaped } from './sample-form';
import { tensorValue } from './strict';

/** How many steps one pass through a module may take. */
const fuel = 2_000_000;
/** How long such a pass may take: it happens once for every form of a step, not at every step. */
const milliseconds = 10_000;

/** Thrown where a module does not come to its end. */
class TooMuch extends Refused {}

/** Runs a module. */
export class Running {
  readonly network: InterpretedNetwork;
  #form: SampleForm = { form: 'images' };

  constructor(
    private readonly interpreter: Interpreter,
    private readonly live: LiveRun,
    private readonly tree: ModuleTree,
    private readonly instance: PyInstance,
    private readonly place: Place,
  ) {
    this.network = tree.root(instance, input => this.#run(input));
  }

  /** Finds the first of some forms in which the module takes its samples. */
  fit({ sample, anyOutput = false }: DataSizes, forms: readonly SampleForm[]): Fit {
    const refusals: { readonly error: Refused; readonly left: number }[] = [];
    for (const form of forms) {
      this.#form = form;
      try {
        return this.#try(sample, form, anyOutput);
      } catch (error) {
        if (!(error instanceof Refused) || error instanceof TooMuch) throw error;
        refusals.push({ error, left: this.interpreter.fuel });
      }
    }
    throw furthest(refusals) ?? new Refused(this.place, 'this module cannot be tried out');
  }

  /** One pass over two samples, of which nothing is computed and no number is drawn. */
  #try(sample: readonly number[], form: SampleForm, anyOutput: boolean): Fit {
    this.network.eval();
    try {
      const { result } = trace(() => this.network.call(example([2, ...sample])));
      const [batch, outputs] = result.shape;
      if (!anyOutput && (batch !== 2 || outputs === undefined || result.ndim !== 2))
        throw new Refused(
          this.place,
          `expected a number for each class and sample, [B, classes]; for samples of ${sample.join('×')} it gives [${['B', ...result.shape.slice(1)].join(', ')}]`,
        );
      return { ...form, rank: result.ndim, outputs: outputs ?? 1, lastNode: result.gradFn?.name };
    } finally {
      this.network.train();
      takePending();
    }
  }

  #run(input: Tensor): Tensor {
    const { interpreter } = this;
    this.live.device = input.device;
    interpreter.refuel(fuel, milliseconds);
    for (const [module, mirror] of this.tree.all) module.attributes.set('training', mirror.training);
    const given = tensorValue(shaped(input, this.#form));
    const kept = new Set(
      [...this.network.parameters(), ...this.network.namedBuffers().map(([, buffer]) => buffer)].map(
        ({ storage }) => storage,
      ),
    );
    const { result, outcome } = withPendingOf(kept, () =>
      refusing(interpreter, this.place, () => {
        const forward = getAttribute(interpreter, this.instance, 'forward');
        return interpreter.journal.attempt(() =>
          call(interpreter, forward, { positional: [given], keywords: new Map(), span: interpreter.span }),
        );
      }),
    );
    this.#checkKept(outcome);
    return this.#output(result);
  }

  #output(result: Value): Tensor {
    // Of several outputs the first is what the others come with: scores and attention, scores and hidden state.
    const first = result instanceof PyTuple || result instanceof PyList ? result.items[0] : result;
    if (first instanceof TensorValue && first.numbers !== undefined) return first.numbers;
    throw new Refused(
      this.place,
      'expected `forward` to give a tensor that is computed, alone or as the first of several, found something else',
    );
  }

  /** A step is written down once and run many times: what a pass leaves behind for the next would be lost. */
  #checkKept(outcome: Outcome): void {
    const owners = new Map<object, PyInstance>();
    for (const [module] of this.tree.all) owners.set(module.attributes, module);
    for (const [owner, keys] of outcome) {
      const module = owners.get(owner);
      if (module === undefined) continue;
      for (const [name, { before, after }] of keys)
        if (before !== absent && before !== after)
          throw new Refused(
            this.place,
            `\`${name}\` of ${module.cls.name} is changed by \`forward\`: what one step leaves for the next is not followed`,
          );
    }
  }
}

/** A batch of which no number is known: whatever would have to look at one is found out at once. */
export function example(shape: readonly number[], dtype: 'float32' | 'int64' = 'float32'): Tensor {
  return Tensor.fromExpr(Expr.placeholder({ shape: [...shape], dtype }, 'cpu'));
}

/** The refusal that came after the most of the module was run. */
function furthest(
  refusals: readonly { readonly error: Refused; readonly left: number }[],
): Refused | undefined {
  return refusals.toSorted((a, b) => a.left - b.left)[0]?.error;
}

/** Does something with a module, and says in a sentence how it ends where it ends in another way. */
export function refusing<T>(interpreter: Interpreter, place: Place, body: () => T): T {
  const depth = interpreter.frames.length;
  try {
    return body();
  } catch (error) {
    const here = () => placeOf(interpreter.frame.file, interpreter.span);
    if (error instanceof OutOfFuel)
      throw new TooMuch(place, 'this module takes more steps than are followed');
    if (error instanceof Raised) throw new Refused(here(), 'this raises an exception');
    if (error instanceof NameTaken)
      throw new Refused(
        place,
        `an attribute called \`${error.message}\` cannot be in a module that is trained here`,
      );
    throw error;
  } finally {
    interpreter.frames.length = depth;
  }
}
