/**
 * PyTorch's functions of tensors with numbers: those of the table that the reader has too, called with exactly what the
 * file gives, and those whose arguments come in several forms.
 */
import { nn, ops, type Signature, Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { type Builtin, int, PyDtype, PyList, PyTuple, TensorValue, type Value } from '../interpret/values';
import { callText, camelCase, engineFunction } from '../library/bridge';
import { type Bound, bindTo, parseSignature } from '../library/native';
import { operations } from '../library/operations';
import {
  checkAll,
  checkRest,
  inType,
  operands,
  type Replacement,
  sizesOf,
  tensorArgument,
  trimmed,
} from './given';
import { refuse } from './refused';
import { argument, computing, numbersOf, pythonValue, refresh } from './strict';

type LiveBody = (bound: Bound, interpreter: Interpreter) => Value;

/** Lines of the table whose numbers are not PyTorch's: there the shape was all that mattered. */
const shapesOnly = new Set(['nanmedian', 'multinomial', 'fill']);

const firstTensor = (values: readonly (Value | undefined)[]) =>
  values.find((value): value is TensorValue => value instanceof TensorValue);

function fromLine(line: Signature): LiveBody | undefined {
  const { name, ordered, options } = line;
  const body = engineFunction(line.engine);
  if (body === undefined || shapesOnly.has(name)) return undefined;
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound, ['dtype', 'inplace']);
    checkRest(interpreter, name, bound);
    const values = ordered.map(parameter => bound.get(parameter));
    const given = operands(interpreter, values);
    const settings = options.flatMap(option => {
      const value = bound.get(option);
      return value === undefined || value === null ? [] : [[camelCase(option), argument(interpreter, value)]];
    });
    given[0] = inType(interpreter, bound, given[0]);
    const all = settings.length > 0 ? [...given, Object.fromEntries(settings)] : trimmed(given);
    const first = firstTensor(values);
    if (bound.extra.get('inplace') === true && first !== undefined)
      return changing(interpreter, name, first, all.slice(1));
    return pythonValue(
      interpreter,
      computing(interpreter, () => body(...all)),
      callText(name, values),
      first,
    );
  };
}

/** The form in place of an operation: what it is given changes. */
export function changing(
  interpreter: Interpreter,
  name: string,
  value: TensorValue,
  rest: readonly unknown[],
): TensorValue {
  const [body, plain] = [engineFunction(`${name}_`), engineFunction(name)];
  const tensor = numbersOf(interpreter, value);
  const given = trimmed(rest);
  if (body !== undefined) computing(interpreter, () => body(tensor, ...given));
  else if (plain === undefined) refuse(interpreter, `\`${name}\` in place is not computed`);
  else {
    // Of a copy, so that what the gradient needs of the input is not overwritten.
    const result = computing(interpreter, () => plain(tensor.clone(), ...given));
    if (result instanceof Tensor) computing(interpreter, () => tensor.copy_(result));
  }
  return refresh(value);
}

function withSizes(name: string, engineName: string, keyword: string): LiveBody {
  const body = engineFunction(engineName);
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound);
    const [first] = bound.all.length > 0 ? bound.all : [bound.get('self')];
    const self = tensorArgument(interpreter, first);
    const given = bound.all.slice(1);
    const named = bound.get(keyword);
    const sizes = sizesOf(interpreter, given.length > 0 ? given : named === undefined ? [] : [named]);
    const tensor = numbersOf(interpreter, self);
    return pythonValue(
      interpreter,
      computing(interpreter, () => body?.(tensor, sizes)),
      callText(name, [self, ...sizes.map(size => int(size))]),
      self,
    );
  };
}

/** The dimension that PyTorch's softmax takes where none is given. */
const implicitDim = (rank: number) => (rank === 0 || rank === 1 || rank === 3 ? 0 : 1);

function alongDim(name: string): LiveBody {
  const body = engineFunction(name);
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound);
    const self = tensorArgument(interpreter, bound.get('self'));
    const dim = argument(interpreter, bound.get('dim')) ?? implicitDim(self.dims.length);
    const input = inType(interpreter, bound, numbersOf(interpreter, self));
    return pythonValue(
      interpreter,
      computing(interpreter, () => body?.(input, dim)),
      `${name}(${String(dim)})`,
      self,
    );
  };
}

