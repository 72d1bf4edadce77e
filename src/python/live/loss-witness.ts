/**
 * What a file learns by: a loss of the library, between what the module gives and the labels; or one that the file puts
 * together itself, of which the place and the state of the program are kept, so that it can be computed as it says there.
 */
import type { Frame, Interpreter, Loop } from '../interpret/interpreter';
import {
  type Arguments,
  type Builtin,
  PyClass,
  PyDict,
  PyInstance,
  PyList,
  PyNumber,
  PyTuple,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { lossFunctions, lossModules } from '../library/nn/losses';
import { moduleClass, parametersOf } from '../library/nn/module-class';
import { tensorMethods } from '../library/tensor-methods';
import { type Made, made } from './made';
import { type Place, placeOf } from './refused';

const lossParameters = [
  'input',
  'target',
  'weight',
  'size_average',
  'ignore_index',
  'reduce',
  'reduction',
  'label_smoothing',
];

/** A loss that a file puts together itself. */
export interface OwnLoss {
  readonly place: Place;
  /** The call, or the file, whose loop goes through the batches. */
  readonly frame: Frame;
  readonly variables: ReadonlyMap<string, Value>;
  readonly loop: Loop;
  /** What the turn of the loop was given. */
  readonly item: Value;
  /** The module of the program that learns. */
  readonly module: PyInstance;
}

/** Steps that change how numbers lie, and not which they are. */
const keepsNumbers =
  /^(view|reshape|flatten|squeeze|unsqueeze|to|cuda|cpu|float|type|detach|contiguous|clone)\b/;

/** The tensor whose numbers another one has. */
function rootOf(tensor: TensorValue): TensorValue {
  let root = tensor;
  for (let steps = 0; steps < 64; steps++) {
    const { step } = root;
    if (step?.from === undefined || !keepsNumbers.test(step.label)) break;
    root = step.from;
  }
  return root;
}

/** Whether a tensor is one of some, or has the numbers of one. */
function isOneOf(tensor: TensorValue, some: ReadonlySet<TensorValue>): boolean {
  let now: TensorValue | undefined = tensor;
  for (let steps = 0; steps < 64 && now !== undefined; steps++) {
    if (some.has(now)) return true;
    now = now.step !== undefined && keepsNumbers.test(now.step.label) ? now.step.from : undefined;
  }
  return false;
}

/** All tensors in a value. */
export function tensorsIn(value: Value, depth = 0): TensorValue[] {
  if (value instanceof TensorValue) return [value];
  if (depth > 3) return [];
  if (value instanceof PyTuple || value instanceof PyList)
    return value.items.flatMap(one => tensorsIn(one, depth + 1));
  return value instanceof PyDict
    ? [...value.entries.values()].flatMap(([, one]) => tensorsIn(one, depth + 1))
    : [];
}

/** Names of numbers that count turns, also where they are handed on to another function. */
const counts = /^(?:i|j|k|t)$|^ep|epoch|step|iter|idx|index/i;

/** The names that a part of a program sets, as far as its text says. */
function namesSetIn(text: string): string[] {
  const assigned = [...text.matchAll(/(?<![\w.])([\p{L}_]\w*)\s*(?:\*\*|\/\/|[-+*/%@&|^])?=(?!=)/gu)];
  const bound = [...text.matchAll(/(?<!\w)for\s+([^:]+?)\s+in\s/gu)];
  return [
    ...assigned.flatMap(([, name = '']) => [name]),
    ...bound.flatMap(([, names = '']) => names.match(/[\p{L}_]\w*/gu) ?? []),
  ];
}

/** A loss of the library that was seen, and whether it is one of what the module gives. */
interface Seen {
  readonly made: Made;
  readonly direct: boolean;
}

/** Sees what a module learns by. */
export class LossWitness {
  #first: Made | undefined;
  #constructed: Made | undefined;
  #learned: Made | undefined;
  #own: OwnLoss | undefined;
  readonly #settings = new Map<Value, Arguments>();
  readonly #seen = new Map<TensorValue, Seen>();
  /** What modules of the file were given, as it was before anything was done with it, and what the one asked for gave. */
  readonly #given = new Set<TensorValue>();
  readonly #outputs = new Set<TensorValue>();
  #module: PyInstance | undefined;
  readonly #losses = new Map<unknown, string>();
  readonly #classes = new Map<unknown, string>();

  /** @param name of the class or variable that is asked for */
  constructor(
    private readonly interpreter: Interpreter,
    private readonly name: string,
  ) {
    for (const [fn, value] of lossFunctions) this.#losses.set(value, fn);
    for (const [cls, value] of lossModules) {
      this.#losses.set(value.attributes.get('forward'), cls);
      this.#classes.set(value, cls);
    }
  }

  /** The loss of the library that is learned by, or is the likeliest to be. */
  get loss(): Made | undefined {
    return this.#learned ?? this.#first ?? this.#constructed;
  }

  /** The loss that the file puts together itself, where it learns by one. */
  get own(): OwnLoss | undefined {
    return this.#learned === undefined ? this.#own : undefined;
  }

  /** The settings with which a loss of `nn` was made. */
  settingsOf(loss: PyInstance): Arguments | undefined {
    return this.#settings.get(loss);
  }

  /** Sees a call of the library. */
  see(callee: Builtin | PyClass, args: Arguments, result: Value): void {
    if (callee instanceof PyClass) this.#seeClass(callee, args, result);
    else if (callee === moduleClass.attributes.get('__call__')) this.#seeModule(args, result);
    else if (callee === tensorMethods.get('backward')) this.#seeBackward(args.positional[0]);
    else if (this.#losses.has(callee)) this.#seeLoss(callee, args, result);
  }

  #seeClass(cls: PyClass, args: Arguments, result: Value): void {
    const name = this.#classes.get(cls);
    if (name === undefined) return;
    this.#settings.set(result, args);
    this.#constructed ??= made(name, lossParameters.slice(2), args, this.#place());
  }

  #isAsked(module: PyInstance): boolean {
    if (module.cls.definition !== undefined && module.cls.name === this.name) return true;
    return this.interpreter.frames.at(0)?.file.globals.variables.get(this.name) === module;
  }

  #seeModule({ positional: [self, input] }: Arguments, result: Value): void {
    if (!(self instanceof PyInstance)) return;
    if (input instanceof TensorValue && (self.cls.definition !== undefined || self.cls.name === 'Sequential'))
      this.#given.add(rootOf(input));
    if (!this.#isAsked(self)) return;
    this.#module = self;
    for (const tensor of tensorsIn(result)) this.#outputs.add(tensor);
  }

  #seeLoss(callee: Builtin, args: Arguments, result: Value): void {
    if (!(result instanceof TensorValue) || !result.requiresGrad) return;
    const name = this.#losses.get(callee) ?? callee.name;
    const [self] = args.positional;
    const settings = self instanceof PyInstance ? this.#settings.get(self) : undefined;
    const [input, target] = [0, 1].map(
      i =>
        args.positional[self instanceof PyInstance ? i + 1 : i] ?? args.keywords.get(lossParameters[i] ?? ''),
    );
    const reconstructs = target instanceof TensorValue && this.#given.has(rootOf(target));
    const loss: Made = {
      ...(settings === undefined
        ? made(name, lossParameters, args, this.#place())
        : made(name, lossParameters.slice(2), settings, this.#place())),
      ...(reconstructs && { reconstructs }),
    };
    this.#first ??= loss;
    const direct = input instanceof TensorValue && isOneOf(input, this.#outputs);
    this.#seen.set(result, { made: loss, direct });
  }

  /** The first backward pass through the weights of the module is what it learns by. */
  #seeBackward(loss: Value | undefined): void {
    if (this.#own !== undefined || this.#learned !== undefined) return;
    if (!(loss instanceof TensorValue) || this.#module === undefined) return;
    const weights = new Set(parametersOf(this.#module).map(([, weight]) => weight));
    if (!loss.sources.some(leaf => weights.has(leaf))) return;
    const seen = this.#seen.get(loss);
    if (seen?.direct) this.#learned = seen.made;
    else this.#own = this.#ownLoss(this.#module);
  }

  /** The loop around the backward pass that goes through batches: the innermost one over tensors. */
  #ownLoss(module: PyInstance): OwnLoss | undefined {
    const { frames } = this.interpreter;
    const place = this.#place();
    for (const frame of frames.toReversed()) {
      for (const loop of frame.loops.toReversed()) {
        const { item, statement } = loop;
        if (item === undefined || statement.kind !== 'for' || tensorsIn(item).length < 2) continue;
        return { place, frame, variables: this.#steady(frame), loop, item, module };
      }
    }
    return undefined;
  }

  /** The variables of a call, without what differs from turn to turn of the loops around. */
  #steady({ scope }: Frame): ReadonlyMap<string, Value> {
    const loops = this.interpreter.frames.flatMap(({ loops, file }) =>
      loops.map(({ span }) => file.text.slice(span.from, span.to)),
    );
    const changing = new Set(loops.flatMap(namesSetIn));
    return new Map(
      [...scope.variables].map(([name, value]) => [
        name,
        changing.has(name) || (counts.test(name) && value instanceof PyNumber) ? unknown : value,
      ]),
    );
  }

  #place(): Place {
    const { frame, span } = this.interpreter;
    return placeOf(frame.file, span);
  }
}
