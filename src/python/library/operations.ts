/** PyTorch's functions of tensors: those that are called as their signatures say, and those that are called in a way of their own. */

import { ops } from '../../engine/shapes';
import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import type { Dim } from '../interpret/sizes';
import {
  Builtin,
  firstOf,
  int,
  isUnknown,
  PyList,
  PyNumber,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { brief, callText, engineFunction, NotKnown, withEngine } from './bridge';
import { copyOf } from './derived';
import { dtypeNamed, withDtype } from './dtypes';
import { type Body, type Bound, bindTo } from './native';
import { bySignature, converted, eachAlternative } from './signature-calls';
import { valueSized } from './value-sized';

/** Sizes given one by one or as a list: `view(-1, 10)`, `view((-1, 10))`. */
export function sizesFrom(interpreter: Interpreter, values: readonly Value[]): Dim[] | undefined {
  const [only] = values;
  const list =
    values.length === 1 && only !== undefined && !(only instanceof PyNumber) && !(only instanceof TensorValue)
      ? elementsOf(interpreter, only)
      : { items: values, exact: true };
  if (!list.exact) return undefined;
  const sizes = list.items.map(sizeOf);
  return sizes.every(size => size !== undefined) ? sizes : undefined;
}

/** A method that takes sizes, such as `view`. */
function withSizes(name: string, engineName = name, keyword = 'size'): Body {
  const body = engineFunction(engineName);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const [self] = bound.all.length > 0 ? bound.all : [firstOf(bound.get('self'))];
      if (!(self instanceof TensorValue) || body === undefined) return unknown;
      const given = bound.all.slice(1);
      const named = bound.get(keyword) ?? bound.get('shape') ?? bound.get('dims') ?? bound.get('sizes');
      const sizes = sizesFrom(interpreter, given.length > 0 ? given : named === undefined ? [] : [named]);
      if (sizes === undefined) return unknown;
      const values = sizes.map(size => int(size));
      return withEngine(
        interpreter,
        { label: callText(name, [self, ...values]), inputs: [self, ...values] },
        convert =>
          body(
            convert.tensor(self),
            values.map(value => convert.argument(value)),
          ),
      );
    });
}

function reduced(name: 'max' | 'min'): Body {
  const body = engineFunction(name);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const [self, second] = [bound.get('self'), bound.get('other') ?? bound.get('dim')];
      const dim = bound.get('dim') ?? second;
      const values = [self, dim, bound.get('keepdim')];
      return withEngine(
        interpreter,
        {
          label: callText(
            name,
            values.filter(one => one !== undefined),
          ),
          inputs: values,
        },
        convert => body?.(...values.map(value => convert.argument(value))),
      );
    });
}

function biased(name: string, engineName: string): Body {
  const body = engineFunction(engineName);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const self = bound.get('self');
      const [, first, , third] = bound.all;
      const dim = bound.get('dim') ?? (typeof first === 'boolean' ? undefined : first);
      const keepdim = bound.get('keepdim') ?? third;
      const inputs = [self, dim, keepdim];
      return withEngine(
        interpreter,
        {
          label: callText(
            name,
            [self, dim].filter(one => one !== undefined),
          ),
          inputs,
        },
        convert =>
          body?.(convert.argument(self), convert.argument(dim), 1, convert.argument(keepdim) ?? false),
      );
    });
}

function sameType(name: string, engineName: string): Body {
  const body = engineFunction(engineName);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const [self, dim] = [bound.get('self'), bound.get('dim')];
      // Without a dimension PyTorch picks one, with a warning; the shape is the same.
      const along = dim === undefined || dim === null || isUnknown(dim) ? int(-1) : dim;
      const made = withEngine(interpreter, { label: callText(name, [self, dim]), inputs: [self] }, convert =>
        body?.(convert.argument(self), convert.argument(along)),
      );
      return withDtype(made, dtypeNamed(bound.get('dtype')));
    });
}

