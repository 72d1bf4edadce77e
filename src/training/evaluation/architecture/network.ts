/** From the structure of a network to a network of the engine that holds its weights. */
import { nn, type Tensor } from '../../../engine';
import type { ActivationName } from '../../../protocol/choices';
import type { Layer, Structure } from './structures';

/** How the structure's open ends are closed. */
export interface NetworkChoices {
  readonly activation: ActivationName;
  readonly pool: 'max' | 'average';
}

/** The activations by name. */
const activations: Readonly<Record<ActivationName, () => nn.Module>> = {
  relu: () => new nn.ReLU(),
  tanh: () => new nn.Tanh(),
  sigmoid: () => new nn.Sigmoid(),
  'leaky-relu': () => new nn.LeakyReLU(),
  elu: () => new nn.ELU(),
  gelu: () => new nn.GELU(),
  silu: () => new nn.SiLU(),
  none: () => new nn.Identity(),
};

/** Puts the weights of a layer into its module; how many batches a BatchNorm has seen does not matter any more. */
function filled(module: nn.Module, tensors: ReadonlyMap<string, Tensor>): nn.Module {
  const own = module.stateDict();
  module.loadStateDict(new Map([...own].map(([name, tensor]) => [name, tensors.get(name) ?? tensor])));
  return module;
}

function moduleOf(layer: Layer, { activation, pool }: NetworkChoices): nn.Module {
  switch (layer.kind) {
    case 'conv': {
      const { unit, stride, padding } = layer;
      const settings = { stride: [...stride], padding: [...padding], bias: unit.tensors.has('bias') };
      return filled(new nn.Conv2d(unit.inputs, unit.outputs, [...unit.kernel], settings), unit.tensors);
    }
    case 'norm': {
      const { unit, images } = layer;
      const settings = { affine: unit.tensors.has('weight') };
      const made = images ? new nn.BatchNorm2d(unit.size, settings) : new nn.BatchNorm1d(unit.size, settings);
      return filled(made, unit.tensors);
    }
    case 'linear': {
      const { inputs, outputs, tensors } = layer.unit;
      return filled(new nn.Linear(inputs, outputs, { bias: tensors.has('bias') }), tensors);
    }
    case 'activation':
      return activations[activation]();
    case 'pool':
      return pool === 'max' ? new nn.MaxPool2d(2) : new nn.AvgPool2d(2);
    case 'globalPool':
      return new nn.AdaptiveAvgPool2d(1);
    case 'flatten':
      return new nn.Flatten();
  }
}

/** Builds the network. */
export function buildNetwork({ layers }: Structure, choices: NetworkChoices): nn.Module {
  return new nn.Sequential(...layers.map(layer => moduleOf(layer, choices)));
}

/** Activations as PyTorch calls them. */
export const activationTitles: Readonly<Record<ActivationName, string>> = {
  relu: 'ReLU',
  tanh: 'Tanh',
  sigmoid: 'Sigmoid',
  'leaky-relu': 'LeakyReLU',
  elu: 'ELU',
  gelu: 'GELU',
  silu: 'SiLU',
  none: 'no activation',
};

function describeConvolution({ unit, stride, padding }: Extract<Layer, { kind: 'conv' }>): string {
  const [height, width] = unit.kernel;
  const kernel = height === width ? String(height) : `(${height}, ${width})`;
  const more = [
    ...(stride[0] === 1 ? [] : [`stride=${stride[0]}`]),
    ...(padding[0] === 0 ? [] : [`padding=${padding[0]}`]),
  ];
  return `Conv2d(${[unit.inputs, unit.outputs, kernel, ...more].join(', ')})`;
}

function describeLayer(layer: Layer, { activation, pool }: NetworkChoices): string {
  switch (layer.kind) {
    case 'conv':
      return describeConvolution(layer);
    case 'norm':
      return `BatchNorm${layer.images ? 2 : 1}d(${layer.unit.size})`;
    case 'linear':
      return `Linear(${layer.unit.inputs}, ${layer.unit.outputs})`;
    case 'activation':
      return activationTitles[activation];
    case 'pool':
      return pool === 'max' ? 'MaxPool2d(2)' : 'AvgPool2d(2)';
    case 'globalPool':
      return 'AdaptiveAvgPool2d(1)';
    case 'flatten':
      return 'Flatten';
  }
}

/** The network in a line, as `Conv2d(1, 32, 3), ReLU, MaxPool2d(2), Flatten, Linear(5408, 10)`. */
export function describeNetwork({ layers }: Structure, choices: NetworkChoices): string {
  const shown = layers.filter(({ kind }) => kind !== 'activation' || choices.activation !== 'none');
  return shown.map(layer => describeLayer(layer, choices)).join(', ');
}
