/**
 * A last look at what a pickle has built. References make it possible to nest a value in itself, or to
 * write a list of ten lists of ten lists … in a few bytes; whoever walks such a value never comes to an end.
 */
import { CheckpointError } from '../errors';
import { OrderedDict, type Stored, Tuple, Unresolved } from '../stored';

/** Deepest nesting; shallow enough for code that follows it by recursion. */
export const maxDepth = 500;
/** How much larger a value may be when walked than it is in memory, for sharing within it. */
const maxSharing = 16;
const freeSize = 1_000_000;

interface Extent {
  /** Longest way down to a leaf. */
  readonly depth: number;
  /** Values met in walking through it. */
  readonly size: number;
}

const leaf: Extent = { depth: 0, size: 1 };

interface Frame {
  readonly value: object;
  readonly children: Stored[];
  next: number;
  depth: number;
  size: number;
}

/** The values directly inside of one; undefined for what has no inside. */
function childrenOf(value: Stored): Stored[] | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Tuple) return [...value.items];
  if (value instanceof Set) return [...value];
  if (value instanceof OrderedDict) return [...value.keys(), ...value.values(), ...value.attributes.values()];
  if (value instanceof Map) return [...value.keys(), ...value.values()];
  if (value instanceof Unresolved) {
    const { args, state, items, entries } = value;
    return [...(args ?? []), ...[state, items, entries].filter(part => part !== undefined)];
  }
  return undefined;
}

/**
 * Throws a `CheckpointError` for a value that contains itself, is nested too deeply, or is out of all
 * proportion to its size in memory. Takes time in proportion to that size.
 */
export function checkShape(root: Stored, label: string): void {
  const done = new Map<object, Extent>();
  const open = new Set<object>();
  const frames: Frame[] = [];
  let distinct = 0;

  /** The extent of a value that is known, or a new frame to find it out. */
  const visit = (value: Stored): Extent | undefined => {
    if (typeof value !== 'object' || value === null) return leaf;
    const known = done.get(value);
    if (known !== undefined) return known;
    if (open.has(value)) throw new CheckpointError(`${label} contains a value that contains itself`);
    const children = childrenOf(value);
    if (children === undefined) return leaf;
    if (frames.length >= maxDepth) throw tooDeep(label);
    distinct += 1 + children.length;
    open.add(value);
    frames.push({ value, children, next: 0, depth: 0, size: 1 });
    return undefined;
  };

  let extent = visit(root);
  for (let frame = frames.at(-1); frame !== undefined; frame = frames.at(-1)) {
    if (extent !== undefined) {
      frame.depth = Math.max(frame.depth, 1 + extent.depth);
      frame.size += extent.size;
    }
    const child = frame.children[frame.next];
    if (child !== undefined) {
      frame.next += 1;
      extent = visit(child);
      continue;
    }
    if (frame.depth > maxDepth) throw tooDeep(label);
    extent = { depth: frame.depth, size: frame.size };
    done.set(frame.value, extent);
    open.delete(frame.value);
    frames.pop();
  }
  if (extent !== undefined && extent.size > freeSize + maxSharing * distinct) {
    throw new CheckpointError(`${label} refers to its own parts so often that it cannot be unfolded`);
  }
}

function tooDeep(label: string): CheckpointError {
  return new CheckpointError(`${label} is nested more than ${maxDepth} levels deep`);
}
