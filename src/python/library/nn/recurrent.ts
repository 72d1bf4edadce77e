/** RNN, LSTM and GRU: their shapes follow from the sizes alone, so that no step is written down. */
import type { Interpreter } from '../../interpret/interpreter';
import { twice } from '../../interpret/operators';
import { type Dim, sameDim } from '../../interpret/sizes';
import {
  Builtin,
  isUnknown,
  PyClass,
  PyInstance,
  PyTuple,
  sizeOf,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../../interpret/values';
import { formatDims } from '../bridge';
import { bindTo } from '../native';
import { moduleClass, newParameter, parametersOf } from './module-class';

/** The sizes of a recurrent layer. */
interface Sizes {
  readonly input: Dim;
  readonly hidden: Dim;
  readonly layers: number;
  readonly directions: 1 | 2;
  readonly batchFirst: boolean;
}

const parameters = [
  'input_size',
  'hidden_size',
  'num_layers',
  'bias',
  'batch_first',
  'dropout',
  'bidirectional',
];

class Recurrent {
  constructor(readonly sizes: Sizes) {}
}

function recurrentClass(name: string, gates: number, hasCell: boolean): PyClass {
  const cls = new PyClass(name, [moduleClass]);
  const names =
    name === 'RNN'
      ? [
          'input_size',
          'hidden_size',
          'num_layers',
          'nonlinearity',
          'bias',
          'batch_first',
          'dropout',
          'bidirectional',
        ]
      : parameters;
  cls.attributes.set(
    '__init__',
    new Builtin('__init__', (args, interpreter) => {
      const [self, ...rest] = args.positional;
      if (!(self instanceof PyInstance)) return null;
      const bound = bindTo(names, { ...args, positional: rest });
      const [input, hidden] = [sizeOf(bound.get('input_size')), sizeOf(bound.get('hidden_size'))];
      const layers = bound.get('num_layers') === undefined ? 1 : bound.number('num_layers');
      const [both, batchFirst, bias] = [
        bound.flag('bidirectional', false),
        bound.flag('batch_first', false),
        bound.flag('bias', true),
      ];
      if (
        input === undefined ||
        hidden === undefined ||
        layers === undefined ||
        both === undefined ||
        batchFirst === undefined ||
        args.open
      ) {
        self.native = 'opaque';
        return null;
      }
      const sizes: Sizes = { input, hidden, layers, directions: both ? 2 : 1, batchFirst };
      self.native = new Recurrent(sizes);
      fill(interpreter, self, sizes, gates, bias ?? true);
      for (const one of names) {
        const value = bound.get(one);
        if (value !== undefined && one !== 'bias') interpreter.journal.set(self.attributes, one, value);
      }
      return null;
    }),
  );
  cls.attributes.set('flatten_parameters', new Builtin('flatten_parameters', () => null));
  cls.attributes.set(
    'forward',
    new Builtin('forward', (args, interpreter) => {
      const bound = bindTo(['self', 'input', 'hx'], args);
      const [self, input] = [bound.get('self'), bound.get('input')];
      if (!(self instanceof PyInstance) || !(self.native instanceof Recurrent)) return unknown;
      if (input instanceof PyInstance || !(input instanceof TensorValue)) return unknown;
      return forward(interpreter, self, input, bound.get('hx'), self.native.sizes, { name, hasCell });
    }),
  );
  return cls;
}

function fill(
  interpreter: Interpreter,
  self: PyInstance,
  { input, hidden, layers, directions }: Sizes,
  gates: number,
  bias: boolean,
): void {
  const times = (a: Dim, b: Dim) => twice(interpreter, (x, y) => x * y, a, b);
  const rows = times(gates, hidden);
  for (let layer = 0; layer < Math.min(layers, 64); layer++) {
    for (const suffix of directions === 2 ? ['', '_reverse'] : ['']) {
      const set = (name: string, dims: readonly Dim[]) =>
        interpreter.journal.set(self.attributes, `${name}_l${layer}${suffix}`, newParameter(dims));
      set('weight_ih', [rows, layer === 0 ? input : times(directions, hidden)]);
      set('weight_hh', [rows, hidden]);
      if (!bias) continue;
      set('bias_ih', [rows]);
      set('bias_hh', [rows]);
    }
  }
}

function forward(
  interpreter: Interpreter,
  self: PyInstance,
  input: TensorValue,
  state: Value | undefined,
  sizes: Sizes,
  { name, hasCell }: { name: string; hasCell: boolean },
): Value {
  const { hidden, layers, directions, batchFirst } = sizes;
  const rank = input.dims.length;
  if (rank !== 2 && rank !== 3) return unknown;
  const last = input.dims.at(-1);
  if (last === undefined) return unknown;
  if (!sameDim(last, sizes.input)) {
    if (typeof last === 'number' && typeof sizes.input === 'number')
      interpreter.fail(
        `input.size(-1) must be equal to input_size. Expected ${sizes.input}, got ${last}: ${name} was given ${formatDims(input.dims)}`,
      );
    return unknown;
  }
  const batch = rank === 3 ? input.dims[batchFirst ? 0 : 1] : undefined;
  const learned = parametersOf(self).map(([, one]) => one);
  const given =
    state instanceof TensorValue
      ? [state]
      : state instanceof PyTuple
        ? state.items.filter(one => one instanceof TensorValue)
        : [];
  if (state !== undefined && state !== null && isUnknown(state)) return unknown;
  if (state instanceof Union) return unknown;
  const flows =
    interpreter.gradEnabled && [input, ...learned, ...given].some(({ requiresGrad }) => requiresGrad);
  const made = (dims: readonly Dim[]) => {
    const tensor = new TensorValue(dims, learned[0]?.dtype ?? input.dtype, {
      requiresGrad: flows,
      gradFn: flows ? (batchFirst ? 'TransposeBackward0' : 'StackBackward0') : undefined,
      device: input.extra.device,
    });
    if (flows)
      tensor.sources = [...new Set([...learned, ...input.sources, ...given.flatMap(one => one.sources)])];
    tensor.step = { label: name, from: input };
    return tensor;
  };
  const wide = twice(interpreter, (a, b) => a * b, directions, hidden);
  const output = made([...input.dims.slice(0, -1), wide]);
  const ending = [layers * directions, ...(batch === undefined ? [] : [batch]), hidden];
  return new PyTuple([output, hasCell ? new PyTuple([made(ending), made(ending)]) : made(ending)]);
}

/** The recurrent layers by name. */
export const recurrentLayers: ReadonlyMap<string, PyClass> = new Map([
  ['RNN', recurrentClass('RNN', 1, false)],
  ['GRU', recurrentClass('GRU', 3, false)],
  ['LSTM', recurrentClass('LSTM', 4, true)],
]);