const own: Readonly<Record<string, Body>> = {
  'view(self, *)': (args, interpreter) => {
    const [, first] = args.all;
    if (dtypeNamed(first) !== undefined) return unknown;
    return withSizes('view')(args, interpreter);
  },
  'reshape(self, *, shape)': withSizes('reshape', 'reshape', 'shape'),
  'permute(self, *, dims)': withSizes('permute', 'permute', 'dims'),
  'expand(self, *, size)': withSizes('expand', 'expand_to'),
  'repeat(self, *, size)': withSizes('repeat'),
  'tile(self, *, dims)': withSizes('tile', 'tile', 'dims'),
  'flip(self, *, dims)': withSizes('flip', 'flip', 'dims'),
  'max(self, other, keepdim, dim)': reduced('max'),
  'min(self, other, keepdim, dim)': reduced('min'),
  'std(self, dim, unbiased, keepdim)': biased('std', 'std'),
  'var(self, dim, unbiased, keepdim)': biased('var', 'variance'),
  'std_mean(self, dim, unbiased, keepdim)': biased('std_mean', 'std_mean'),
  'var_mean(self, dim, unbiased, keepdim)': biased('var_mean', 'var_mean'),
  'softmax(self, dim, dtype)': sameType('softmax', 'softmax'),
  'log_softmax(self, dim, dtype)': sameType('log_softmax', 'log_softmax'),
  'where(condition, self, other)': (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const [condition, self, other] = [bound.get('condition'), bound.get('self'), bound.get('other')];
      if (self === undefined) {
        if (!(condition instanceof TensorValue)) return unknown;
        const count = interpreter.symbols.fresh('N');
        return new PyTuple(
          condition.dims.map(() => new TensorValue([count], 'int64', { array: condition.isArray })),
        );
      }
      // As a method the condition comes second.
      return withEngine(interpreter, { label: 'where', inputs: [condition, self, other] }, convert => {
        const all = [condition, self, other].map(value => converted(convert, 'value', value));
        if (all.includes(undefined)) throw new NotKnown();
        return engineFunction('where')?.(...all);
      });
    }),
  ...valueSized,
  'einsum(equation, *)': (args, interpreter) => {
    const [first] = args.rest;
    const tensors = args.rest.length === 1 && first instanceof PyList ? first.items : args.rest;
    const { values } = args;
    const equation = values.get('equation');
    return withEngine(interpreter, { label: `einsum(${brief(equation)})`, inputs: tensors }, convert =>
      engineFunction('einsum')?.(convert.argument(equation), ...tensors.map(one => convert.argument(one))),
    );
  },
  'meshgrid(*, indexing)': (args, interpreter) => {
    const [first] = args.rest;
    const tensors =
      args.rest.length === 1 && (first instanceof PyList || first instanceof PyTuple)
        ? first.items
        : args.rest;
    const indexing = args.text('indexing');
    return withEngine(interpreter, { label: 'meshgrid', inputs: tensors }, convert =>
      engineFunction('meshgrid')?.(
        tensors.map(one => convert.argument(one)),
        indexing === undefined ? {} : { indexing },
      ),
    );
  },
  'broadcast_tensors(*)': (args, interpreter) =>
    withEngine(interpreter, { label: 'broadcast_tensors', inputs: args.rest }, convert =>
      engineFunction('broadcast_tensors')?.(...args.rest.map(one => convert.argument(one))),
    ),
  'cartesian_prod(*)': (args, interpreter) =>
    withEngine(interpreter, { label: 'cartesian_prod', inputs: args.rest }, convert =>
      engineFunction('cartesian_prod')?.(...args.rest.map(one => convert.argument(one))),
    ),
  'linear(self, weight, bias)': (args, interpreter) =>
    linear(interpreter, args.get('self'), args.get('weight'), args.get('bias')),
  'dropout(self, p, training, inplace)': unchanged('dropout', 'MulBackward0'),
  'dropout2d(self, p, training, inplace)': unchanged('dropout2d', 'MulBackward0'),
  'alpha_dropout(self, p, training, inplace)': unchanged('alpha_dropout', 'AddBackward0'),
  'bernoulli(self, p)': unchanged('bernoulli', undefined),
  'apply_along_axis(self)': () => unknown,
  'view_as(self, other)': (args, interpreter) => likeOther('view', args, interpreter),
  'reshape_as(self, other)': (args, interpreter) => likeOther('reshape', args, interpreter),
  'expand_as(self, other)': (args, interpreter) => likeOther('expand_to', args, interpreter),
  'type_as(self, other)': (args, interpreter) => {
    const [self, other] = [args.get('self'), args.get('other')];
    if (!(self instanceof TensorValue)) return unknown;
    return withDtype(
      callValue(interpreter, unchangedBuiltin, [self]),
      other instanceof TensorValue ? other.dtype : undefined,
      true,
    );
  },
};

/** `input @ weight.T + bias`. */
export function linear(
  interpreter: Interpreter,
  input: Value | undefined,
  weight: Value | undefined,
  bias: Value | undefined,
): Value {
  return withEngine(interpreter, { label: 'linear', inputs: [input, weight, bias] }, convert => {
    if (!(input instanceof TensorValue) || !(weight instanceof TensorValue)) throw new NotKnown();
    const [x, w, b] = [convert.tensor(input), convert.tensor(weight), convert.argument(bias)];
    const product = engineFunction('matmul')?.(x, w.ndim === 2 ? w.t() : w);
    return b === undefined ? product : engineFunction('add')?.(product, b);
  });
}

/** A function that keeps shape and type. */
function unchanged(label: string, gradFn: string | undefined): Body {
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      const self = bound.get('self');
      if (!(self instanceof TensorValue)) return unknown;
      return copyOf(interpreter, self, label, gradFn);
    });
}

const unchangedBuiltin = new Builtin('clone', ({ positional: [self = unknown] }, interpreter) =>
  self instanceof TensorValue ? copyOf(interpreter, self, 'to', 'ToCopyBackward0') : unknown,
);

function likeOther(engineName: string, args: Bound, interpreter: Interpreter): Value {
  const [self, other] = [args.get('self'), args.get('other')];
  if (!(self instanceof TensorValue) || !(other instanceof TensorValue)) return unknown;
  const sizes = other.dims.map(dim => int(dim));
  return withEngine(interpreter, { label: engineName, inputs: [self, ...sizes] }, convert =>
    engineFunction(engineName)?.(
      convert.tensor(self),
      sizes.map(size => convert.argument(size)),
    ),
  );
}

function builtins(): Map<string, Builtin> {
  const all = new Map<string, Builtin>();
  for (const line of ops.signatures().values()) {
    if (line.name.startsWith('linalg_')) continue;
    const body = bySignature(line);
    const parameters = [...line.ordered, ...line.options];
    all.set(
      line.name,
      new Builtin(line.name, (args, interpreter) => body(bindTo(parameters, args), interpreter)),
    );
  }
  for (const [signature, body] of Object.entries(own)) {
    const [, name = '', inside = ''] = /^(\w+)\((.*)\)$/.exec(signature) ?? [];
    const parameters = inside.split(',').map(one => one.trim());
    all.set(name, new Builtin(name, (args, interpreter) => body(bindTo(parameters, args), interpreter)));
  }
  return all;
}

/** All functions of tensors by PyTorch's names. */
export const operations: ReadonlyMap<string, Builtin> = builtins();

/** Calls one of them. */
export function operation(interpreter: Interpreter, name: string, ...args: readonly Value[]): Value {
  const found = operations.get(name);
  return found === undefined ? unknown : callValue(interpreter, found, args);
}