function reduced(name: 'max' | 'min'): LiveBody {
  const body = engineFunction(name);
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound);
    const self = bound.get('self');
    const second = bound.get('dim') ?? bound.get('other');
    const given = operands(interpreter, [self, second]);
    const keepdim = argument(interpreter, bound.get('keepdim'));
    const all = keepdim === undefined ? trimmed(given) : [...given, keepdim];
    return pythonValue(
      interpreter,
      computing(interpreter, () => body?.(...all)),
      callText(name, [self, second]),
      firstTensor([self]),
    );
  };
}

/** Variances: `std(dim, unbiased, keepdim)`, `std(unbiased)`, `std(dim, correction=…)`. */
function spread(name: string, engineName: string): LiveBody {
  const body = engineFunction(engineName);
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound, ['correction']);
    const self = tensorArgument(interpreter, bound.get('self'));
    const [, first, second, third] = bound.all;
    const onlyFlag = typeof first === 'boolean';
    const dim = onlyFlag ? undefined : (bound.get('dim') ?? first);
    const unbiased = onlyFlag ? first : (bound.get('unbiased') ?? second);
    const correction = argument(interpreter, bound.extra.get('correction'));
    const keepdim = argument(interpreter, bound.get('keepdim') ?? third) ?? false;
    const taken = correction ?? (argument(interpreter, unbiased) === false ? 0 : 1);
    const tensor = numbersOf(interpreter, self);
    const along = argument(interpreter, dim);
    return pythonValue(
      interpreter,
      computing(interpreter, () => body?.(tensor, along, taken, keepdim)),
      name,
      self,
    );
  };
}

const like =
  (engineName: string): LiveBody =>
  (bound, interpreter) => {
    const self = tensorArgument(interpreter, bound.get('self'));
    const other = tensorArgument(interpreter, bound.get('other'));
    const sizes = numbersOf(interpreter, other).shape;
    const tensor = numbersOf(interpreter, self);
    return pythonValue(
      interpreter,
      computing(interpreter, () => engineFunction(engineName)?.(tensor, [...sizes])),
      engineName,
      self,
    );
  };

/** Where dropout happens: PyTorch's function drops also where nobody says whether it trains. */
function dropping(name: string, engineName: string): LiveBody {
  const body = engineFunction(engineName);
  return (bound, interpreter) => {
    checkAll(interpreter, name, bound, ['inplace']);
    const self = tensorArgument(interpreter, bound.get('self'));
    const p = argument(interpreter, bound.get('p')) ?? 0.5;
    const training = argument(interpreter, bound.get('training')) ?? true;
    const tensor = numbersOf(interpreter, self);
    const inPlace = bound.get('inplace') === true;
    if (inPlace) return changing(interpreter, engineName, self, [p, training]);
    return pythonValue(
      interpreter,
      computing(interpreter, () => body?.(tensor, p, training)),
      `${name}(${String(p)})`,
      self,
    );
  };
}

/** Several tensors in a row, or in one list. */
function several(interpreter: Interpreter, rest: readonly Value[]): unknown[] {
  const [first] = rest;
  const all = rest.length === 1 && (first instanceof PyList || first instanceof PyTuple) ? first.items : rest;
  return all.map(one => argument(interpreter, one));
}

