/** PyTorch's functions of tensors: those of the table, and those that are called in a way of their own. */

import { ops, type Signature } from '../../engine/shapes';
import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import { join } from '../interpret/join';
import { type Dim, Size, sameDims } from '../interpret/sizes';
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
  Union,
  unknown,
  type Value,
} from '../interpret/values';
import { brief, type Converter, camelCase, engineFunction, NotKnown, withEngine } from './bridge';
import { dtypeNamed, withDtype } from './dtypes';
import { type Body, Bound, bindTo } from './native';

/** Parameters whose value changes no shape: any number will do where it is not known. */
const harmless = new Set(
  'other exponent alpha beta value min max eps p weight negative_slope lambd end threshold nan posinf neginf rounding_mode decimals fill_value q min_val max_val diagonal offset start step momentum training'.split(
    ' ',
  ),
);

/** The converted argument of a parameter. */
export function converted(convert: Converter, name: string, value: Value | undefined): unknown {
  if (value instanceof PyNumber && value.value === undefined && harmless.has(name))
    return value.type === 'int' ? 1 : 0.5;
  if (
    value instanceof PyNumber &&
    value.type === 'float' &&
    harmless.has(name) &&
    typeof value.value === 'number' &&
    name !== 'p'
  )
    // The engine takes a whole number for an integer; where the type counts it must not be one.
    return Number.isInteger(value.value) && (name === 'other' || name === 'exponent')
      ? value.value + 0.25
      : value.value;
  if (
    isUnknown(value) &&
    value !== undefined &&
    harmless.has(name) &&
    name !== 'other' &&
    name !== 'weight' &&
    name !== 'end'
  )
    return 0.5;
  return convert.argument(value);
}

/** Goes through the alternatives of arguments that may be one of several. */
export function eachAlternative(interpreter: Interpreter, args: Bound, body: (args: Bound) => Value): Value {
  const [name, value] = [...args.values].find(([, one]) => one instanceof Union) ?? [];
  if (name === undefined || !(value instanceof Union)) return body(args);
  return value.options
    .map(option =>
      interpreter.perhaps(() =>
        eachAlternative(
          interpreter,
          new Bound(new Map([...args.values, [name, option]]), args.rest, args.all, args.extra, args.open),
          body,
        ),
      ),
    )
    .reduce((a, b) => join(a, b));
}

function labelOf(name: string, values: readonly (Value | undefined)[]): string {
  const shown = values.slice(1).filter(value => value !== undefined);
  return `${name}(${shown.map(brief).join(', ')})`;
}

/** A function of the table. */
function fromTable({ name, engine, ordered, options }: Signature): Body {
  const body = engineFunction(engine);
  return (args, interpreter) =>
    eachAlternative(interpreter, args, bound => {
      if (body === undefined || bound.open) return unknown;
      const values = ordered.map(parameter => listed(interpreter, bound.get(parameter)));
      const given = options.flatMap(option => {
        const value = bound.get(option);
        return value === undefined || value === null ? [] : [[option, value] as const];
      });
      const inputs = [...values, ...given.map(([, value]) => value)];
      const [list] = values;
      if (list instanceof PyList && list.open && (engine === 'cat' || engine === 'stack'))
        return ofOpenList(interpreter, engine, list, bound.number('dim') ?? 0);
      const made = withEngine(interpreter, { label: labelOf(name, values), inputs }, convert => {
        const all = ordered.map((parameter, i) => converted(convert, parameter, values[i]));
        const settings = Object.fromEntries(
          given.map(([option, value]) => [camelCase(option), converted(convert, option, value)]),
        );
        return body(...all, ...(given.length > 0 ? [settings] : []));
      });
      return withDtype(made, dtypeNamed(bound.extra.get('dtype')));
    });
}

/** Tensors of which it is not known how many there are, put together: the axis along which they lie is a symbol. */
function ofOpenList(interpreter: Interpreter, name: 'cat' | 'stack', list: PyList, dim: number): Value {
  const [first] = list.items;
  if (!(first instanceof TensorValue)) return unknown;
  const rank = first.dims.length + (name === 'stack' ? 1 : 0);
  const axis = dim < 0 ? dim + rank : dim;
  const rest = name === 'stack' ? first.dims : first.dims.toSpliced(axis, 1);
  const alike = list.items.every(
    one =>
      one instanceof TensorValue &&
      sameDims(name === 'stack' ? one.dims : one.dims.toSpliced(axis, 1), rest) &&
      one.dtype === first.dtype,
  );
  if (!alike || axis < 0 || axis >= rank) return unknown;
  const made = copyOf(interpreter, first, name, name === 'cat' ? 'CatBackward0' : 'StackBackward0');
  made.dims = rest.toSpliced(axis, 0, interpreter.symbols.fresh('N'));
  return made;
}

