/**
 * What opening a file in Python would import. A pickle may name any function and have it called; these are the names
 * that a file of plain data has no need of.
 */
import { elementTypes } from '../elements';
import { elementOfStorage } from './storage-classes';

/** Names of plain data beside PyTorch's element types and storages. */
const plain: ReadonlySet<string> = new Set([
  ...['OrderedDict', 'Counter', 'defaultdict'].map(name => `collections.${name}`),
  ...[
    'set',
    'frozenset',
    'bytes',
    'bytearray',
    'dict',
    'list',
    'tuple',
    'int',
    'float',
    'str',
    'bool',
    'complex',
  ].map(name => `builtins.${name}`),
  '_codecs.encode',
  'copyreg._reconstructor',
  'builtins.object',
  'torch.Size',
  'torch.device',
  'torch.Tensor',
  'torch.serialization._get_layout',
  'torch._tensor._rebuild_from_type_v2',
  ...[
    'tensor',
    'tensor_v2',
    'tensor_v3',
    'parameter',
    'parameter_with_state',
    'qtensor',
    'sparse_tensor',
  ].map(name => `torch._utils._rebuild_${name}`),
  'torch.nn.parameter.Parameter',
  'torch.per_tensor_affine',
  'torch.per_channel_affine',
]);

function isPlain(name: string): boolean {
  const at = name.lastIndexOf('.');
  const [module, own] = [name.slice(0, at), name.slice(at + 1)];
  return (
    plain.has(name) ||
    (module === 'torch' && elementTypes.has(own)) ||
    elementOfStorage(module, own) !== undefined
  );
}

/** Modules that a file of weights has no honest use for: they run programs or code, or reach files and the network. */
const dangerousModules: ReadonlySet<string> = new Set(
  (
    'os posix nt subprocess sys shutil pty socket socketserver asyncio runpy importlib imp code codeop ctypes ' +
    'commands popen2 webbrowser urllib http ftplib smtplib requests signal multiprocessing pip pickle _pickle ' +
    'cPickle marshal shelve dill cloudpickle tempfile timeit profile cProfile pdb bdb trace nturl2path'
  ).split(' '),
);

/** Single names of that kind, of modules that are used honestly, too. */
const dangerousNames: ReadonlySet<string> = new Set([
  ...[
    'eval',
    'exec',
    'compile',
    'open',
    '__import__',
    'getattr',
    'setattr',
    'delattr',
    'globals',
    'locals',
    'vars',
  ].map(name => `builtins.${name}`),
  ...['input', 'breakpoint', 'apply', 'execfile', 'file', 'reload', 'map', 'filter'].map(
    name => `builtins.${name}`,
  ),
  ...['CodeType', 'FunctionType'].map(name => `types.${name}`),
  ...['attrgetter', 'itemgetter', 'methodcaller'].map(name => `operator.${name}`),
  'functools.reduce',
  'io.open',
  'torch.load',
  'torch.serialization.load',
  'numpy.load',
]);

/** Whether a name is one that can run any program. */
function isDangerous(name: string): boolean {
  const [module = ''] = name.split('.');
  return (
    dangerousModules.has(module) ||
    dangerousNames.has(name) ||
    /^(torch\.(hub|jit|utils\.(cpp_extension|collect_env))|numpy\.testing|numpy\.f2py)\./.test(name)
  );
}

/** The imports beyond plain data, sorted, and what to say about them. */
export function judgeImports(globals: Iterable<string>): {
  readonly imports: string[];
  readonly warnings: string[];
} {
  const imports = [...globals].filter(name => !isPlain(name)).sort();
  const bad = imports.filter(isDangerous);
  if (bad.length > 0) {
    return {
      imports,
      warnings: [
        `Do not load this file in Python: it asks for ${listed(bad)}, which can run any program. Nothing of it was run here.`,
      ],
    };
  }
  if (imports.length === 0) return { imports, warnings: [] };
  return {
    imports,
    warnings: [
      `Loading this file in Python imports and calls ${listed(imports)}; torch.load(weights_only=True) refuses it. Nothing of it was run here.`,
    ],
  };
}

/** The first few names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 3).map(name => (name.length > 60 ? `${name.slice(0, 60)}…` : name));
  if (names.length > shown.length) return `${shown.join(', ')} and ${names.length - shown.length} more`;
  return shown.length < 2 ? shown.join() : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}
