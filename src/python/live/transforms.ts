/** The transforms of images in a file, as they are written there: they are seen when they are made. */
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import {
  type Arguments,
  type PyClass,
  PyInstance,
  PyList,
  PyNumber,
  PyTuple,
  type Value,
} from '../interpret/values';
import { transformNames } from '../library/torchvision';
import type { Place } from './refused';

/** The transforms of the training images of a file, in their order, such as `Normalize((0.1307,), (0.3081,))`. */
export interface SeenTransforms {
  readonly texts: readonly string[];
  readonly place: Place;
  /** The transform of which not all is known, or undefined. */
  readonly notKnown?: string;
}

interface Made {
  readonly name: string;
  readonly args: Arguments;
  readonly place: Place;
}

/** A value as Python writes it; undefined where it is not known or no plain value. */
function literal(value: Value): string | undefined {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return /^[^'\\\n]*$/.test(value) ? `'${value}'` : undefined;
  if (value instanceof PyNumber) return typeof value.value === 'number' ? String(value.value) : undefined;
  if (!(value instanceof PyTuple || (value instanceof PyList && !value.open))) return undefined;
  const items = value.items.map(literal);
  return items.every(item => item !== undefined) ? `[${items.join(', ')}]` : undefined;
}

/** A call as Python writes it. */
function callText({ name, args }: Made): string | undefined {
  const positional = args.positional.map(literal);
  const keywords = [...args.keywords].map(([key, value]) => {
    const text = literal(value);
    return text === undefined ? undefined : `${key}=${text}`;
  });
  const all = [...positional, ...keywords];
  return !args.open && all.every(text => text !== undefined) ? `${name}(${all.join(', ')})` : undefined;
}

/** Sees transforms, and which of them the training images go through. */
export class TransformWitness {
  readonly #made = new Map<Value, Made>();
  #seen: SeenTransforms | undefined;

  /** The transforms of the training images. */
  get seen(): SeenTransforms | undefined {
    return this.#seen;
  }

  /** Sees what a class has made. */
  see(interpreter: Interpreter, cls: PyClass, args: Arguments, result: Value, place: Place): void {
    if (transformNames.get(cls.name) === cls) {
      if (result instanceof PyInstance) this.#made.set(result, { name: cls.name, args, place });
      return;
    }
    const given = [...args.positional, ...args.keywords.values()].find(value => this.#made.has(value));
    if (this.#seen !== undefined || given === undefined || args.keywords.get('train') === false) return;
    this.#seen = this.#read(interpreter, given);
  }

  #read(interpreter: Interpreter, value: Value): SeenTransforms | undefined {
    const made = this.#made.get(value);
    if (made === undefined) return undefined;
    const { place, name, args } = made;
    if (name !== 'Compose') {
      const text = callText(made);
      return text === undefined ? { texts: [], place, notKnown: name } : { texts: [text], place };
    }
    const list = args.positional[0] ?? args.keywords.get('transforms') ?? null;
    const { items, exact } = elementsOf(interpreter, list);
    const parts = items.map(item => this.#read(interpreter, item));
    const lost = parts.find(part => part === undefined || part.notKnown !== undefined);
    if (!exact || parts.includes(undefined)) return { texts: [], place, notKnown: name };
    if (lost !== undefined) return lost;
    return { texts: parts.flatMap(part => part?.texts ?? []), place };
  }
}
