/** PyTorch's layers as the engine's own: made with exactly what the file gives, and called with the numbers. */
import { nn, Tensor } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import {
  type Arguments,
  Builtin,
  firstOf,
  PyClass,
  PyInstance,
  PyNumber,
  TensorValue,
  type Value,
} from '../interpret/values';
import { camelCase } from '../library/bridge';
import { type Bound, bindTo } from '../library/native';
import { functionalModules } from '../library/nn/functional-modules';
import { layerLines } from '../library/nn/layer-table';
import { EngineLayer, layers } from '../library/nn/layers';
import { moduleClass } from '../library/nn/module-class';
import { recurrentLayers } from '../library/nn/recurrent';
import { valueOfParameter } from './creation';
import { checkAll, type Replacement, tensorArgument } from './given';
import { changing } from './operations';
import { refuse } from './refused';
import { argument, computing, numbersOf, pythonValue, tensorValue } from './strict';

/** How a layer of the library is made and called. */
interface LayerForm {
  readonly cls: PyClass;
  readonly ordered: readonly string[];
  /** In the engine's object of settings. */
  readonly settings: readonly string[];
  readonly takes: readonly string[];
  /** Of what the layer's `forward` takes, what goes into an object of settings. */
  readonly takesSettings?: readonly string[];
}

const recurrent = ['num_layers', 'bias', 'batch_first', 'dropout', 'bidirectional'];

function forms(): LayerForm[] {
  const tabled = layerLines.flatMap(({ name, ordered, settings, takes }): LayerForm[] => {
    const cls = layers.get(name);
    if (cls === undefined) return [];
    const more = name === 'TransformerEncoderLayer' ? ['src_mask', 'src_key_padding_mask'] : [];
    return [{ cls, ordered, settings, takes, takesSettings: more }];
  });
  const sequences = [...recurrentLayers].map(([name, cls]): LayerForm => {
    const settings = name === 'RNN' ? ['num_layers', 'nonlinearity', ...recurrent.slice(1)] : recurrent;
    return { cls, ordered: ['input_size', 'hidden_size'], settings, takes: ['input', 'hx'] };
  });
  const attention = functionalModules.get('MultiheadAttention');
  if (attention === undefined) return [...tabled, ...sequences];
  const attending: LayerForm = {
    cls: attention,
    ordered: ['embed_dim', 'num_heads'],
    settings: ['dropout', 'bias', 'add_bias_kv', 'add_zero_attn', 'kdim', 'vdim', 'batch_first'],
    takes: ['query', 'key', 'value'],
    takesSettings: ['key_padding_mask', 'need_weights', 'attn_mask', 'average_attn_weights'],
  };
  return [...tabled, ...sequences, attending];
}

/** Settings that the engine's layers lack. */
const lacking = new Set(['sparse']);

const isUsual = (value: Value | undefined) => value === undefined || value === null || value === false;

function construct(interpreter: Interpreter, form: LayerForm, args: Arguments): nn.AnyModule {
  const { cls, ordered, settings } = form;
  const bound = bindTo([...ordered, ...settings], args);
  checkAll(interpreter, cls.name, bound, ['device']);
  if (bound.rest.length > 0)
    refuse(interpreter, `\`nn.${cls.name}\` is given more arguments than are taken into account`);
  const missing = ordered.find(name => bound.get(name) === undefined);
  if (missing !== undefined) refuse(interpreter, `\`nn.${cls.name}\` needs \`${missing}\``);
  const unsupported = settings.find(name => lacking.has(name) && !isUsual(bound.get(name)));
  if (unsupported !== undefined)
    refuse(interpreter, `\`${unsupported}\` of \`nn.${cls.name}\` is not computed`);
  const given = ordered.map(name => argument(interpreter, bound.get(name)));
  const more = settings.flatMap(name => {
    const value = bound.get(name);
    // Only here does None say something else than the default.
    if (value === null && name === 'momentum') return [[name, null]];
    return value === undefined || value === null ? [] : [[camelCase(name), argument(interpreter, value)]];
  });
  const engineClass: unknown = Reflect.get(nn, cls.name);
  if (typeof engineClass !== 'function') return refuse(interpreter, `\`nn.${cls.name}\` is not computed`);
  const made: unknown = computing(interpreter, () =>
    Reflect.construct(engineClass, [...given, Object.fromEntries(more)]),
  );
  return made instanceof nn.AnyModule ? made : refuse(interpreter, `\`nn.${cls.name}\` is not computed`);
}

