/**
 * A value of a PyTorch file as a person looks for things in it: a list of tensors by name, the nesting, and of whole
 * models the modules. A tensor of a model is called as in its `state_dict`, whatever attributes it lies in.
 */
import type {
  CheckpointModule,
  CheckpointTensor,
  CheckpointValue,
  Quantization,
  TensorRole,
} from '../../protocol/checkpoint';
import { roleOf } from '../checkpoint-file';
import { elementTypes } from '../elements';
import { CheckpointError } from '../errors';
import { freeTensorNames } from '../free-names';
import { arrayOf } from '../pickle/numpy-array';
import { keyText, pythonText, typeText } from '../python-repr';
import {
  elementCount,
  isTensor,
  type Stored,
  type StoredTensor,
  safeCount,
  Tuple,
  Unresolved,
} from '../stored';
import { isContiguous, type Layout } from './layout';
import { type ModuleParts, moduleParts } from './module-parts';
import { quantizationOf } from './quantized';
import type { StorageLoader } from './storages';

/** What {@link describe} finds. */
export interface Description {
  readonly tensors: CheckpointTensor[];
  readonly values: ReadonlyMap<string, StoredTensor>;
  readonly structure: CheckpointValue;
  readonly modules: CheckpointModule[];
  readonly warnings: string[];
}

/** What is found in looking at a tensor without its elements. */
interface Examined {
  readonly quantization?: Quantization | undefined;
  readonly problem?: string;
}

/** Where in the value the walk is. */
interface Place {
  /** The name so far, and the same in steps. */
  readonly name: string;
  readonly path: readonly string[];
  /** What comes between the name and the next step: a dot within models, as in the keys of a `state_dict`. */
  readonly separator: '/' | '.';
  readonly role: TensorRole | undefined;
}

const top: Place = { name: '', path: [], separator: '/', role: undefined };

/** How many children of a value are described; all of its tensors are listed all the same. */
const maxChildren = 1000;

/**
 * Describes a value. References make it cheap to name a value often, so that the list, and the
 * characters in it, are bounded by the file's size.
 */
export function describe(root: Stored, storages: StorageLoader, fileSize: number): Description {
  return new Describer(storages, 20_000 + fileSize / 32).describe(root);
}

class Describer {
  readonly #tensors: CheckpointTensor[] = [];
  readonly #values = new Map<string, StoredTensor>();
  readonly #names = freeTensorNames();
  readonly #modules: CheckpointModule[] = [];
  readonly #warnings: string[] = [];
  #count = 0;

  constructor(
    private readonly storages: StorageLoader,
    private readonly limit: number,
  ) {}

  describe(root: Stored): Description {
    const structure = this.#value('', root, top);
    if (this.#count > this.limit) {
      this.#warnings.push('The file names its values so often that not all of them are shown.');
    }
    return {
      tensors: this.#tensors,
      values: this.#values,
      structure,
      modules: this.#modules,
      warnings: this.#warnings,
    };
  }

