/**
 * The engine's modules for the instances of a file's classes: a tree with PyTorch's names, in which a class of the file
 * is a module whose `forward` is what the interpreter does.
 */
import { nn, type Tensor } from '../../engine/shapes';
import { type PyInstance, TensorValue, type Value } from '../interpret/values';
import { EngineLayer } from '../library/nn/layers';
import { isModule } from '../library/nn/module-class';
import type { Place } from './refused';
import type { SampleForm } from './sample-form';

/** Names of attributes that would hide what the engine's modules are made of. */
const taken = new Set([
  'call',
  'kind',
  'describe',
  'constructor',
  'namedChildren',
  'namedParameters',
  'training',
]);

/** Thrown where the attribute of a module has a name that the engine needs. */
export class NameTaken extends Error {}

/** A module of the file, or one of the library that is computed by a function: its work is whatever it is given to do. */
export class InterpretedModule extends nn.Module<[work: () => Value], Value> {
  readonly #kind: string;
  readonly #settings: string;

  constructor(kind: string, settings = '') {
    super();
    this.#kind = kind;
    this.#settings = settings;
  }

  override get kind(): string {
    return this.#kind;
  }

  override describe(): string {
    return this.#settings;
  }

  override forward(work: () => Value): Value {
    return work();
  }

  /** A buffer that is part of the state. */
  keep(name: string, buffer: Tensor): void {
    this.registerBuffer(name, buffer);
  }
}

/** The whole network: its `forward` is the file's. */
export class InterpretedNetwork extends nn.Module {
  /** Where each module is made in the file, as far as it is. */
  readonly sources = new Map<nn.AnyModule, Place>();
  /** The loss of scores and labels that the file puts together itself, where it does. */
  ownLoss: ((scores: Tensor, labels: Tensor) => Tensor) | undefined;
  #fit: Fit = { form: 'images', rank: 2, outputs: 0, lastNode: undefined };
  readonly #kind: string;
  readonly #run: (input: Tensor) => Tensor;

  constructor(kind: string, run: (input: Tensor) => Tensor) {
    super();
    this.#kind = kind;
    this.#run = run;
  }

  /** How it takes its samples, and what it gives. */
  get fit(): Fit {
    return this.#fit;
  }

  set fit(found: Fit) {
    this.#fit = found;
  }

  override get kind(): string {
    return this.#kind;
  }

  override forward(input: Tensor): Tensor {
    return this.#run(input);
  }

  /** A buffer that is part of the state. */
  keep(name: string, buffer: Tensor): void {
    this.registerBuffer(name, buffer);
  }
}

/** What trying a module out has shown. */
export interface Fit extends SampleForm {
  /** How many dimensions its output has, and how many numbers it gives for a sample. */
  readonly rank: number;
  readonly outputs: number;
  /** The name of the node that made them, such as `LogSoftmaxBackward0`. */
  readonly lastNode: string | undefined;
}

/** The modules of the engine for instances of Python's. */
export class ModuleTree {
  readonly #mirrors = new Map<PyInstance, nn.AnyModule>();

  /** @param buffersOf the buffers that a module registered, by name */
  constructor(private readonly buffersOf: (module: PyInstance) => ReadonlyMap<string, TensorValue>) {}

  /** The engine's module for an instance; undefined before the tree is made. */
  mirrorOf(module: PyInstance): nn.AnyModule | undefined {
    return this.#mirrors.get(module);
  }

  /** All instances with their modules. */
  get all(): Iterable<[PyInstance, nn.AnyModule]> {
    return this.#mirrors;
  }

  /** Makes the network of an instance. */
  root(module: PyInstance, run: (input: Tensor) => Tensor): InterpretedNetwork {
    const network = new InterpretedNetwork(module.cls.name, run);
    this.#mirrors.set(module, network);
    this.#fill(module, network);
    return network;
  }

  #mirror(module: PyInstance): nn.AnyModule {
    const known = this.#mirrors.get(module);
    if (known !== undefined) return known;
    const made =
      module.native instanceof EngineLayer
        ? module.native.first
        : new InterpretedModule(module.cls.name, settingsOf(module));
    this.#mirrors.set(module, made);
    if (made instanceof InterpretedModule) this.#fill(module, made);
    else this.#below(module);
    return made;
  }

  /** Parts of a layer of the engine's, which it has put there itself. */
  #below(module: PyInstance): void {
    for (const value of module.attributes.values()) if (isModule(value)) this.#mirror(value);
  }

  #fill(module: PyInstance, into: InterpretedModule | InterpretedNetwork): void {
    for (const [name, value] of module.attributes) {
      if (value instanceof TensorValue && value.numbers instanceof nn.Parameter)
        put(into, name, value.numbers);
    }
    // A class of the file that extends one of the library's layers has what that has.
    if (module.native instanceof EngineLayer)
      for (const [name, buffer] of module.native.first.namedBuffers())
        if (!name.includes('.')) into.keep(name, buffer);
    for (const [name, { numbers }] of this.buffersOf(module))
      if (numbers !== undefined) into.keep(name, numbers);
    for (const [name, value] of module.attributes) if (isModule(value)) put(into, name, this.#mirror(value));
  }
}

function put(into: nn.AnyModule, name: string, value: unknown): void {
  if (taken.has(name) || typeof Reflect.get(into, name) === 'function') throw new NameTaken(name);
  Object.defineProperty(into, name, { value, enumerable: true, configurable: true, writable: true });
}

/** What PyTorch prints of simple modules, such as `p=0.5`. */
function settingsOf({ attributes }: PyInstance): string {
  return [...attributes]
    .flatMap(([name, value]) => {
      const shown = typeof value === 'object' && value !== null && 'value' in value ? value.value : value;
      const plain = typeof shown === 'number' || (typeof shown === 'boolean' && name !== 'training');
      return plain
        ? [`${name}=${typeof shown === 'boolean' ? (shown ? 'True' : 'False') : String(shown)}`]
        : [];
    })
    .join(', ');
}
