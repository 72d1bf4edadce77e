/**
 * A network as the source of a PyTorch module whose `state_dict` has the same keys. PyTorch prints its layers as they
 * are constructed, and so does the engine, so that a layer's text is its source.
 */
import { EngineError } from '../errors';
import { Sequential } from '../nn/containers/sequential';
import type { AnyModule } from '../nn/module/any-module';

/** A module that is no sequence of layers, and knows how PyTorch code says the same. */
export interface WritesPython {
  /** The lines of `__init__` behind `super().__init__()`, and of `forward(self, x)`. */
  writePython(): { readonly init: readonly string[]; readonly forward: readonly string[] };
}

/** What the source says beside the network. */
export interface PythonExport {
  /** What it is: a line of the docstring. */
  readonly title: string;
  /** What the model is given, for the docstring. */
  readonly input: string;
  /** The name of a file with its weights. */
  readonly weights: string;
}

const keywords = new Set(
  'False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield'.split(
    ' ',
  ),
);

/** Names that a `torch.nn.Module` has a use for itself. */
const taken = new Set([
  'forward',
  'train',
  'eval',
  'training',
  'parameters',
  'modules',
  'children',
  'to',
  'type',
]);

/** Whether a name can be that of an attribute which holds a layer. */
function isAttribute(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name) && !keywords.has(name) && !taken.has(name);
}

/** A text as a Python string. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\p{Cc}/gu, ' ')}"`;
}

/** How a layer is constructed. */
function construct(module: AnyModule, path: string): string {
  if (module instanceof Sequential) {
    const layers = module.namedChildren().map(([name, child]) => {
      const made = construct(child, `${path}.${name}`).replaceAll('\n', '\n    ');
      return `    (${quoted(name)}, ${made}),\n`;
    });
    return layers.length === 0 ? 'nn.Sequential()' : `nn.Sequential(OrderedDict([\n${layers.join('')}]))`;
  }
  if (module.namedChildren().length > 0 || !/^[A-Z]\w*$/.test(module.kind)) {
    throw new EngineError(`${path}: ${module.kind} cannot be written as Python`);
  }
  // PyTorch prints these two texts without their quotes.
  const settings = module.describe().replace(/\b(padding|padding_mode)=([a-z]+)/g, "$1='$2'");
  return `nn.${module.kind}(${settings})`;
}

/** The lines of a class of layers that follow one another. */
function classOfLayers(network: Sequential): readonly string[] {
  const layers = network.namedChildren();
  if (!layers.every(([name]) => isAttribute(name))) {
    return [
      'class Model(nn.Sequential):',
      '    def __init__(self):',
      '        super().__init__(OrderedDict([',
      ...layers.flatMap(([name, layer]) => indented([`(${quoted(name)}, ${construct(layer, name)}),`], 12)),
      '        ]))',
    ];
  }
  return classOf(
    layers.flatMap(([name, layer]) => [`self.${name} = ${construct(layer, name)}`]),
    [...layers.map(([name]) => `x = self.${name}(x)`), 'return x'],
  );
}

function classOf(init: readonly string[], forward: readonly string[]): readonly string[] {
  return [
    'class Model(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    ...indented(init, 8),
    '',
    '    def forward(self, x):',
    ...indented(forward, 8),
  ];
}

function indented(lines: readonly string[], spaces: number): string[] {
  return lines.flatMap(line => line.split('\n')).map(line => `${' '.repeat(spaces)}${line}`);
}

function linesOf(network: AnyModule): readonly string[] {
  if (network instanceof Sequential) return classOfLayers(network);
  if (writesPython(network)) {
    const { init, forward } = network.writePython();
    return classOf(init, forward);
  }
  throw new EngineError(`a network of the kind ${network.kind} cannot be written as Python`);
}

function writesPython(network: AnyModule): network is AnyModule & WritesPython {
  return 'writePython' in network && typeof network.writePython === 'function';
}

/**
 * The source of a module `Model`, with a program that loads the weights.
 * @throws EngineError that names a layer which has no counterpart
 */
export function toPython(network: AnyModule, { title, input, weights }: PythonExport): string {
  const lines = linesOf(network);
  const ordered = lines.some(line => line.includes('OrderedDict'));
  const clean = (text: string) =>
    text
      .replace(/\p{Cc}/gu, ' ')
      .replaceAll('\\', '/')
      .replaceAll('"""', "'''");
  return [
    `"""${clean(title)}`,
    '',
    clean(input),
    '"""',
    ...(ordered ? ['from collections import OrderedDict', ''] : []),
    'import sys',
    '',
    'import torch',
    'from torch import nn',
    '',
    '',
    ...lines,
    '',
    '',
    'def load(path):',
    '    """The model with the weights of a checkpoint, in evaluation mode."""',
    '    state = torch.load(path, map_location="cpu", weights_only=True)',
    '    model = Model()',
    '    model.load_state_dict(state.get("model_state_dict", state))',
    '    return model.eval()',
    '',
    '',
    'if __name__ == "__main__":',
    `    print(load(sys.argv[1] if len(sys.argv) > 1 else ${quoted(weights)}))`,
    '',
  ].join('\n');
}
