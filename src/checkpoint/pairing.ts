/**
 * Which tensor of one file belongs to which of another: the one of the same name. Where a network lies in one file as it
 * is and in the other under `model_state_dict`, the parts that have the most names in common are laid over each other.
 */
import type { CheckpointContent, CheckpointTensor, CheckpointValue } from '../protocol/checkpoint';
import type { ChangedValue, TensorPair } from '../protocol/comparison-page';
import { FreeNames } from './free-names';

type Path = readonly string[];

/** Tells paths apart. */
const keyOf = (path: Path) => JSON.stringify(path);

/** The places that networks lie in are not deep, and there are few of them. */
const most = { depth: 3, places: 12 };

/** The places that a file's tensors lie in: all of it, and its largest parts. */
function placesOf(tensors: readonly CheckpointTensor[]): Path[] {
  const sizes = new Map<string, { readonly path: Path; size: number }>();
  for (const { path } of tensors) {
    for (let depth = 1; depth <= most.depth && depth < path.length; depth++) {
      const place = path.slice(0, depth);
      const known = sizes.get(keyOf(place)) ?? { path: place, size: 0 };
      known.size++;
      sizes.set(keyOf(place), known);
    }
  }
  const largest = [...sizes.values()].sort((a, b) => b.size - a.size).slice(0, most.places);
  return [[], ...largest.map(({ path }) => path)];
}

/** The tensors below a place, by what their names are there. */
function below(tensors: readonly CheckpointTensor[], place: Path): Map<string, CheckpointTensor> {
  const inside = tensors.filter(({ path }) => place.every((name, i) => path[i] === name));
  return new Map(inside.map(tensor => [keyOf(tensor.path.slice(place.length)), tensor]));
}

interface Overlay {
  readonly before: Path;
  readonly after: Path;
}

/** The places to be laid over each other: whole files, unless others have more in common. */
function findOverlay(before: readonly CheckpointTensor[], after: readonly CheckpointTensor[]): Overlay {
  let best: Overlay & { readonly common: number } = { before: [], after: [], common: 0 };
  const others = placesOf(after).map(place => ({ place, names: below(after, place) }));
  for (const place of placesOf(before)) {
    const names = below(before, place);
    for (const other of others) {
      let common = 0;
      for (const name of names.keys()) if (other.names.has(name)) common++;
      if (common > best.common) best = { before: place, after: other.place, common };
    }
  }
  return best;
}

function kindOf(
  before: CheckpointTensor | undefined,
  after: CheckpointTensor | undefined,
): TensorPair['kind'] {
  if (before === undefined) return 'added';
  if (after === undefined) return 'removed';
  return keyOf(before.shape.map(String)) === keyOf(after.shape.map(String)) ? 'both' : 'reshaped';
}

/** What is compared with what, in words; null for whole files. */
function describe({ before, after }: Overlay): string | null {
  if (before.length === 0 && after.length === 0) return null;
  const name = (path: Path, which: string) =>
    path.length === 0 ? `all of the ${which} file` : `${path.join('.')} of the ${which} file`;
  return `${name(before, 'first')} with ${name(after, 'second')}`;
}

/** The pairs, in the order of the first file, and what is new after them. */
export function pairTensors(
  before: readonly CheckpointTensor[],
  after: readonly CheckpointTensor[],
): { readonly pairs: TensorPair[]; readonly aligned: string | null } {
  const overlay = findOverlay(before, after);
  // No two pairs have the same path: a place in the tree is theirs alone.
  const places = new FreeNames<Path>(
    (path, number) => [...path.slice(0, -1), `${path.at(-1) ?? ''} (${number})`],
    keyOf,
  );
  const there = below(after, overlay.after);
  const found = new Set<CheckpointTensor>();
  const pairs = before.map((tensor): TensorPair => {
    const inside = overlay.before.every((name, i) => tensor.path[i] === name);
    const path = inside ? tensor.path.slice(overlay.before.length) : tensor.path;
    const other = inside ? there.get(keyOf(path)) : undefined;
    if (other !== undefined) found.add(other);
    return {
      path: places.take(path),
      kind: kindOf(tensor, other),
      outside: !inside,
      before: tensor,
      after: other ?? null,
    };
  });
  for (const tensor of after) {
    if (found.has(tensor)) continue;
    const inside = overlay.after.every((name, i) => tensor.path[i] === name);
    const path = inside ? tensor.path.slice(overlay.after.length) : tensor.path;
    pairs.push({ path: places.take(path), kind: 'added', outside: !inside, before: null, after: tensor });
  }
  return { pairs, aligned: describe(overlay) };
}

/** Differences beyond these are not listed. */
const mostValues = 500;

/** What is not the same in two lists of names with texts. */
function changesOf(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): ChangedValue[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names]
    .map(name => ({ name, before: before.get(name) ?? null, after: after.get(name) ?? null }))
    .filter(change => change.before !== change.after)
    .slice(0, mostValues);
}

function leaves(
  { key, text, tensor, children }: CheckpointValue,
  path: Path,
  found: Map<string, string>,
): void {
  const place = key === '' ? path : [...path, key];
  if (children !== undefined) for (const child of children) leaves(child, place, found);
  else if (tensor !== true && text !== undefined) found.set(place.join('.'), text);
}

/** Values that are no tensors, and what the files say of themselves, as far as they differ. */
export function changedValues(before: CheckpointContent, after: CheckpointContent): ChangedValue[] {
  const valuesOf = ({ structure, metadata }: CheckpointContent) => {
    const found = new Map<string, string>(metadata);
    if (structure !== undefined) leaves(structure, [], found);
    return found;
  };
  return changesOf(valuesOf(before), valuesOf(after));
}

/** Modules that are in one file only, or made otherwise; of files that hold whole networks. */
export function changedModules(before: CheckpointContent, after: CheckpointContent): ChangedValue[] {
  const modulesOf = ({ modules = [] }: CheckpointContent) =>
    new Map(
      modules.map(({ path, className, settings }) => {
        const kind = className.split('.').at(-1) ?? className;
        return [path.join('.'), `${kind}(${settings.map(([key, value]) => `${key}=${value}`).join(', ')})`];
      }),
    );
  return changesOf(modulesOf(before), modulesOf(after));
}
