/** Inputs for a `forward` that nobody calls: what its docstring names, or what its first layer wants. */
import type { Interpreter } from '../interpret/interpreter';
import type { Dim } from '../interpret/sizes';
import {
  type PyFunction,
  type PyInstance,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { isModule, modulesOf } from '../library/nn/module-class';

/** Side lengths of images that are tried, where the layers behind a convolution want one. */
const sides = [28, 32, 224, 64, 128, 256, 96];

/** The first arguments of `forward`, the most likely first. */
export function exampleInputs(interpreter: Interpreter, module: PyInstance, forward: PyFunction): Value[][] {
  const inputs = forward.definition.parameters
    .slice(1)
    .filter(({ kind, default: value }) => kind === 'plain' && value === undefined);
  const named = fromDocstring(interpreter, forward);
  if (named !== undefined) return [[named]];
  const layer = firstLayer(module);
  if (layer === undefined || inputs.length === 0) return [];
  const more: Value[] = inputs.slice(1).map(() => unknown);
  return candidates(interpreter, layer).map(tensor => [tensor, ...more]);
}

/** A shape such as `[B, 1, 28, 28]` or `(N, 784)` behind the name of the input. */
function fromDocstring(interpreter: Interpreter, { definition }: PyFunction): TensorValue | undefined {
  if (definition.kind === 'lambda' || definition.docstring === undefined) return undefined;
  const name = definition.parameters[1]?.name;
  const found = new RegExp(`\\b${name}\\b[^\\n\\[(]*[\\[(]((?:\\s*\\w+\\s*,)+\\s*\\w*\\s*)[\\])]`).exec(
    definition.docstring,
  )?.[1];
  const parts =
    found
      ?.split(',')
      .map(part => part.trim())
      .filter(part => part !== '') ?? [];
  if (parts.length === 0) return undefined;
  const dims = parts.map(part => (/^\d+$/.test(part) ? Number(part) : interpreter.symbols.fresh(part)));
  return new TensorValue(dims, 'float32', { device: 'cpu' });
}

/** The first layer that says what it wants, in the order in which layers were made. */
function firstLayer(module: PyInstance): PyInstance | undefined {
  return modulesOf(module)
    .map(([, one]) => one)
    .find(one => one !== module && isModule(one) && wanted.has(one.cls.name));
}

const wanted = new Set([
  'Linear',
  'Conv1d',
  'Conv2d',
  'ConvTranspose2d',
  'Embedding',
  'RNN',
  'LSTM',
  'GRU',
  'BatchNorm1d',
  'BatchNorm2d',
  'LayerNorm',
]);

function candidates(interpreter: Interpreter, layer: PyInstance): TensorValue[] {
  const size = (name: string): Dim => sizeOf(layer.attributes.get(name)) ?? interpreter.symbols.fresh('N');
  const { symbols } = interpreter;
  const of = (dims: readonly Dim[], dtype = 'float32') => new TensorValue(dims, dtype, { device: 'cpu' });
  switch (layer.cls.name) {
    case 'Linear':
      return [of([symbols.fresh('B'), size('in_features')])];
    case 'LayerNorm':
    case 'BatchNorm1d':
      return [of([symbols.fresh('B'), size('num_features')])];
    case 'Conv1d':
      return [of([symbols.fresh('B'), size('in_channels'), symbols.fresh('L')])];
    case 'BatchNorm2d':
    case 'ConvTranspose2d':
    case 'Conv2d': {
      const channels = size(layer.cls.name === 'BatchNorm2d' ? 'num_features' : 'in_channels');
      const [batch, height, width] = ['B', 'H', 'W'].map(name => symbols.fresh(name));
      if (batch === undefined || height === undefined || width === undefined) return [];
      return [...sides.map(side => of([batch, channels, side, side])), of([batch, channels, height, width])];
    }
    case 'Embedding':
      return [of([symbols.fresh('B'), symbols.fresh('L')], 'int64')];
    default: {
      const batchFirst = layer.attributes.get('batch_first') === true;
      const [batch, length] = [symbols.fresh('B'), symbols.fresh('L')];
      return [of([...(batchFirst ? [batch, length] : [length, batch]), size('input_size')])];
    }
  }
}