/** Iterators and generators as lists; tensors are left alone. */
function listed(interpreter: Interpreter, value: Value | undefined): Value | undefined {
  if (value === undefined || value === null || value instanceof TensorValue) return value;
  if (
    value instanceof PyList ||
    value instanceof PyTuple ||
    value instanceof PyNumber ||
    typeof value !== 'object'
  )
    return value;
  if (value instanceof Union || isUnknown(value)) return value;
  const { items, exact } = elementsOf(interpreter, value);
  return items.length === 1 && isUnknown(items[0]) ? value : new PyList(items, !exact);
}

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
        { label: labelOf(name, [self, ...values]), inputs: [self, ...values] },
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
          label: labelOf(
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
          label: labelOf(
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
      const made = withEngine(interpreter, { label: labelOf(name, [self, dim]), inputs: [self] }, convert =>
        body?.(convert.argument(self), convert.argument(along)),
      );
      return withDtype(made, dtypeNamed(bound.get('dtype')));
    });
}

/** As many elements as only running the file would show. */
export function someOf(
  interpreter: Interpreter,
  rest: readonly Dim[],
  like: TensorValue,
  dtype = like.dtype,
): TensorValue {
  const made = new TensorValue([interpreter.symbols.fresh('N'), ...rest], dtype, {
    ...like.extra,
    parameter: false,
    known: undefined,
    gradFn: like.requiresGrad && interpreter.gradEnabled ? 'IndexBackward0' : undefined,
    requiresGrad: like.requiresGrad && interpreter.gradEnabled,
  });
  made.sources = like.extra.gradFn === undefined && like.requiresGrad ? [like] : like.sources;
  return made;
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
  'nonzero(self, as_tuple)': (args, interpreter) => {
    const self = args.get('self');
    if (!(self instanceof TensorValue)) return unknown;
    const count = interpreter.symbols.fresh('N');
    if (args.get('as_tuple') === true || self.isArray)
      return new PyTuple(self.dims.map(() => new TensorValue([count], 'int64', { array: self.isArray })));
    return new TensorValue([count, self.dims.length], 'int64');
  },
  'argwhere(self)': (args, interpreter) => {
    const self = args.get('self');
    return self instanceof TensorValue
      ? new TensorValue([interpreter.symbols.fresh('N'), self.dims.length], 'int64', { array: self.isArray })
      : unknown;
  },
  'masked_select(self, mask)': (args, interpreter) => {
    const self = args.get('self');
    return self instanceof TensorValue ? someOf(interpreter, [], self) : unknown;
  },
  'unique(self, sorted, return_inverse, return_counts, dim)': (args, interpreter) => {
    const self = args.get('self');
    if (!(self instanceof TensorValue) || args.get('dim') !== undefined) return unknown;
    const values = someOf(interpreter, [], self);
    const counts = new TensorValue(values.dims, 'int64', { array: self.isArray });
    const inverse = new TensorValue(self.dims, 'int64', { array: self.isArray });
    const parts = [values];
    if (args.get('return_inverse') === true) parts.push(inverse);
    if (args.get('return_counts') === true) parts.push(counts);
    return parts.length === 1 ? values : new PyTuple(parts);
  },
  'bincount(self, weights, minlength)': (args, interpreter) =>
    new TensorValue([interpreter.symbols.fresh('N')], 'int64', {
      array: args.get('self') instanceof TensorValue && (args.get('self') as TensorValue).isArray,
    }),
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

/** A tensor of the same shape and type that was computed from one. */
export function copyOf(
  interpreter: Interpreter,
  self: TensorValue,
  label: string,
  gradFn: string | undefined,
): TensorValue {
  const flows = self.requiresGrad && interpreter.gradEnabled && gradFn !== undefined;
  const made = new TensorValue(self.dims, self.dtype, {
    ...self.extra,
    parameter: false,
    known: undefined,
    requiresGrad: flows,
    gradFn: flows ? gradFn : undefined,
  });
  if (flows) made.sources = self.extra.gradFn === undefined ? [self] : self.sources;
  made.step = { label, from: self };
  return made;
}

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
    const body = fromTable(line);
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

/** True if a size is a symbol. */
export function isSymbol(dim: Dim): dim is Size {
  return dim instanceof Size;
}
