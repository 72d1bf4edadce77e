/** What stands between the brackets of a tensor: numbers, slices, None, `...`, masks and tensors of indices. */
import { ops } from '../../engine/shapes';
import type { Interpreter } from '../interpret/interpreter';
import { type Dim, inWorld, Size, sameDim } from '../interpret/sizes';
import {
  Ellipsis,
  firstOf,
  isUnknown,
  PyIterator,
  PyList,
  PyNumber,
  PyRange,
  PySlice,
  PyTuple,
  TensorValue,
  Union,
  unknown,
  type Value,
} from '../interpret/values';
import { brief, type Converter, NotKnown, withEngine } from './bridge';
import { nested } from './creation';

/** An entry after what is not known in it was given a symbol. */
type Entry = Value;

interface Prepared {
  readonly tensor: TensorValue;
  readonly entries: readonly Entry[];
}

/** `tensor[index]`. */
export function indexTensor(interpreter: Interpreter, tensor: TensorValue, index: Value): Value {
  if (index instanceof Union) return unknown;
  const prepared = prepare(interpreter, tensor, index);
  if (prepared === undefined) return unknown;
  const { entries } = prepared;
  const result = withEngine(
    interpreter,
    {
      label: `[${entries.map(briefEntry).join(', ')}]`,
      inputs: [prepared.tensor, ...entries.flatMap(boundsIn)],
    },
    convert =>
      ops.index(
        convert.tensor(prepared.tensor),
        entries.map(entry => converted(convert, entry)),
      ),
  );
  if (!(result instanceof TensorValue)) return result;
  // A stand-in with a symbol took part in place of the tensor itself.
  if (tensor.requiresGrad && interpreter.gradEnabled)
    result.sources = tensor.extra.gradFn === undefined ? [tensor] : tensor.sources;
  if (result.step !== undefined) result.step = { label: result.step.label, from: tensor };
  result.extra = {
    ...result.extra,
    device: tensor.extra.device,
    array: tensor.isArray,
    known: knownPart(tensor, entries),
  };
  return result;
}

/** The element or row that a number names, where the elements are known. */
function knownPart(tensor: TensorValue, [entry, ...rest]: readonly Entry[]): readonly number[] | undefined {
  const { known } = tensor.extra;
  const [rows] = tensor.dims;
  const at = entry instanceof PyNumber ? entry.value : undefined;
  if (
    known === undefined ||
    rest.length > 0 ||
    typeof rows !== 'number' ||
    typeof at !== 'number' ||
    rows === 0
  )
    return undefined;
  const size = known.length / rows;
  const row = at < 0 ? at + rows : at;
  return known.slice(row * size, (row + 1) * size);
}

function boundsIn(entry: Entry): Value[] {
  return entry instanceof PySlice ? [entry.start, entry.stop, entry.step] : [entry];
}

function briefEntry(entry: Entry): string {
  if (entry instanceof Ellipsis) return '...';
  if (!(entry instanceof PySlice)) return brief(entry);
  const bound = (value: Value) => (value === null ? '' : brief(value));
  const step = entry.step === null ? '' : `:${bound(entry.step)}`;
  return `${bound(entry.start)}:${bound(entry.stop)}${step}`;
}

function converted(convert: Converter, entry: Entry): ops.Index {
  if (entry === null) return null;
  if (entry instanceof Ellipsis) return '...';
  if (entry instanceof PyNumber) return entry.value === undefined ? 0 : inWorld(entry.value, convert.world);
  if (entry instanceof TensorValue) return convert.tensor(entry);
  if (entry instanceof PySlice) {
    const [start, stop, step] = [entry.start, entry.stop, entry.step].map(one => numeric(convert, one));
    return new ops.Slice(start ?? null, stop ?? null, step ?? 1);
  }
  throw new NotKnown();
}

function numeric(convert: Converter, value: Value): number | null {
  if (value === null) return null;
  if (value instanceof TensorValue && value.extra.known?.length === 1) return value.extra.known[0] ?? null;
  if (value instanceof PyNumber && value.value !== undefined) return inWorld(value.value, convert.world);
  throw new NotKnown();
}

