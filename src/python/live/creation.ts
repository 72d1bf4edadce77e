/** Functions that make tensors, and `torch.nn.init`, with numbers: drawn from the run's generator where they are random. */
import { nn, ops, type Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { Builtin, knownNumber, type PyClass, TensorValue, type Value } from '../interpret/values';
import { camelCase } from '../library/bridge';
import { creation } from '../library/creation';
import { type Bound, bindTo } from '../library/native';
import { init, parameterClass } from '../library/nn';
import { checkAll, type Replacement, tensorArgument } from './given';
import { refuse } from './refused';
import { argument, computing, engineType, learned, numbersOf, refresh } from './strict';

interface Wanted {
  readonly shape: number[];
  readonly dtype: ReturnType<typeof engineType>;
  readonly bound: Bound;
  readonly interpreter: Interpreter;
}

type Maker = (wanted: Wanted) => Tensor;

const number = ({ bound, interpreter }: Wanted, name: string, otherwise: number): number => {
  const value = bound.get(name);
  if (value === undefined || value === null) return otherwise;
  return knownNumber(value) ?? refuse(interpreter, `the argument \`${name}\` is not known`);
};

const device = ({ interpreter }: Wanted) => interpreter.live?.device ?? 'cpu';

const options = (wanted: Wanted) => ({ dtype: wanted.dtype, device: device(wanted) });

const zeros: Maker = wanted => ops.zeros(wanted.shape, options(wanted));
const ones: Maker = wanted => ops.ones(wanted.shape, options(wanted));
const rand: Maker = wanted => ops.rand(wanted.shape, options(wanted));
const randn: Maker = wanted => ops.randn(wanted.shape, options(wanted));
const full: Maker = wanted => ops.full(wanted.shape, number(wanted, 'fill_value', 0), options(wanted));

/** What each function of the library makes; its shape and type are what the reader found. */
const makers: Readonly<Record<string, { readonly parameters: readonly string[]; readonly make: Maker }>> = {
  zeros: { parameters: ['*', 'size'], make: zeros },
  // What memory held before is nothing to rely on: zeros are as good.
  empty: { parameters: ['*', 'size'], make: zeros },
  ones: { parameters: ['*', 'size'], make: ones },
  rand: { parameters: ['*', 'size'], make: rand },
  randn: { parameters: ['*', 'size'], make: randn },
  full: { parameters: ['size', 'fill_value'], make: full },
  zeros_like: { parameters: ['self'], make: zeros },
  empty_like: { parameters: ['self'], make: zeros },
  ones_like: { parameters: ['self'], make: ones },
  rand_like: { parameters: ['self'], make: rand },
  randn_like: { parameters: ['self'], make: randn },
  full_like: { parameters: ['self', 'fill_value'], make: full },
  eye: {
    parameters: ['n', 'm'],
    make: wanted => ops.eye(wanted.shape[0] ?? 0, wanted.shape[1], options(wanted)),
  },
  arange: {
    parameters: ['start', 'end', 'step'],
    make: wanted => {
      const { bound } = wanted;
      const end = bound.get('end');
      const [from, to] =
        end === undefined || end === null
          ? [0, number(wanted, 'start', 0)]
          : [number(wanted, 'start', 0), number(wanted, 'end', 0)];
      return ops.arange(from, to, number(wanted, 'step', 1), options(wanted));
    },
  },
  linspace: {
    parameters: ['start', 'end', 'steps'],
    make: wanted =>
      ops.linspace(
        number(wanted, 'start', 0),
        number(wanted, 'end', 0),
        number(wanted, 'steps', 100),
        options(wanted),
      ),
  },
  normal: {
    parameters: ['mean', 'std', 'size'],
    make: wanted =>
      ops
        .randn(wanted.shape, options(wanted))
        .mul(number(wanted, 'std', 1))
        .add(number(wanted, 'mean', 0)),
  },
};

const settings = ['dtype', 'device', 'requires_grad', 'layout', 'pin_memory'];

/** Lets the reader find shape and type, and puts the numbers to them. */
function creating(builtin: Builtin, parameters: readonly string[], make: Maker): Replacement {
  return (args, interpreter) => {
    const made = builtin.call(args, interpreter);
    if (!(made instanceof TensorValue) || !made.dims.every(dim => typeof dim === 'number'))
      return refuse(interpreter, `the size of what \`${builtin.name}\` makes is not known`);
    const bound = bindTo([...parameters, ...settings.slice(0, 3)], args);
    checkAll(interpreter, builtin.name, bound, settings);
    const wanted = {
      shape: made.dims.map(Number),
      dtype: engineType(interpreter, made.dtype),
      bound,
      interpreter,
    };
    made.numbers = computing(interpreter, () => make(wanted));
    if (made.requiresGrad) made.numbers.requiresGrad = true;
    made.step = { label: builtin.name };
    return made;
  };
}

/** `nn.init.*_`: the engine's under the same name. */
function initialising(builtin: Builtin): Replacement {
  const engineName = camelCase(builtin.name.endsWith('_') ? builtin.name : `${builtin.name}_`);
  const names = initParameters[builtin.name.replace(/_$/, '')];
  return (args, interpreter) => {
    const [self, ...rest] = args.positional;
    const value = tensorArgument(interpreter, self ?? args.keywords.get('tensor'));
    const body: unknown = Reflect.get(nn.init, engineName);
    if (typeof body !== 'function' || names === undefined)
      return refuse(interpreter, `\`nn.init.${builtin.name}\` is not computed`);
    const bound = bindTo(names, { ...args, positional: rest, keywords: without(args.keywords, 'tensor') });
    checkAll(interpreter, builtin.name, bound);
    const given = names.map(name => argument(interpreter, bound.get(name)));
    const kaiming = engineName.startsWith('kaiming');
    const settingsGiven = Object.fromEntries(
      names.flatMap((name, i) => (given[i] === undefined ? [] : [[camelCase(name), given[i]]])),
    );
    const tensor = numbersOf(interpreter, value);
    computing(interpreter, () =>
      Reflect.apply(body, nn.init, kaiming ? [tensor, settingsGiven] : [tensor, ...given]),
    );
    return refresh(value);
  };
}

function without(keywords: ReadonlyMap<string, Value>, name: string): Map<string, Value> {
  return new Map([...keywords].filter(([key]) => key !== name));
}

const initParameters: Readonly<Record<string, readonly string[]>> = {
  uniform: ['a', 'b'],
  normal: ['mean', 'std'],
  constant: ['val'],
  ones: [],
  zeros: [],
  eye: [],
  xavier_uniform: ['gain'],
  xavier_normal: ['gain'],
  kaiming_uniform: ['a', 'mode', 'nonlinearity'],
  kaiming_normal: ['a', 'mode', 'nonlinearity'],
};

/** `nn.Parameter(data)`. */
const parameter: Replacement = (args, interpreter) => {
  const data = tensorArgument(interpreter, args.positional[0] ?? args.keywords.get('data'));
  const wants = args.positional[1] ?? args.keywords.get('requires_grad') ?? true;
  return newParameterOf(numbersOf(interpreter, data), wants !== false);
};

/** A value for a parameter that is learned. */
export function newParameterOf(data: Tensor, requiresGrad = true): TensorValue {
  return valueOfParameter(new nn.Parameter(data.detach(), requiresGrad));
}

/** A value for a parameter of the engine's. */
export function valueOfParameter(numbers: nn.Parameter): TensorValue {
  learned.add(numbers.storage);
  const value = new TensorValue([...numbers.shape], numbers.dtype, {
    parameter: true,
    requiresGrad: numbers.requiresGrad,
    device: 'cpu',
  });
  value.numbers = numbers;
  return value;
}

function initBuiltins(): Builtin[] {
  return [...init.names()].flatMap(name => {
    const found = init.find(name);
    return found instanceof Builtin && name !== 'calculate_gain' ? [found] : [];
  });
}

/** The functions that make or fill tensors, with numbers. */
export const creationReplacements: ReadonlyMap<Builtin | PyClass, Replacement> = new Map<
  Builtin | PyClass,
  Replacement
>([
  ...Object.entries(makers).flatMap(([name, { parameters, make }]) => {
    const builtin = creation.get(name);
    return builtin instanceof Builtin ? [[builtin, creating(builtin, parameters, make)] as const] : [];
  }),
  ...initBuiltins().map(builtin => [builtin, initialising(builtin)] as const),
  [parameterClass, parameter],
]);