const own: Readonly<Record<string, LiveBody>> = {
  'view(self, *)': (bound, interpreter) => {
    if (bound.all[1] instanceof PyDtype) return refuse(interpreter, 'a view in another type is not computed');
    return withSizes('view', 'view', 'size')(bound, interpreter);
  },
  'reshape(self, *, shape)': withSizes('reshape', 'reshape', 'shape'),
  'permute(self, *, dims)': withSizes('permute', 'permute', 'dims'),
  'expand(self, *, size)': withSizes('expand', 'expand_to', 'size'),
  'repeat(self, *, size)': withSizes('repeat', 'repeat', 'size'),
  'tile(self, *, dims)': withSizes('tile', 'tile', 'dims'),
  'flip(self, *, dims)': withSizes('flip', 'flip', 'dims'),
  'max(self, other, keepdim, dim)': reduced('max'),
  'min(self, other, keepdim, dim)': reduced('min'),
  'std(self, dim, unbiased, keepdim)': spread('std', 'std'),
  'var(self, dim, unbiased, keepdim)': spread('var', 'variance'),
  'softmax(self, dim, dtype)': alongDim('softmax'),
  'log_softmax(self, dim, dtype)': alongDim('log_softmax'),
  'where(condition, self, other)': (bound, interpreter) => {
    checkAll(interpreter, 'where', bound);
    const all = operands(interpreter, [bound.get('condition'), bound.get('self'), bound.get('other')]);
    if (all.includes(undefined))
      return refuse(interpreter, 'where of a condition alone gives as many elements as only running shows');
    return pythonValue(
      interpreter,
      computing(interpreter, () => engineFunction('where')?.(...all)),
      'where',
      firstTensor([bound.get('self')]),
    );
  },
  'einsum(equation, *)': (bound, interpreter) => {
    const all = several(interpreter, bound.rest);
    const equation = argument(interpreter, bound.get('equation'));
    return pythonValue(
      interpreter,
      computing(interpreter, () => engineFunction('einsum')?.(equation, ...all)),
      'einsum',
      firstTensor(bound.rest),
    );
  },
  'meshgrid(*, indexing)': (bound, interpreter) => {
    const indexing = bound.text('indexing');
    const all = several(interpreter, bound.rest);
    return pythonValue(
      interpreter,
      computing(interpreter, () =>
        engineFunction('meshgrid')?.(all, indexing === undefined ? {} : { indexing }),
      ),
      'meshgrid',
    );
  },
  'linear(self, weight, bias)': (bound, interpreter) => {
    const self = tensorArgument(interpreter, bound.get('self'));
    const [x, weight] = [
      numbersOf(interpreter, self),
      numbersOf(interpreter, tensorArgument(interpreter, bound.get('weight'))),
    ];
    const bias = bound.get('bias');
    const b =
      bias === undefined || bias === null
        ? undefined
        : numbersOf(interpreter, tensorArgument(interpreter, bias));
    return pythonValue(
      interpreter,
      computing(interpreter, () => nn.linear(x, weight, b)),
      'linear',
      self,
    );
  },
  'dropout(self, p, training, inplace)': dropping('dropout', 'dropout'),
  'dropout2d(self, p, training, inplace)': dropping('dropout2d', 'dropout2d'),
  'view_as(self, other)': like('view'),
  'reshape_as(self, other)': like('reshape'),
  'expand_as(self, other)': like('expand_to'),
  'type_as(self, other)': (bound, interpreter) => {
    const [self, other] = [bound.get('self'), bound.get('other')].map(one =>
      tensorArgument(interpreter, one),
    );
    if (self === undefined || other === undefined) return null;
    const [a, b] = [numbersOf(interpreter, self), numbersOf(interpreter, other)];
    return pythonValue(
      interpreter,
      computing(interpreter, () => a.to(b.dtype)),
      'type_as',
      self,
    );
  },
};

function replacements(): Map<Builtin, Replacement> {
  const all = new Map<Builtin, Replacement>();
  const add = (name: string, parameters: readonly string[], body: LiveBody | undefined) => {
    const builtin = operations.get(name);
    if (builtin === undefined || body === undefined) return;
    all.set(builtin, (args, interpreter) => {
      return body(bindTo(parameters, args), interpreter);
    });
  };
  for (const line of ops.signatures().values())
    add(line.name, [...line.ordered, ...line.options], fromLine(line));
  for (const [signature, body] of Object.entries(own)) {
    const { name, parameters } = parseSignature(signature);
    add(name, parameters, body);
  }
  return all;
}

/** The functions of tensors, with numbers. */
export const operationReplacements: ReadonlyMap<Builtin, Replacement> = replacements();

/** Calls a function of the engine with tensors and numbers, for Python's operators. */
export function apply(
  interpreter: Interpreter,
  name: string,
  label: string,
  values: readonly Value[],
): Value {
  const body = engineFunction(name);
  if (body === undefined) return refuse(interpreter, `\`${label}\` is not computed`);
  const all = operands(interpreter, values);
  return pythonValue(
    interpreter,
    computing(interpreter, () => body(...all)),
    label,
    firstTensor(values),
  );
}
