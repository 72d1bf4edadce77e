/** Methods, attributes and places of tensors, with numbers: conversions, changes in place, indices. */
import { nn, noGrad, ops, Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { sameDims } from '../interpret/sizes';
import {
  type Arguments,
  BoundMethod,
  Builtin,
  Ellipsis,
  PyDevice,
  PyList,
  PyNumber,
  PyRange,
  PySlice,
  PyTuple,
  TensorValue,
  type Value,
} from '../interpret/values';
import { nested } from '../library/creation';
import { dtypeNamed } from '../library/dtypes';
import { bindTo } from '../library/native';
import { tensorAttribute, tensorMethods } from '../library/tensor-methods';
import { operands, type Replacement, tensorArgument } from './given';
import { changing } from './operations';
import { refuse } from './refused';
import { argument, computing, engineType, learned, numbersOf, refresh, tensorValue } from './strict';

const lines = ops.signatures();

const itself = (interpreter: Interpreter, { positional: [self] }: Arguments) =>
  tensorArgument(interpreter, self);

/** The tensor in another type: itself where it has that already. */
function cast(interpreter: Interpreter, self: TensorValue, name: string | undefined): TensorValue {
  const dtype = engineType(interpreter, name);
  const tensor = numbersOf(interpreter, self);
  if (tensor.dtype === dtype) return self;
  return tensorValue(
    computing(interpreter, () => tensor.to(dtype)),
    `to(${dtype})`,
    self,
  );
}

const castTo =
  (dtype: string): Replacement =>
  (args, interpreter) =>
    cast(interpreter, itself(interpreter, args), dtype);

/** `to` a type; where a tensor lies is not the file's to say here. */
const to: Replacement = (args, interpreter) => {
  let result = itself(interpreter, args);
  for (const target of [...args.positional.slice(1), ...args.keywords.values()]) {
    if (typeof target === 'boolean') continue;
    const dtype = target instanceof TensorValue ? target.dtype : dtypeNamed(target);
    if (dtype !== undefined) result = cast(interpreter, result, dtype);
    else if (
      !(
        target instanceof PyDevice ||
        typeof target === 'string' ||
        target instanceof TensorValue ||
        target instanceof PyNumber
      )
    )
      checkDevice(interpreter, target);
  }
  return result;
};

/** A device that is not known does not matter: everything lies where the module runs. */
function checkDevice(interpreter: Interpreter, target: Value): void {
  const types = [target].some(one => one instanceof TensorValue);
  if (types) refuse(interpreter, 'where this tensor is to go is not known');
}

const refusing =
  (sentence: string): Replacement =>
  (_, interpreter) =>
    refuse(interpreter, sentence);

const methodReplacements: Readonly<Record<string, Replacement>> = {
  detach: (args, interpreter) => {
    const self = itself(interpreter, args);
    return tensorValue(numbersOf(interpreter, self).detach(), 'detach()', self);
  },
  detach_: refusing('`detach_` is not computed: use `detach()`'),
  requires_grad_: (args, interpreter) => {
    const self = itself(interpreter, args);
    const wanted = args.positional[1] ?? args.keywords.get('requires_grad') ?? true;
    const tensor = numbersOf(interpreter, self);
    computing(interpreter, () => tensor.requiresGrad_(wanted !== false));
    return refresh(self);
  },
  backward: refusing('`backward()` inside of a module is not computed'),
  register_hook: refusing('hooks on tensors are not computed'),
  apply_: refusing('`apply_` is not computed'),
  resize_: refusing('`resize_` is not computed'),
  resize: refusing('`resize` is not computed'),
  contiguous: (args, interpreter) => {
    const self = itself(interpreter, args);
    const tensor = numbersOf(interpreter, self);
    const made = computing(interpreter, () => tensor.contiguous());
    return made === tensor ? self : tensorValue(made, 'contiguous()', self);
  },
  to,
  cpu: (args, interpreter) => itself(interpreter, args),
  cuda: (args, interpreter) => itself(interpreter, args),
  type: (args, interpreter) => cast(interpreter, itself(interpreter, args), dtypeNamed(args.positional[1])),
  float: castTo('float32'),
  double: castTo('float64'),
  half: castTo('float16'),
  bfloat16: castTo('bfloat16'),
  long: castTo('int64'),
  int: castTo('int32'),
  bool: castTo('bool'),
  byte: castTo('uint8'),
};

/** The methods of tensors that are no operations, with numbers. */
export const tensorReplacements: ReadonlyMap<Builtin, Replacement> = new Map(
  Object.entries(methodReplacements).flatMap(([name, body]) => {
    const builtin = tensorMethods.get(name);
    return builtin instanceof Builtin ? [[builtin, body] as const] : [];
  }),
);

type Filling = (tensor: Tensor, given: readonly unknown[]) => unknown;

const numberOr = (value: unknown, otherwise: number) => (typeof value === 'number' ? value : otherwise);

/** Methods that write all numbers of a tensor anew. */
const fillings: Readonly<Record<string, Filling>> = {
  zero_: tensor => nn.init.constant_(tensor, 0),
  fill_: (tensor, [value]) => (typeof value === 'number' ? nn.init.constant_(tensor, value) : undefined),
  uniform_: (tensor, [a, b]) => nn.init.uniform_(tensor, numberOr(a, 0), numberOr(b, 1)),
  normal_: (tensor, [mean, std]) => nn.init.normal_(tensor, numberOr(mean, 0), numberOr(std, 1)),
};

const fillingNames: Readonly<Record<string, readonly string[]>> = {
  fill_: ['value'],
  uniform_: ['from', 'to'],
  normal_: ['mean', 'std'],
};

/** An operation in place, such as `add_`. */
function inPlace(name: string): Builtin {
  const base = name.slice(0, -1);
  return new Builtin(name, (args, interpreter) => {
    const [self, ...rest] = args.positional;
    const value = tensorArgument(interpreter, self);
    const tensor = numbersOf(interpreter, value);
    const filling = fillings[name];
    if (filling !== undefined) {
      const bound = bindTo(fillingNames[name] ?? [], { ...args, positional: rest });
      const given = (fillingNames[name] ?? []).map(key => argument(interpreter, bound.get(key)));
      const done = computing(interpreter, () => filling(tensor, given));
      if (done === undefined) refuse(interpreter, `\`${name}\` is not computed with this`);
      return refresh(value);
    }
    const line = lines.get(base);
    const parameters = line === undefined ? undefined : [...line.ordered, ...line.options].slice(1);
    if (parameters === undefined && args.keywords.size > 0)
      refuse(interpreter, `\`${name}\` is not computed with keyword arguments`);
    const bound = bindTo(parameters ?? [], { ...args, positional: rest });
    const given = parameters === undefined ? rest : parameters.map(key => bound.get(key));
    if (line?.options.some(key => bound.get(key) !== undefined))
      refuse(interpreter, `\`${name}\` is not computed with these arguments`);
    return changing(interpreter, base, value, operands(interpreter, [value, ...given]).slice(1));
  });
}

/** An attribute of a tensor. */
export function liveTensorAttribute(
  interpreter: Interpreter,
  tensor: TensorValue,
  name: string,
): Value | undefined {
  if (name === 'data') return tensorValue(numbersOf(interpreter, tensor).detach(), 'data', tensor);
  const changes = /^[a-z]\w*[a-z0-9]_$/.test(name) && !tensorMethods.has(name);
  if (changes) return new BoundMethod(tensor, inPlace(name), name);
  return tensorAttribute(interpreter, tensor, name);
}

/** `tensor.name = value`. */
export function setLiveTensorAttribute(
  interpreter: Interpreter,
  value: TensorValue,
  name: string,
  next: Value,
): void {
  const tensor = numbersOf(interpreter, value);
  if (name === 'requires_grad') {
    computing(interpreter, () => tensor.requiresGrad_(next === true));
    refresh(value);
    return;
  }
  if (name === 'data' && next instanceof TensorValue) {
    const given = numbersOf(interpreter, next);
    if (learned.has(given.storage))
      refuse(interpreter, 'two parameters that share their numbers through `.data` are not followed');
    computing(interpreter, () => noGrad(() => tensor.copy_(given)));
    return;
  }
  refuse(interpreter, `setting \`.${name}\` of a tensor is not followed`);
}

/** The entries between the brackets, as the engine takes them. */
function indices(interpreter: Interpreter, index: Value): ops.Index[] {
  const given = index instanceof PyTuple ? index.items : [index];
  return given.map(entry => entryOf(interpreter, entry));
}

function entryOf(interpreter: Interpreter, entry: Value): ops.Index {
  if (entry === null) return null;
  if (entry instanceof Ellipsis) return '...';
  if (entry instanceof TensorValue) return numbersOf(interpreter, entry);
  if (entry instanceof PySlice) {
    const [start, stop, step] = [entry.start, entry.stop, entry.step].map(one => boundOf(interpreter, one));
    return new ops.Slice(start ?? null, stop ?? null, step ?? 1);
  }
  if (entry instanceof PyNumber && typeof entry.value === 'number') return entry.value;
  if (entry instanceof PyList || entry instanceof PyRange) {
    const found = nested(interpreter, entry);
    if (found?.known !== undefined)
      return numbersOf(interpreter, new TensorValue(found.dims, found.dtype, { known: found.known }));
  }
  return refuse(interpreter, 'what stands between these brackets is not known');
}

function boundOf(interpreter: Interpreter, value: Value): number | null {
  const given = argument(interpreter, value);
  if (given === undefined) return null;
  return typeof given === 'number' ? given : refuse(interpreter, 'where this slice ends is not known');
}

/** `tensor[index]`. */
export function liveIndex(interpreter: Interpreter, tensor: TensorValue, index: Value): Value {
  const entries = indices(interpreter, index);
  const numbers = numbersOf(interpreter, tensor);
  return tensorValue(
    computing(interpreter, () => ops.index(numbers, entries)),
    '[…]',
    tensor,
  );
}

/** `tensor[index] = value`. */
export function setLiveIndex(
  interpreter: Interpreter,
  tensor: TensorValue,
  index: Value,
  value: Value,
): void {
  const target = numbersOf(interpreter, tensor);
  const given = argument(interpreter, value);
  // Where a mask says, whatever it says: no number has to be known for that.
  const whole = index instanceof TensorValue && index.dtype === 'bool' && sameDims(index.dims, tensor.dims);
  if (whole && typeof given === 'number') {
    const mask = numbersOf(interpreter, index);
    computing(interpreter, () => target.maskedFill_(mask, given));
    refresh(tensor);
    return;
  }
  const entries = indices(interpreter, index);
  if (!(given instanceof Tensor) && typeof given !== 'number')
    refuse(interpreter, 'what is put here is not known');
  else computing(interpreter, () => target.indexPut_(entries, given));
  refresh(tensor);
}