  /** Takes as many values from the limit as what is said of one has thousands of characters. */
  #charge(characters: number): void {
    this.#count += Math.floor(characters / 1000);
  }

  #value(key: string, value: Stored, place: Place): CheckpointValue {
    this.#count++;
    this.#charge(place.name.length);
    const type = typeText(value);
    const tensor = typeof value === 'object' && value !== null && isTensor(value) ? value : arrayOf(value);
    if (tensor !== undefined)
      return { key, type: typeText(tensor), text: this.#tensor(tensor, place), tensor: true };
    const module = moduleParts(value);
    if (module !== undefined) return this.#module(key, type, module, place);
    const inside = childrenOf(value);
    if (inside === undefined || (!(value instanceof Map) && pythonText(value) !== undefined)) {
      return { key, type, text: pythonText(value) ?? '' };
    }
    const role = place.role ?? (isOptimizerState(value) ? 'optimizer' : undefined);
    const children: CheckpointValue[] = [];
    let left = 0;
    for (const [name, item] of inside) {
      if (this.#count > this.limit) left++;
      else {
        const child = this.#value(name, item, within(place, name, { role }));
        if (children.length < maxChildren) children.push(child);
        else left++;
      }
    }
    return { key, type, children, ...(left > 0 && { more: left }) };
  }

  /** A module of a model: its parameters and buffers, and the modules in it. */
  #module(key: string, className: string, parts: ModuleParts, place: Place): CheckpointValue {
    this.#modules.push({ path: place.path, className: plainName(className), settings: parts.settings });
    this.#charge(parts.settings.reduce((sum, [name, text]) => sum + name.length + text.length, 0));
    const children: CheckpointValue[] = [];
    const add = (entries: ModuleParts['parameters'], role = place.role) => {
      for (const [name, value] of entries) {
        if (value === null || this.#count > this.limit) continue;
        children.push(this.#value(name, value, within(place, name, { role, separator: '.' })));
      }
    };
    add(parts.parameters);
    add(parts.buffers, 'buffer');
    add(parts.modules);
    add(parts.others);
    return { key, type: plainName(className), children };
  }

  /** Lists a tensor and gives its name. */
  #tensor(tensor: StoredTensor, place: Place): string {
    const name = this.#names.take(place.name || 'tensor');
    const layout = this.storages.layoutOf(tensor);
    const dtype = tensor.storedAs ?? tensor.dtype;
    const type = elementTypes.get(dtype);
    const shape = type?.parts === 2 ? tensor.shape.slice(0, -1) : tensor.shape;
    const elements = safeCount(elementCount(shape));
    const { problem, quantization } = this.#examine(tensor, layout);
    const { scales, zeroPoints } = quantization ?? { scales: [], zeroPoints: [] };
    this.#charge((layout?.storage.key.length ?? 0) + 8 * (scales.length + zeroPoints.length));
    if (problem !== undefined) this.#warnings.push(`${name}: ${problem}`);
    this.#values.set(name, tensor);
    this.#tensors.push({
      name,
      path:
        place.name === '' ? [name] : [...place.path.slice(0, -1), ...(place.path.at(-1) ?? '').split('.')],
      dtype,
      shape,
      elements,
      bytes: safeCount(elements * (type?.bytes ?? 0)),
      role: place.role ?? roleOf(name),
      ...(layout && { storage: layout.storage.key }),
      ...(layout && !isContiguous(layout) && { strides: layout.strides }),
      ...(quantization && { quantization }),
      ...(problem !== undefined && { problem }),
    });
    return name;
  }

  /** What integers stand for in a tensor that has them; or why its elements cannot be read. */
  #examine(tensor: StoredTensor, layout: Layout | undefined): Examined {
    try {
      if (layout !== undefined) this.storages.check(layout);
      return { quantization: quantizationOf(this.storages.parametersOf(tensor)) };
    } catch (error) {
      if (error instanceof CheckpointError) return { problem: error.problem };
      throw error;
    }
  }
}

/** TorchScript's name of a class without what makes it unique: `torch.nn.modules.conv.Conv2d`. */
function plainName(className: string): string {
  return className.replace(/^__torch__\./, '').replace(/\.___torch_mangle_\d+/g, '');
}

/** The place of what is inside of what is at `place`. */
function within(place: Place, key: string, { role, separator = place.separator }: Partial<Place>): Place {
  const name = place.name === '' ? key : `${place.name}${place.separator}${key}`;
  return { name, path: [...place.path, key], separator, role };
}

/** The state_dict of an optimizer, as all of PyTorch's write it. */
function isOptimizerState(value: Stored): boolean {
  return value instanceof Map && value.has('state') && value.has('param_groups');
}

/** What is inside of a value, by key, index or attribute; undefined for what has no inside. */
function childrenOf(value: Stored): (readonly [string, Stored])[] | undefined {
  if (value instanceof Map) return [...value].map(([key, item]) => [keyText(key), item]);
  if (value instanceof Tuple) return value.items.map((item, i) => [String(i), item]);
  if (Array.isArray(value)) return value.map((item, i) => [String(i), item]);
  if (value instanceof Set) return [...value].map((item, i) => [String(i), item]);
  if (!(value instanceof Unresolved)) return undefined;
  const { args, state, items, entries } = value;
  const inside = (part: Stored | undefined) => (part === undefined ? [] : (childrenOf(part) ?? []));
  const attributes =
    state instanceof Map || state === undefined || state === null
      ? inside(state ?? undefined)
      : [['state', state] as const];
  return [...inside([...(args ?? [])]), ...attributes, ...inside(items), ...inside(entries)];
}