/** Puts parameters, buffers, modules below and settings on the instance, by their names. */
function fill(instance: PyInstance, layer: nn.AnyModule): void {
  for (const [name, parameter] of layer.namedParameters())
    if (!name.includes('.')) instance.attributes.set(name, valueOfParameter(parameter));
  for (const [name, buffer] of layer.namedBuffers())
    if (!name.includes('.')) instance.attributes.set(name, tensorValue(buffer));
  for (const [name, child] of layer.namedChildren()) {
    const below = new PyInstance(new PyClass(child.kind, [moduleClass]));
    below.native = new EngineLayer(child, child, child.kind);
    below.attributes.set('training', true);
    fill(below, child);
    instance.attributes.set(name, below);
  }
}

function making(form: LayerForm): Replacement {
  return (args, interpreter) => {
    const [self, ...rest] = args.positional;
    if (!(self instanceof PyInstance)) return null;
    const own = { ...args, positional: rest };
    const layer = construct(interpreter, form, own);
    self.native = new EngineLayer(layer, layer, form.cls.name);
    self.attributes.set('training', true);
    fill(self, layer);
    const bound = bindTo([...form.ordered, ...form.settings], own);
    for (const name of [...form.ordered, ...form.settings]) {
      const value = bound.get(name);
      if (value !== undefined && name !== 'bias' && !self.attributes.has(name))
        self.attributes.set(name, value);
    }
    if (!self.attributes.has('bias')) self.attributes.set('bias', null);
    return null;
  };
}

/** Parameters that the file has exchanged go into the engine's module, too. */
function synchronise(interpreter: Interpreter, self: PyInstance, layer: nn.AnyModule): void {
  layer.training = self.attributes.get('training') !== false;
  for (const [name, child] of layer.namedChildren()) {
    const below = self.attributes.get(name);
    if (below instanceof PyInstance) synchronise(interpreter, below, child);
  }
  for (const [name, parameter] of layer.namedParameters()) {
    if (name.includes('.')) continue;
    const now = self.attributes.get(name);
    const numbers = now instanceof TensorValue ? now.numbers : undefined;
    if (numbers === parameter) continue;
    if (
      !(numbers instanceof nn.Parameter) ||
      !Reflect.set(layer, name, numbers) ||
      Reflect.get(layer, name) !== numbers
    )
      refuse(interpreter, `another \`${name}\` in \`${layer.kind}\` is not followed`);
  }
}

function calling(form: LayerForm): Replacement {
  return (args, interpreter) => {
    const bound = bindTo(['self', ...form.takes, ...(form.takesSettings ?? [])], args);
    const self = bound.get('self');
    if (!(self instanceof PyInstance) || !(self.native instanceof EngineLayer))
      return refuse(interpreter, 'this layer was made outside of the module');
    checkAll(interpreter, form.cls.name, bound);
    const layer = self.native.first;
    synchronise(interpreter, self, layer);
    const first = tensorArgument(interpreter, bound.get(form.takes[0] ?? 'input'));
    const inputs = form.takes.map(name => argument(interpreter, bound.get(name)));
    const settings = callSettings(interpreter, form, bound);
    while (inputs.length > 0 && inputs.at(-1) === undefined) inputs.pop();
    const waits = layer instanceof nn.LazyModule;
    const made = callLayer(
      interpreter,
      layer,
      settings === undefined ? inputs : [...inputs, settings],
      first,
    );
    if (waits) fill(self, layer);
    return made;
  };
}