/** The entries one by one, with symbols where how many elements are picked is not known. */
function prepare(interpreter: Interpreter, tensor: TensorValue, index: Value): Prepared | undefined {
  const given = index instanceof PyTuple ? index.items : [index];
  const dims: Dim[] = [...tensor.dims];
  const entries: Entry[] = [];
  const resolved = given.map(entry => asEntry(interpreter, entry));
  const consumed = resolved.reduce((sum: number, entry) => sum + consumes(entry), 0);
  let axis = 0;
  for (const entry of resolved) {
    if (entry === undefined || isUnknown(entry)) return undefined;
    if (entry instanceof TensorValue && isMask(entry)) {
      const count = countOf(interpreter, entry);
      const covered = dims.slice(axis, axis + entry.dims.length);
      if (
        covered.some(
          (dim, i) =>
            !sameDim(dim, entry.dims[i] ?? -1) &&
            typeof dim === 'number' &&
            typeof entry.dims[i] === 'number',
        )
      )
        return undefined;
      for (let i = 0; i < entry.dims.length; i++)
        entries.push(new TensorValue([count], 'int64', { device: tensor.extra.device }));
    } else if (entry instanceof PySlice) entries.push(firstOf(sliced(interpreter, entry, dims, axis)));
    else entries.push(entry);
    if (entries.at(-1) === unknown) return undefined;
    axis += entry instanceof Ellipsis ? tensor.dims.length - consumed : consumes(entry);
  }
  const same = dims.every((dim, i) => dim === tensor.dims[i]);
  return { tensor: same ? tensor : new TensorValue(dims, tensor.dtype, tensor.extra), entries };
}

function countOf(interpreter: Interpreter, mask: TensorValue): Dim {
  const { known } = mask.extra;
  return known === undefined ? interpreter.symbols.fresh('N') : known.filter(one => one !== 0).length;
}

function isMask({ dtype }: TensorValue): boolean {
  return dtype === 'bool' || dtype === 'uint8';
}

function consumes(entry: Entry | undefined): number {
  if (entry === null || entry instanceof Ellipsis) return 0;
  return entry instanceof TensorValue && isMask(entry) ? entry.dims.length : 1;
}

/** A slice; where its bounds are not known its axis gets a symbol and the whole of it is taken. */
function sliced(interpreter: Interpreter, slice: PySlice, dims: Dim[], axis: number): PySlice | undefined {
  const bounds = [slice.start, slice.stop, slice.step];
  const whole = new PySlice(null, null, null);
  const [, , step] = bounds;
  if (step instanceof PyNumber && typeof step.value === 'number' && step.value < 0)
    return slice.start === null && slice.stop === null && step.value === -1 ? whole : undefined;
  // A size that grows from turn to turn may be smaller than the bounds.
  const now = dims[axis];
  const growing =
    now instanceof Size && /[T?]/.test(now.name) && (slice.start !== null || slice.stop !== null);
  if (!growing && bounds.every(bound => bound === null || isKnown(bound))) return slice;
  if (axis >= dims.length) return undefined;
  dims[axis] = interpreter.symbols.fresh(growing ? 'T' : 'N');
  return whole;
}

function isKnown(bound: Value): boolean {
  if (bound instanceof TensorValue) return bound.extra.known?.length === 1;
  return bound instanceof PyNumber && bound.value !== undefined;
}

function asEntry(interpreter: Interpreter, entry: Value): Entry | undefined {
  if (entry instanceof PyList || entry instanceof PyRange || entry instanceof PyTuple) {
    const found = nested(interpreter, entry);
    if (found === undefined) return undefined;
    return new TensorValue(found.dims, found.dims[0] === 0 ? 'int64' : found.dtype, { known: found.known });
  }
  if (entry instanceof PyIterator || typeof entry === 'boolean' || entry instanceof Union) return undefined;
  if (entry instanceof TensorValue && entry.dtype === undefined) return undefined;
  return entry;
}

/** `tensor[index] = value`: the tensor keeps its shape, but may become part of a graph. */
export function setTensorIndex(
  interpreter: Interpreter,
  tensor: TensorValue,
  index: Value,
  value: Value,
): void {
  const { journal } = interpreter;
  const place = interpreter.perhaps(() => indexTensor(interpreter, tensor, index));
  if (tensor.extra.known !== undefined)
    journal.setTensor(tensor, 'extra', { ...tensor.extra, known: undefined });
  if (!(value instanceof TensorValue)) return;
  if (place instanceof TensorValue) checkFits(interpreter, place, value);
  if (value.requiresGrad && interpreter.gradEnabled && !tensor.isArray) {
    journal.setTensor(tensor, 'extra', { ...tensor.extra, requiresGrad: true, gradFn: 'CopySlices' });
    tensor.sources = [
      ...new Set([...tensor.sources, ...(value.extra.gradFn === undefined ? [value] : value.sources)]),
    ];
  }
}

function checkFits(interpreter: Interpreter, place: TensorValue, value: TensorValue): void {
  const from = value.dims.slice(Math.max(0, value.dims.length - place.dims.length));
  const fits = from.toReversed().every((dim, i) => {
    const into = place.dims.at(-1 - i);
    return dim === 1 || typeof dim !== 'number' || typeof into !== 'number' || dim === into;
  });
  if (!fits)
    interpreter.fail(
      `shape mismatch: value tensor of shape ${brief(value)} cannot be broadcast to indexing result of shape ${brief(place)}`,
    );
}
