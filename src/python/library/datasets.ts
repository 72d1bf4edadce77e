/** `torch.utils.data`: datasets, loaders, and the batches that come out of them: full ones, and a smaller last one. */
import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf, lengthOf } from '../interpret/iterate';
import { join, optionsOf } from '../interpret/join';
import { classAttribute, getAttribute } from '../interpret/objects';
import { twice } from '../interpret/operators';
import type { Dim } from '../interpret/sizes';
import { subscript } from '../interpret/subscripts';
import {
  Builtin,
  type Elements,
  firstOf,
  int,
  isUnknown,
  knownNumber,
  PyClass,
  PyDict,
  PyInstance,
  PyIterator,
  PyList,
  PyNumber,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { type Bound, bindTo, natives } from './native';

/** `Dataset`; its instances are the file's own. */
export const datasetClass = new PyClass('Dataset', []);
const iterableClass = new PyClass('IterableDataset', [datasetClass]);

/** A dataset of the library: what one sample is, and how many there are. */
export class NativeDataset {
  constructor(
    readonly sample: (interpreter: Interpreter) => Value,
    readonly count: Dim | undefined,
  ) {}
}

/** Makes an instance of a dataset class of the library. */
export function datasetOf(cls: PyClass, dataset: NativeDataset): PyInstance {
  const made = new PyInstance(cls);
  made.native = dataset;
  return made;
}

/** A class of datasets of the library. */
export function datasetKind(name: string): PyClass {
  const cls = new PyClass(name, [datasetClass]);
  const native = (self: Value | undefined) =>
    self instanceof PyInstance && self.native instanceof NativeDataset ? self.native : undefined;
  for (const [key, method] of natives({
    '__len__(self)': args => int(native(args.get('self'))?.count),
    '__getitem__(self, index)': (args, interpreter) => firstOf(native(args.get('self'))?.sample(interpreter)),
  }))
    cls.attributes.set(key, method);
  return cls;
}

const subsetClass = datasetKind('Subset');
const tensorDatasetClass = datasetKind('TensorDataset');

/** One sample of a dataset. */
export function sampleOf(interpreter: Interpreter, dataset: Value): Value {
  const options = optionsOf(dataset);
  if (options.length > 1) return options.map(one => sampleOf(interpreter, one)).reduce((a, b) => join(a, b));
  if (dataset instanceof PyInstance && dataset.native instanceof NativeDataset && !ownItems(dataset))
    return dataset.native.sample(interpreter);
  if (dataset instanceof PyInstance && classAttribute(dataset.cls, '__getitem__') !== undefined) {
    const method = getAttribute(interpreter, dataset, '__getitem__');
    // The first sample and any other one may differ.
    const [first, any] = [int(0), int(undefined)].map(index =>
      interpreter.perhaps(() => callValue(interpreter, method, [index])),
    );
    return join(firstOf(first), firstOf(any));
  }
  if (dataset instanceof PyInstance && classAttribute(dataset.cls, '__iter__') !== undefined) {
    const { items } = elementsOf(
      interpreter,
      callValue(interpreter, getAttribute(interpreter, dataset, '__iter__'), []),
    );
    return items.length === 0 ? unknown : items.reduce((a, b) => join(a, b));
  }
  if (dataset instanceof PyList || dataset instanceof PyTuple || dataset instanceof TensorValue) {
    const { items } = elementsOf(interpreter, dataset);
    return items.length === 0 ? unknown : items.reduce((a, b) => join(a, b));
  }
  return unknown;
}

function ownItems(dataset: PyInstance): boolean {
  return dataset.cls.definition !== undefined && dataset.cls.attributes.has('__getitem__');
}

/** How many samples a dataset has. */
export function sampleCount(interpreter: Interpreter, dataset: Value): Dim | undefined {
  return lengthOf(interpreter, dataset);
}

/** Samples put together by `default_collate`: a new first axis. */
export function collated(interpreter: Interpreter, sample: Value, size: Dim): Value {
  const options = optionsOf(sample);
  if (options.length > 1)
    return options.map(one => collated(interpreter, one, size)).reduce((a, b) => join(a, b));
  if (sample instanceof TensorValue)
    return new TensorValue([size, ...sample.dims], sample.dtype, { device: 'cpu' });
  if (sample instanceof PyNumber)
    return new TensorValue([size], sample.type === 'int' ? 'int64' : 'float64', { device: 'cpu' });
  if (typeof sample === 'boolean') return new TensorValue([size], 'bool', { device: 'cpu' });
  if (typeof sample === 'string') return new PyTuple([sample]);
  if (sample instanceof PyTuple || sample instanceof PyList)
    return new PyList(sample.items.map(one => collated(interpreter, one, size)));
  if (sample instanceof PyDict)
    return new PyDict(
      new Map(
        [...sample.entries].map(([key, [name, value]]) => [key, [name, collated(interpreter, value, size)]]),
      ),
      sample.open,
    );
  return unknown;
}

/** What a loader was made with. */
class Loader {
  constructor(
    readonly dataset: Value,
    readonly batch: Dim | undefined,
    readonly dropLast: boolean | undefined,
    readonly collate: Value | undefined,
    /** None: samples are not put together. */
    readonly unbatched: boolean,
    /** A sampler of the batches' own. */
    readonly sampled: Value | undefined,
  ) {}
}

const loaderClass = new PyClass('DataLoader', [], undefined, (_, args, interpreter) => {
  const names = [
    'dataset',
    'batch_size',
    'shuffle',
    'sampler',
    'batch_sampler',
    'num_workers',
    'collate_fn',
    'pin_memory',
    'drop_last',
  ];
  const bound = bindTo(names, args);
  const made = new PyInstance(loaderClass);
  const batch = bound.get('batch_size');
  const collate = bound.get('collate_fn');
  made.native = new Loader(
    firstOf(bound.get('dataset')),
    args.open ? undefined : batch === undefined ? 1 : sizeOf(batch),
    bound.flag('drop_last', false),
    collate === null ? undefined : collate,
    batch === null,
    bound.get('batch_sampler') ?? bound.get('sampler') ?? undefined,
  );
  made.attributes.set('dataset', firstOf(bound.get('dataset')));
  made.attributes.set('batch_size', batch ?? int(1));
  if (bound.get('batch_sampler') !== undefined && bound.get('batch_sampler') !== null) return unknown;
  interpreter.burn();
  return made;
});

/** The batches of a loader: a full one, and the last one where it is smaller. */
function batchesOf(interpreter: Interpreter, loader: Loader): Elements {
  const { dataset, batch, dropLast, unbatched } = loader;
  const sampled =
    loader.sampled === undefined || loader.sampled === null
      ? undefined
      : lengthOf(interpreter, loader.sampled);
  const count =
    loader.sampled === undefined || loader.sampled === null ? sampleCount(interpreter, dataset) : sampled;
  const sample = sampleOf(interpreter, dataset);
  if (unbatched) return { items: [sample], exact: false, count };
  const size = batch ?? interpreter.symbols.fresh('B');
  const whole = (n: Dim) => batchOf(interpreter, loader, sample, n);
  if (count === undefined || typeof size !== 'number') {
    const last = dropLast === true ? [] : [whole(interpreter.symbols.fresh('B'))];
    return { items: [whole(size), ...last], exact: false, count: undefined };
  }
  if (typeof count !== 'number') {
    const batches = twice(
      interpreter,
      (n, b) => (dropLast ? Math.floor(n / b) : Math.ceil(n / b)),
      count,
      size,
    );
    const last = dropLast === true ? [] : [whole(interpreter.symbols.fresh('B'))];
    return { items: [whole(size), ...last], exact: false, count: batches };
  }
  const full = Math.floor(count / size);
  const rest = count % size;
  const keepsLast = rest > 0 && dropLast !== true;
  const items = [...(full > 0 ? [whole(size)] : []), ...(keepsLast ? [whole(rest)] : [])];
  const batches = full + (keepsLast ? 1 : 0);
  // Few batches are gone through one by one.
  if (batches <= 2) return { items, exact: true, count: batches };
  return { items, exact: false, count: batches };
}

function batchOf(interpreter: Interpreter, { collate }: Loader, sample: Value, size: Dim): Value {
  if (collate === undefined) return collated(interpreter, sample, size);
  const several =
    typeof size === 'number' && size <= 512
      ? new PyList(Array.from({ length: size }, () => sample))
      : new PyList([sample], true);
  return callValue(interpreter, collate, [several]);
}

function loaderOf(value: Value | undefined): Loader | undefined {
  return value instanceof PyInstance && value.native instanceof Loader ? value.native : undefined;
}

for (const [name, method] of natives({
  '__len__(self)': (args, interpreter) => {
    const loader = loaderOf(args.get('self'));
    if (loader === undefined) return int(undefined);
    const [count, size] = [sampleCount(interpreter, loader.dataset), loader.batch];
    if (count === undefined || size === undefined || loader.dropLast === undefined) return int(undefined);
    return int(
      twice(interpreter, (n, b) => (loader.dropLast ? Math.floor(n / b) : Math.ceil(n / b)), count, size),
    );
  },
  '__iter__(self)': (args, interpreter) => {
    const loader = loaderOf(args.get('self'));
    return loader === undefined ? unknown : new PyIterator(batchesOf(interpreter, loader));
  },
}))
  loaderClass.attributes.set(name, method);

const samplerClass = (name: string): PyClass =>
  new PyClass(name, [], undefined, (cls, args, interpreter) => {
    const made = new PyInstance(cls);
    const [source, second] = args.positional;
    const given = args.keywords.get('num_samples') ?? (name === 'WeightedRandomSampler' ? second : undefined);
    const count =
      given === undefined
        ? source === undefined
          ? undefined
          : lengthOf(interpreter, source)
        : sizeOf(given);
    made.native = new NativeDataset(() => int(undefined), count);
    return made;
  });

/** Samplers answer `len` like datasets. */
function sampler(name: string): PyClass {
  const cls = samplerClass(name);
  for (const [key, method] of natives({
    '__len__(self)': args => {
      const self = args.get('self');
      return int(
        self instanceof PyInstance && self.native instanceof NativeDataset ? self.native.count : undefined,
      );
    },
  }))
    cls.attributes.set(key, method);
  return cls;
}

const tensorDataset = new Builtin('TensorDataset', ({ positional }) => {
  const [first] = positional;
  const count = first instanceof TensorValue ? first.dims[0] : undefined;
  const made = datasetOf(
    tensorDatasetClass,
    new NativeDataset(
      interpreter => new PyTuple(positional.map(one => subscript(interpreter, one, int(0)))),
      count,
    ),
  );
  made.attributes.set('tensors', new PyTuple(positional));
  return made;
});

function subset(dataset: Value, count: Dim | undefined): PyInstance {
  const made = datasetOf(
    subsetClass,
    new NativeDataset(interpreter => sampleOf(interpreter, dataset), count),
  );
  made.attributes.set('dataset', dataset);
  return made;
}

function split(args: Bound, interpreter: Interpreter): Value {
  const dataset = firstOf(args.get('dataset'));
  const { items, exact } = elementsOf(interpreter, firstOf(args.get('lengths')));
  if (!exact) return unknown;
  const total = sampleCount(interpreter, dataset);
  const shares = items.every(item => item instanceof PyNumber && item.type === 'float');
  if (!shares) return new PyList(items.map(item => subset(dataset, sizeOf(item))));
  const known = items.map(knownNumber);
  if (typeof total !== 'number' || !known.every(one => one !== undefined))
    return new PyList(items.map(() => subset(dataset, undefined)));
  const sizes = known.map(share => Math.floor(total * share));
  let rest = total - sizes.reduce((a, b) => a + b, 0);
  return new PyList(sizes.map(size => subset(dataset, rest-- > 0 ? size + 1 : size)));
}

/** `torch.utils.data`. */
export const dataNames: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['Dataset', datasetClass],
  ['IterableDataset', iterableClass],
  ['DataLoader', loaderClass],
  ['TensorDataset', tensorDataset],
  ...['RandomSampler', 'SequentialSampler', 'SubsetRandomSampler', 'WeightedRandomSampler'].map(
    name => [name, sampler(name)] as const,
  ),
  ...natives({
    'random_split(dataset, lengths, generator)': split,
    'Subset(dataset, indices)': (args, interpreter) =>
      subset(firstOf(args.get('dataset')), lengthOf(interpreter, firstOf(args.get('indices')))),
    'ConcatDataset(datasets)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('datasets')));
      const counts = items.map(one => sampleCount(interpreter, one));
      const total =
        exact && counts.every(one => typeof one === 'number')
          ? counts.reduce<number>((a, b) => a + Number(b), 0)
          : undefined;
      return datasetOf(
        subsetClass,
        new NativeDataset(
          inner =>
            items
              .map(one => sampleOf(inner, one))
              .reduce(
                (a, b) => join(a, b),
                items.length === 0 ? unknown : sampleOf(inner, firstOf(items[0])),
              ),
          total,
        ),
      );
    },
    'default_collate(batch)': (args, interpreter) => {
      const { items, exact } = elementsOf(interpreter, firstOf(args.get('batch')));
      const [first] = items;
      return first === undefined || isUnknown(first)
        ? unknown
        : collated(interpreter, first, exact ? items.length : interpreter.symbols.fresh('B'));
    },
  }),
]);

/** The elements of a loader or a dataset of the library. */
export function dataElements(interpreter: Interpreter, value: Value): Elements | undefined {
  const loader = loaderOf(value);
  if (loader !== undefined) return batchesOf(interpreter, loader);
  if (value instanceof PyInstance && value.native instanceof NativeDataset)
    return { items: [value.native.sample(interpreter)], exact: false, count: value.native.count };
  return undefined;
}