function callSettings(interpreter: Interpreter, form: LayerForm, bound: Bound): object | undefined {
  const given = (form.takesSettings ?? []).flatMap(name => {
    const value = bound.get(name);
    return value === undefined || value === null ? [] : [[camelCase(name), argument(interpreter, value)]];
  });
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

/** Calls a module of the engine, which checks nothing that it is not sure of. */
export function callLayer(
  interpreter: Interpreter,
  layer: nn.AnyModule,
  inputs: readonly unknown[],
  first: TensorValue,
): Value {
  const call: unknown = Reflect.get(layer, 'call');
  if (typeof call !== 'function') return refuse(interpreter, `\`${layer.kind}\` cannot be called`);
  checkChannels(interpreter, layer, inputs[0]);
  return pythonValue(
    interpreter,
    computing(interpreter, () => Reflect.apply(call, layer, inputs)),
    layer.kind,
    first,
  );
}

/** PyTorch refuses a normalization of another number of channels. */
function checkChannels(interpreter: Interpreter, layer: nn.AnyModule, input: unknown): void {
  const wanted: unknown = Reflect.get(layer, 'numFeatures');
  if (!layer.kind.startsWith('BatchNorm') || !(input instanceof Tensor) || input.shape[1] === wanted) return;
  refuse(interpreter, `running_mean should contain ${input.shape[1]} elements not ${String(wanted)}`);
}

/** Activations that may change what they are given. */
const inPlaceNames: Readonly<Record<string, string>> = {
  ReLU: 'relu',
  ReLU6: 'relu6',
  SELU: 'selu',
  SiLU: 'silu',
  Mish: 'mish',
  Hardsigmoid: 'hardsigmoid',
  Hardswish: 'hardswish',
  LeakyReLU: 'leaky_relu',
  ELU: 'elu',
  CELU: 'celu',
  Hardtanh: 'hardtanh',
  Threshold: 'threshold',
};

/** Their settings, in the order in which the function of the name takes them. */
const inPlaceSettings: Readonly<Record<string, readonly string[]>> = {
  LeakyReLU: ['negative_slope'],
  ELU: ['alpha'],
  CELU: ['alpha'],
  Hardtanh: ['min_val', 'max_val'],
  Threshold: ['threshold', 'value'],
};

/** Activations: in place where they are made so. */
function activating(name: string, cls: PyClass): [Builtin, Replacement][] {
  const forward = cls.attributes.get('forward');
  const operation = inPlaceNames[name];
  const settings = inPlaceSettings[name] ?? [];
  if (!(forward instanceof Builtin)) return [];
  return [
    [
      forward,
      (args, interpreter) => {
        const [self, input] = args.positional;
        if (!(self instanceof PyInstance) || self.attributes.get('inplace') !== true)
          return forward.call(args, interpreter);
        const value = tensorArgument(interpreter, input);
        if (operation === undefined) return refuse(interpreter, `\`nn.${name}\` in place is not computed`);
        // The engine has no relu6 in place; it is the same as this.
        return operation === 'relu6'
          ? changing(interpreter, 'hardtanh', value, [0, 6])
          : changing(
              interpreter,
              operation,
              value,
              settings.map(name => argument(interpreter, self.attributes.get(name))),
            );
      },
    ],
  ];
}

/** Dropout, by the engine's function. */
function dropping(name: 'Dropout' | 'Dropout2d'): [Builtin, Replacement][] {
  const forward = functionalModules.get(name)?.attributes.get('forward');
  if (!(forward instanceof Builtin)) return [];
  return [
    [
      forward,
      (args, interpreter) => {
        const [self, input] = args.positional;
        const value = tensorArgument(interpreter, input);
        if (!(self instanceof PyInstance)) return refuse(interpreter, 'this layer is not known');
        const given = argument(interpreter, self.attributes.get('p')) ?? 0.5;
        if (typeof given !== 'number') return refuse(interpreter, `\`p\` of \`nn.${name}\` is not a number`);
        const module = computing(interpreter, () => new nn[name](given));
        module.training = self.attributes.get('training') !== false;
        const tensor = numbersOf(interpreter, value);
        // What is dropped is zero either way; in place, the input is dropped from, too.
        const dropped = computing(interpreter, () => module.forward(tensor));
        if (self.attributes.get('inplace') === true && module.training && given > 0)
          return refuse(interpreter, `\`nn.${name}\` in place is not computed`);
        return tensorValue(dropped, `${name}(${given})`, value);
      },
    ],
  ];
}

/** `nn.PReLU` learns its slope. */
function sloping(): [Builtin, Replacement][] {
  const init = functionalModules.get('PReLU')?.attributes.get('__init__');
  if (!(init instanceof Builtin)) return [];
  return [
    [
      init,
      (args, interpreter) => {
        init.call(args, interpreter);
        const [self] = args.positional;
        if (!(self instanceof PyInstance)) return null;
        const count = self.attributes.get('num_parameters');
        const start = self.attributes.get('init');
        const size = count instanceof PyNumber ? Number(argument(interpreter, count)) : 1;
        const slope = start === undefined ? 0.25 : Number(argument(interpreter, start));
        const made = computing(interpreter, () => new nn.PReLU(size, slope));
        for (const [name, parameter] of made.namedParameters())
          self.attributes.set(name, valueOfParameter(parameter));
        return null;
      },
    ],
  ];
}

const methodOf = (cls: PyClass, name: string): Builtin[] => {
  const found = firstOf(cls.attributes.get(name));
  return found instanceof Builtin ? [found] : [];
};

/** The layers, with numbers. */
export const layerReplacements: ReadonlyMap<Builtin, Replacement> = new Map<Builtin, Replacement>([
  ...forms().flatMap(form => [
    ...methodOf(form.cls, '__init__').map((builtin): [Builtin, Replacement] => [builtin, making(form)]),
    ...methodOf(form.cls, 'forward').map((builtin): [Builtin, Replacement] => [builtin, calling(form)]),
  ]),
  ...[...functionalModules].flatMap(([name, cls]) =>
    cls.attributes.has('forward') && !['Dropout', 'Dropout2d', 'MultiheadAttention'].includes(name)
      ? activating(name, cls)
      : [],
  ),
  ...dropping('Dropout'),
  ...dropping('Dropout2d'),
  ...sloping(),
]);
