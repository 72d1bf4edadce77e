/** The layers of the table as classes: made by the engine's classes, run by their `forward`. */
import { EngineError, nn, trace } from '../../../engine/shapes';
import type { Interpreter } from '../../interpret/interpreter';
import { join, optionsOf } from '../../interpret/join';
import { Size, type World } from '../../interpret/sizes';
import {
  type Arguments,
  Builtin,
  int,
  isUnknown,
  PyClass,
  PyInstance,
  PyNumber,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../../interpret/values';
import { Converter, camelCase, NotKnown, withEngine } from '../bridge';
import { bindTo } from '../native';
import { type LayerLine, layerLines } from './layer-table';
import { moduleClass, newParameter, parametersOf } from './module-class';

/** The engine's module behind an instance, one for each world where they differ. */
export class EngineLayer {
  constructor(
    readonly first: nn.AnyModule,
    readonly second: nn.AnyModule,
    /** What it was made with, as Python's constructor was called. */
    readonly label: string,
  ) {}

  in(world: World): nn.AnyModule {
    return world === 0 ? this.first : this.second;
  }
}

/** Makes the engine's module; undefined where an argument that decides is not known. */
function construct(interpreter: Interpreter, line: LayerLine, args: Arguments): EngineLayer | undefined {
  const bound = bindTo([...line.ordered, ...line.settings], args);
  const given = [...line.ordered, ...line.settings].map(name => bound.get(name));
  if (args.open || given.some(value => value instanceof Union)) return undefined;
  const cls: unknown = Reflect.get(nn, line.name);
  if (typeof cls !== 'function') return undefined;
  const make = (world: World) => {
    const convert = new Converter(world, true);
    const ordered = line.ordered.map(name => {
      const value = bound.get(name);
      if (value === undefined || (value instanceof PyNumber && value.value === undefined))
        throw new NotKnown();
      return convert.argument(value);
    });
    const settings = line.settings.flatMap(name => {
      const value = bound.get(name);
      // An unknown flag is taken as the usual one only where it changes no shape.
      if (value === undefined || value === null || (typeof value === 'object' && isUnknown(value))) return [];
      return [[camelCase(name), convert.argument(value)]];
    });
    const made: unknown = trace(() =>
      Reflect.construct(cls, [...ordered, Object.fromEntries(settings)]),
    ).result;
    if (!(made instanceof nn.AnyModule)) throw new NotKnown();
    return made;
  };
  const deciding = [
    'stride',
    'padding',
    'kernel_size',
    'batch_first',
    'return_indices',
    'ceil_mode',
    'output_padding',
  ];
  if (
    deciding.some(name => {
      const value = bound.get(name);
      return value !== undefined && isUnknown(value);
    })
  )
    return undefined;
  try {
    const first = make(0);
    const second = given.some(value => value instanceof PyNumber && value.value instanceof Size)
      ? make(1)
      : first;
    return new EngineLayer(first, second, line.name);
  } catch (error) {
    if (error instanceof EngineError) interpreter.fail(error.message);
    else if (!(error instanceof NotKnown || error instanceof TypeError || error instanceof RangeError))
      throw error;
    return undefined;
  }
}

/** Puts the parameters of the engine's module on the instance, and its settings by their names. */
function fill(
  interpreter: Interpreter,
  instance: PyInstance,
  layer: EngineLayer,
  line: LayerLine,
  args: Arguments,
): void {
  const { journal } = interpreter;
  fillTensors(interpreter, instance, layer);
  const bound = bindTo([...line.ordered, ...line.settings], args);
  for (const name of [...line.ordered, ...line.settings]) {
    const value = bound.get(name);
    if (value !== undefined && !instance.attributes.has(name) && name !== 'bias')
      journal.set(instance.attributes, name, value);
  }
  if (!instance.attributes.has('bias')) journal.set(instance.attributes, 'bias', null);
  if (line.name === 'TransformerEncoderLayer') fillBelow(interpreter, instance, layer.first);
}

/** Puts the parameters and buffers of the engine's module on the instance. */
function fillTensors(interpreter: Interpreter, instance: PyInstance, layer: EngineLayer): void {
  const { journal } = interpreter;
  const second = new Map(layer.second.namedParameters());
  for (const [name, parameter] of layer.first.namedParameters()) {
    const other = second.get(name);
    const dims = parameter.shape.map((size, i) => interpreter.symbols.join(size, other?.shape[i] ?? size));
    if (!name.includes('.')) journal.set(instance.attributes, name, newParameter(dims));
  }
  for (const [name, buffer] of layer.first.namedBuffers())
    if (!name.includes('.'))
      journal.set(
        instance.attributes,
        name,
        new TensorValue([...buffer.shape], buffer.dtype, { device: 'cpu' }),
      );
}

/** Parameters of modules below, so that they are counted and get gradients. */
function fillBelow(interpreter: Interpreter, instance: PyInstance, module: nn.AnyModule): void {
  for (const [name, child] of module.namedChildren()) {
    const made = new PyInstance(new PyClass(child.kind, [moduleClass]));
    for (const [key, parameter] of child.namedParameters())
      if (!key.includes('.')) made.attributes.set(key, newParameter([...parameter.shape]));
    fillBelow(interpreter, made, child);
    interpreter.journal.set(instance.attributes, name, made);
  }
}

function layerClass(line: LayerLine): PyClass {
  const cls = new PyClass(line.name, [moduleClass]);
  cls.attributes.set(
    '__init__',
    new Builtin('__init__', (args, interpreter) => {
      const [self, ...rest] = args.positional;
      if (!(self instanceof PyInstance)) return null;
      interpreter.journal.set(self.attributes, 'training', true);
      const own = { ...args, positional: rest };
      const layer = construct(interpreter, line, own);
      self.native = layer ?? 'opaque';
      if (layer !== undefined) fill(interpreter, self, layer, line, own);
      return null;
    }),
  );
  cls.attributes.set(
    'forward',
    new Builtin('forward', (args, interpreter) => {
      const [self] = args.positional;
      if (!(self instanceof PyInstance)) return unknown;
      const bound = bindTo(['self', ...line.takes], args);
      const inputs = line.takes.map(name => bound.get(name));
      return forward(interpreter, self, inputs);
    }),
  );
  return cls;
}

/** The output of a layer. */
function forward(interpreter: Interpreter, self: PyInstance, inputs: readonly (Value | undefined)[]): Value {
  const place = inputs.findIndex(input => input instanceof Union);
  const several = inputs[place];
  if (several !== undefined)
    return optionsOf(several)
      .filter(one => one !== null)
      .map(one => interpreter.perhaps(() => forward(interpreter, self, inputs.with(place, one))))
      .reduce((a, b) => join(a, b));
  const layer = self.native;
  if (!(layer instanceof EngineLayer)) return unknown;
  settleSizes(interpreter, self, layer);
  if (replaced(self, layer)) return unknown;
  if (layer.label.startsWith('BatchNorm') && !fitsChannels(interpreter, self, inputs[0])) return unknown;
  const inside = layer.first === layer.second ? [] : [int(interpreter.symbols.join(1, 2))];
  const made = withEngine(
    interpreter,
    { label: labelOf(self, layer), inputs: [...inputs, ...inside] },
    convert => {
      const module = layer.in(convert.world);
      // Running statistics are not kept: in evaluation the shapes are the same.
      module.eval();
      for (const parameter of module.parameters()) parameter.requiresGrad = true;
      const values = inputs.map(input => convert.argument(input));
      if (values[0] === undefined) throw new NotKnown();
      const call: unknown = Reflect.get(module, 'call');
      return typeof call === 'function' ? Reflect.apply(call, module, values) : undefined;
    },
  );
  settleSizes(interpreter, self, layer);
  const learned = parametersOf(self).map(([, one]) => one);
  for (const tensor of tensorsIn(made)) settle(interpreter, tensor, inputs, learned);
  return made;
}

/** The parameters of a lazy layer, once their shapes are known. */
function settleSizes(interpreter: Interpreter, self: PyInstance, layer: EngineLayer): void {
  if (!layer.label.startsWith('Lazy') || layer.first instanceof nn.LazyModule) return;
  const weight = self.attributes.get('weight');
  if (weight instanceof TensorValue && weight.dims.length === 1 && weight.dims[0] === 0)
    fillTensors(interpreter, self, layer);
}

function tensorsIn(value: Value): TensorValue[] {
  if (value instanceof TensorValue) return [value];
  return value !== null && typeof value === 'object' && 'items' in value && Array.isArray(value.items)
    ? value.items.filter(one => one instanceof TensorValue)
    : [];
}

/** Whether gradients flow depends on the parameters as the file left them. */
function settle(
  interpreter: Interpreter,
  tensor: TensorValue,
  inputs: readonly (Value | undefined)[],
  learned: readonly TensorValue[],
): void {
  const flows =
    interpreter.gradEnabled &&
    [...inputs, ...learned].some(one => one instanceof TensorValue && one.requiresGrad);
  const [first] = learned;
  const dtype =
    first !== undefined && first.dtype !== 'float32' && tensor.dtype === 'float32'
      ? first.dtype
      : tensor.dtype;
  tensor.dtype = dtype;
  tensor.extra = { ...tensor.extra, requiresGrad: flows, gradFn: flows ? tensor.extra.gradFn : undefined };
  if (flows) tensor.sources = [...new Set([...tensor.sources, ...learned.filter(one => one.requiresGrad)])];
}

/** True if the file gave the layer weights of another shape than it was made with. */
function replaced(self: PyInstance, layer: EngineLayer): boolean {
  return layer.first.namedParameters().some(([name, parameter]) => {
    if (name.includes('.')) return false;
    const now = self.attributes.get(name);
    return (
      !(now instanceof TensorValue) ||
      now.dims.length !== parameter.shape.length ||
      now.dims.some(
        (dim, i) => typeof dim === 'number' && layer.first === layer.second && dim !== parameter.shape[i],
      )
    );
  });
}

/** Whether the second size of an input is what a normalization was made for; PyTorch fails where it is not. */
function fitsChannels(interpreter: Interpreter, self: PyInstance, input: Value | undefined): boolean {
  const channels = input instanceof TensorValue ? input.dims[1] : undefined;
  const features = self.attributes.get('num_features');
  const wanted = features instanceof PyNumber ? features.value : undefined;
  if (typeof channels !== 'number' || typeof wanted !== 'number' || channels === wanted) return true;
  interpreter.fail(`running_mean should contain ${channels} elements not ${wanted}`);
  return false;
}

function labelOf(self: PyInstance, layer: EngineLayer): string {
  const weight = self.attributes.get('weight');
  return weight instanceof TensorValue && layer.label === 'Linear'
    ? `Linear(${weight.dims
        .toReversed()
        .map(dim => (dim instanceof Size ? dim.name : dim))
        .join(', ')})`
    : layer.label;
}

/** The layers of the table by name. */
export const layers: ReadonlyMap<string, PyClass> = new Map(
  layerLines.map(line => [line.name, layerClass(line)]),
);
