/** What was seen, as occurrences: shapes, types and how they came about. */
import type { Seen, Sighting } from '../interpret/recorder';
import { type Dim, Size } from '../interpret/sizes';
import { type PyInstance, PyList, type PyTuple, TensorValue } from '../interpret/values';
import { isModule } from '../library/nn/module-class';
import type { Lines } from './lines';
import type { Axis, Occurrence, ShapeItem, Step } from './types';

/** More shapes than these are put together. */
const mostShapes = 8;
const mostItems = 32;
const longestHistory = 8;

/** A shape as plain data. */
export function axes(dims: readonly Dim[]): Axis[] {
  return dims.map(dim => (dim instanceof Size ? dim.name : dim));
}

/** Different shapes; many of one rank as one, with a symbol where they differ. */
export function shapesOf(all: readonly (readonly Dim[])[]): (readonly Axis[])[] {
  const distinct = new Map(all.map(dims => [JSON.stringify(axes(dims)), axes(dims)]));
  if (distinct.size <= mostShapes) return [...distinct.values()];
  const byRank = new Map<number, Axis[]>();
  for (const shape of distinct.values()) {
    const before = byRank.get(shape.length);
    byRank.set(
      shape.length,
      before === undefined ? shape : before.map((axis, i) => (axis === shape[i] ? axis : 'N')),
    );
  }
  return [...byRank.values()];
}

function agreed<T>(values: readonly T[]): T | undefined {
  const [first] = values;
  return values.every(value => value === first) ? first : undefined;
}

function historyOf(tensor: TensorValue): Step[] {
  const steps: Step[] = [];
  let now: TensorValue | undefined = tensor;
  while (now !== undefined && steps.length < longestHistory) {
    steps.unshift({ label: now.step?.label ?? '', shape: axes(now.dims) });
    now = now.step?.from;
  }
  const [first, ...rest] = steps;
  return first === undefined ? [] : [{ ...first, label: now === undefined ? first.label : '…' }, ...rest];
}

function tensorOccurrence(seen: Seen, text: string, lines: Lines): Occurrence {
  const sightings: Sighting[] = [...seen.tensors.values()];
  const dtype = agreed(sightings.map(one => one.dtype));
  const device = agreed(sightings.map(({ extra }) => extra.device));
  const gradFn = agreed(sightings.map(({ extra }) => extra.gradFn));
  const requiresGrad = agreed(sightings.map(({ extra }) => extra.requiresGrad ?? false));
  const [first] = sightings;
  const arrays = sightings.every(({ extra }) => extra.array === true);
  return {
    range: lines.range(seen.span),
    text,
    kind: arrays ? 'array' : 'tensor',
    variable: seen.variable,
    shapes: shapesOf(sightings.filter(({ extra }) => arrays || extra.array !== true).map(({ dims }) => dims)),
    ...(dtype !== undefined && { dtype }),
    ...(device !== undefined && { device }),
    ...(requiresGrad !== undefined && { requiresGrad }),
    ...(gradFn !== undefined && { gradFn }),
    ...(first !== undefined && { history: historyOf(first.tensor) }),
  };
}

function itemsOf(sequence: PyList | PyTuple): ShapeItem[] | undefined {
  if (sequence instanceof PyList && sequence.open) return undefined;
  if (sequence.items.length === 0 || sequence.items.length > mostItems) return undefined;
  const tensors = sequence.items.filter(item => item instanceof TensorValue && !item.isArray);
  if (tensors.length !== sequence.items.length) return undefined;
  return tensors.map(item => ({
    shapes: item instanceof TensorValue ? [axes(item.dims)] : [],
    ...(item instanceof TensorValue && item.dtype !== undefined && { dtype: item.dtype }),
  }));
}

/** An occurrence of what was seen; undefined where too little is known. */
export function occurrenceOf(
  seen: Seen,
  lines: Lines,
  moduleIndex: (module: PyInstance) => number | undefined,
): Occurrence | undefined {
  if (seen.unknown) return undefined;
  const text = lines.text.slice(seen.span.from, seen.span.to);
  if (seen.tensors.size > 0) return tensorOccurrence(seen, text, lines);
  const range = lines.range(seen.span);
  const modules = [...seen.modules].filter(isModule);
  const [module] = modules;
  if (module !== undefined && seen.sequences.size === 0) {
    const index = modules.length === 1 ? moduleIndex(module) : undefined;
    return {
      range,
      text,
      kind: 'module',
      variable: seen.variable,
      shapes: [],
      ...(index !== undefined && { module: index }),
    };
  }
  const [sequence] = seen.sequences;
  const items = sequence !== undefined && seen.sequences.size === 1 ? itemsOf(sequence) : undefined;
  return items === undefined
    ? undefined
    : { range, text, kind: 'tensor', variable: seen.variable, shapes: [], items };
}
