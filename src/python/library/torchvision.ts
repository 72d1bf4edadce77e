/** torchvision: datasets by the shapes of their samples, transforms by what they do to shapes, models by their outputs. */
import { callValue } from '../interpret/calls';
import type { Interpreter } from '../interpret/interpreter';
import { elementsOf } from '../interpret/iterate';
import type { Dim } from '../interpret/sizes';
import {
  Builtin,
  firstOf,
  int,
  knownNumber,
  PyClass,
  PyInstance,
  PyList,
  type PyModule,
  PyNumber,
  PyTuple,
  sizeOf,
  TensorValue,
  unknown,
  type Value,
} from '../interpret/values';
import { datasetKind, datasetOf, NativeDataset } from './datasets';
import { copyOf } from './derived';
import { bindTo, natives } from './native';
import { libraryModule } from './nn';
import { layers } from './nn/layers';
import { isModule, moduleClass } from './nn/module-class';

/** An image of PIL's. */
class Image {
  constructor(
    readonly width: Dim | undefined,
    readonly height: Dim | undefined,
    readonly channels: Dim | undefined,
  ) {}
}

/** PIL's class of images. */
export const imageClass = new PyClass('Image', []);

for (const [name, method] of natives({
  'convert(self, mode)': args => {
    const image = imageOf(args.get('self'));
    const mode = args.text('mode');
    return imageValue(
      new Image(
        image?.width,
        image?.height,
        mode === undefined ? undefined : ({ L: 1, '1': 1, RGB: 3, RGBA: 4 }[mode] ?? undefined),
      ),
    );
  },
  'resize(self, size)': (args, interpreter) => {
    const image = imageOf(args.get('self'));
    const { items } = elementsOf(interpreter, firstOf(args.get('size')));
    return imageValue(new Image(sizeOf(items[0]), sizeOf(items[1]), image?.channels));
  },
}))
  imageClass.attributes.set(name, method);

function imageValue(image: Image): PyInstance {
  const made = new PyInstance(imageClass);
  made.native = image;
  made.attributes.set('size', new PyTuple([int(image.width), int(image.height)]));
  return made;
}

/** The image behind a value. */
function imageOf(value: Value | undefined): Image | undefined {
  return value instanceof PyInstance && value.native instanceof Image ? value.native : undefined;
}

/** An image opened from a file: nothing is known but that it is one. */
export function someImage(): PyInstance {
  return imageValue(new Image(undefined, undefined, undefined));
}

/** An image as an array [H, W, C] or [H, W]; undefined where its size is not known. */
export function imageArray(value: Value): TensorValue | undefined {
  const image = imageOf(value);
  if (image?.height === undefined || image.width === undefined || image.channels === undefined)
    return undefined;
  const dims =
    image.channels === 1 ? [image.height, image.width] : [image.height, image.width, image.channels];
  return new TensorValue(dims, 'uint8', { array: true });
}

// --- datasets ---------------------------------------------------------------------------------------

/** The samples of a dataset: height, width and channels of an image, and how many for training and testing. */
interface Known {
  readonly size: readonly [number, number, number];
  readonly train: number;
  readonly test: number;
}

const images: Readonly<Record<string, Known>> = {
  MNIST: { size: [28, 28, 1], train: 60_000, test: 10_000 },
  FashionMNIST: { size: [28, 28, 1], train: 60_000, test: 10_000 },
  KMNIST: { size: [28, 28, 1], train: 60_000, test: 10_000 },
  QMNIST: { size: [28, 28, 1], train: 60_000, test: 60_000 },
  USPS: { size: [16, 16, 1], train: 7291, test: 2007 },
  CIFAR10: { size: [32, 32, 3], train: 50_000, test: 10_000 },
  CIFAR100: { size: [32, 32, 3], train: 50_000, test: 10_000 },
};

function imageDataset(name: string, { size: [height, width, channels], train, test }: Known): PyClass {
  const cls = datasetKind(name);
  return new PyClass(name, [cls], undefined, (own, args, interpreter) => {
    const bound = bindTo(['root', 'train', 'transform', 'target_transform', 'download'], args);
    const training = bound.flag('train', true);
    const count = training === undefined ? undefined : training ? train : test;
    const transforms = [bound.get('transform'), bound.get('target_transform')];
    const sample = (inner: Interpreter): Value => {
      const image = imageValue(new Image(width, height, channels));
      const [a, b] = [image, int(undefined)].map((value, i) => {
        const transform = made.attributes.get(i === 0 ? 'transform' : 'target_transform');
        return transform === undefined || transform === null ? value : callValue(inner, transform, [value]);
      });
      return new PyTuple([firstOf(a), firstOf(b)]);
    };
    const made = datasetOf(own, new NativeDataset(sample, count));
    made.attributes.set('transform', transforms[0] ?? null);
    made.attributes.set('target_transform', transforms[1] ?? null);
    const total = count ?? interpreter.symbols.fresh('N');
    const array = channels === 3;
    const data = new TensorValue(array ? [total, height, width, 3] : [total, height, width], 'uint8', {
      array,
      device: 'cpu',
    });
    const targets = array
      ? new PyList([int(undefined)], true)
      : new TensorValue([total], 'int64', { device: 'cpu' });
    for (const key of ['data', 'train_data', 'test_data']) made.attributes.set(key, data);
    for (const key of ['targets', 'train_labels', 'test_labels']) made.attributes.set(key, targets);
    made.attributes.set('classes', classNames(name));
    return made;
  });
}

function classNames(name: string): Value {
  const count = name === 'CIFAR100' ? 100 : 10;
  return new PyList(Array.from({ length: count }, (_, i) => String(i)));
}

/** A folder of images: neither their size nor their number is known. */
const imageFolder = new PyClass('ImageFolder', [datasetKind('ImageFolder')], undefined, (own, args) => {
  const bound = bindTo(['root', 'transform', 'target_transform', 'loader'], args);
  const transform = bound.get('transform');
  const sample = (inner: Interpreter) => {
    const image = imageValue(new Image(undefined, undefined, 3));
    return new PyTuple([
      transform === undefined || transform === null ? image : callValue(inner, transform, [image]),
      int(undefined),
    ]);
  };
  const made = datasetOf(own, new NativeDataset(sample, undefined));
  made.attributes.set('transform', transform ?? null);
  return made;
});

const fake = new PyClass('FakeData', [datasetKind('FakeData')], undefined, (own, args, interpreter) => {
  const bound = bindTo(['size', 'image_size', 'num_classes', 'transform', 'target_transform'], args);
  const { items } = elementsOf(
    interpreter,
    bound.get('image_size') ?? new PyTuple([int(3), int(224), int(224)]),
  );
  const [channels, height, width] = items.map(sizeOf);
  const transform = bound.get('transform');
  const image = imageValue(new Image(width, height, channels));
  const sample = (inner: Interpreter) =>
    new PyTuple([
      transform === undefined || transform === null ? image : callValue(inner, transform, [image]),
      int(undefined),
    ]);
  return datasetOf(
    own,
    new NativeDataset(sample, bound.get('size') === undefined ? 1000 : sizeOf(bound.get('size'))),
  );
});

const datasets = libraryModule(
  'torchvision.datasets',
  new Map<string, Value>([
    ...Object.entries(images).map(([name, known]) => [name, imageDataset(name, known)] as const),
    ['ImageFolder', imageFolder],
    ['FakeData', fake],
  ]),
);

// --- transforms -------------------------------------------------------------------------------------

type Transform = (interpreter: Interpreter, value: Value, settings: ReadonlyMap<string, Value>) => Value;

/** A class of transforms: called with an image or a tensor. */
function transform(name: string, settings: readonly string[], apply: Transform): [string, PyClass] {
  const cls = new PyClass(name, [moduleClass], undefined, (own, args) => {
    const bound = bindTo(settings, args);
    const made = new PyInstance(own);
    made.native = bound.values;
    return made;
  });
  const call = new Builtin('__call__', ({ positional: [self, value = unknown] }, interpreter) =>
    self instanceof PyInstance && self.native instanceof Map
      ? apply(interpreter, value, self.native)
      : unknown,
  );
  cls.attributes.set('__call__', call);
  cls.attributes.set('forward', call);
  return [name, cls];
}

/** An image as a tensor [C, H, W]. */
function toTensor(_: Interpreter, value: Value): Value {
  const image = imageOf(value);
  if (image !== undefined) {
    const sizes = [image.channels, image.height, image.width];
    // Nothing is known of the size of a photograph; of several they may differ.
    return sizes.every(size => size !== undefined)
      ? new TensorValue(sizes, 'float32', { device: 'cpu' })
      : unknown;
  }
  if (value instanceof TensorValue && value.isArray) {
    const dtype = value.dtype === 'uint8' ? 'float32' : value.dtype;
    const [h, w, c] = value.dims;
    if (h === undefined || w === undefined) return unknown;
    return new TensorValue(c === undefined ? [1, h, w] : [c, h, w], dtype, { device: 'cpu' });
  }
  return unknown;
}

function keepsShape(_: Interpreter, value: Value): Value {
  return value;
}

/** Height and width that a setting names: one number may mean a square or the shorter side. */
function sizesIn(value: Value | undefined): [Dim, Dim] | undefined {
  const one = sizeOf(value);
  if (one !== undefined) return [one, one];
  if (value instanceof PyTuple || value instanceof PyList) {
    const [h, w] = value.items.map(sizeOf);
    if (h !== undefined) return [h, w ?? h];
  }
  return undefined;
}

function withSize(value: Value, sizes: [Dim, Dim] | undefined): Value {
  const image = imageOf(value);
  if (image !== undefined) return imageValue(new Image(sizes?.[1], sizes?.[0], image.channels));
  if (value instanceof TensorValue && sizes !== undefined)
    return new TensorValue([...value.dims.slice(0, -2), ...sizes], value.dtype, value.extra);
  return unknown;
}

const cropped =
  (setting: string): Transform =>
  (_, value, settings) =>
    withSize(value, sizesIn(settings.get(setting)));

const resized: Transform = (_, value, settings) => {
  const setting = settings.get('size');
  const sizes = sizesIn(setting);
  const square =
    setting instanceof PyNumber ||
    ((setting instanceof PyList || setting instanceof PyTuple) && setting.items.length === 1);
  if (!square) return withSize(value, sizes);
  // One number is the shorter side.
  const image = imageOf(value);
  const [height, width] =
    image === undefined
      ? value instanceof TensorValue
        ? value.dims.slice(-2)
        : []
      : [image.height, image.width];
  const short = sizes?.[0];
  if (typeof height !== 'number' || typeof width !== 'number' || typeof short !== 'number')
    return withSize(value, undefined);
  const scaled = (side: number, other: number) =>
    side <= other ? short : Math.floor((short * side) / other);
  return withSize(value, [scaled(height, width), scaled(width, height)]);
};

const keeping = [
  'RandomHorizontalFlip',
  'RandomVerticalFlip',
  'ColorJitter',
  'RandomAffine',
  'RandomErasing',
  'GaussianBlur',
  'RandomInvert',
  'RandomPerspective',
  'AutoAugment',
  'RandAugment',
  'RandomAutocontrast',
  'RandomAdjustSharpness',
  'RandomEqualize',
  'RandomSolarize',
  'RandomPosterize',
];

/** The transforms by name. */
export const transformNames: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...keeping.map(name => transform(name, [], keepsShape)),
  transform('RandomRotation', ['degrees', 'interpolation', 'expand'], (_, value, settings) =>
    settings.get('expand') === true ? unknown : value,
  ),
  transform('Normalize', ['mean', 'std', 'inplace'], (interpreter, value) =>
    value instanceof TensorValue ? copyOf(interpreter, value, 'Normalize', 'DivBackward0') : unknown,
  ),
  transform('ToTensor', [], toTensor),
  transform('PILToTensor', [], (interpreter, value) => {
    const made = toTensor(interpreter, value);
    return made instanceof TensorValue ? new TensorValue(made.dims, 'uint8', made.extra) : made;
  }),
  transform('ConvertImageDtype', ['dtype'], keepsShape),
  transform('Compose', ['transforms'], (interpreter, value, settings) => {
    const { items, exact } = elementsOf(interpreter, firstOf(settings.get('transforms')));
    return exact ? items.reduce<Value>((now, one) => callValue(interpreter, one, [now]), value) : unknown;
  }),
  transform('Lambda', ['lambd'], (interpreter, value, settings) =>
    callValue(interpreter, firstOf(settings.get('lambd')), [value]),
  ),
  transform('Resize', ['size', 'interpolation'], resized),
  transform('CenterCrop', ['size'], cropped('size')),
  transform('RandomCrop', ['size', 'padding'], cropped('size')),
  transform('RandomResizedCrop', ['size'], cropped('size')),
  transform('Grayscale', ['num_output_channels'], (_, value, settings) => {
    const image = imageOf(value);
    const channels = settings.get('num_output_channels');
    if (image === undefined) return unknown;
    return imageValue(new Image(image.width, image.height, channels === undefined ? 1 : sizeOf(channels)));
  }),
  transform('Pad', ['padding', 'fill', 'padding_mode'], (_, value, settings) => {
    const by = knownNumber(settings.get('padding'));
    const image = imageOf(value);
    if (by === undefined) return unknown;
    const grown = (size: Dim | undefined) => (typeof size === 'number' ? size + 2 * by : undefined);
    if (image !== undefined)
      return imageValue(new Image(grown(image.width), grown(image.height), image.channels));
    if (!(value instanceof TensorValue)) return unknown;
    const [h, w] = value.dims.slice(-2).map(grown);
    return h === undefined || w === undefined ? unknown : withSize(value, [h, w]);
  }),
  transform('ToPILImage', ['mode'], (_, value) => {
    if (!(value instanceof TensorValue) || value.dims.length < 2) return unknown;
    const [c, h, w] =
      value.dims.length === 2
        ? [1, ...value.dims]
        : value.isArray
          ? [value.dims[2], value.dims[0], value.dims[1]]
          : value.dims;
    return imageValue(new Image(w, h, c));
  }),
  transform('RandomApply', ['transforms', 'p'], () => unknown),
  transform('RandomGrayscale', ['p'], keepsShape),
]);

const functional = libraryModule(
  'torchvision.transforms.functional',
  natives({
    'to_tensor(pic)': (args, interpreter) => toTensor(interpreter, firstOf(args.get('pic'))),
    'normalize(tensor, mean, std)': args => firstOf(args.get('tensor')),
    'hflip(img)': args => firstOf(args.get('img')),
    'vflip(img)': args => firstOf(args.get('img')),
    'resize(img, size)': (args, interpreter) => resized(interpreter, firstOf(args.get('img')), args.values),
  }),
);

const transforms = libraryModule(
  'torchvision.transforms',
  transformNames,
  new Map<string, Value>([['functional', functional]]),
);

// --- models -----------------------------------------------------------------------------------------

/** Models whose last layer is called `fc`, with the number of its inputs. */
const residual: Readonly<Record<string, number>> = {
  resnet18: 512,
  resnet34: 512,
  resnet50: 2048,
  resnet101: 2048,
  resnet152: 2048,
  wide_resnet50_2: 2048,
  resnext50_32x4d: 2048,
};

/** A model of which the output is known: one row of scores for each image. */
function classifier(name: string, features: number): Builtin {
  const cls = new PyClass('ResNet', [moduleClass]);
  cls.attributes.set(
    'forward',
    new Builtin('forward', ({ positional: [self, input] }, interpreter) => {
      if (!(self instanceof PyInstance) || !(input instanceof TensorValue) || input.dims.length !== 4)
        return unknown;
      const pooled = copyOf(interpreter, input, name, 'ReshapeAliasBackward0');
      pooled.dims = [input.dims[0] ?? 1, features];
      pooled.extra = { ...pooled.extra, requiresGrad: interpreter.gradEnabled };
      const head = self.attributes.get('fc');
      return head === undefined ? unknown : callValue(interpreter, head, [pooled]);
    }),
  );
  return new Builtin(name, (args, interpreter) => {
    const made = new PyInstance(cls);
    made.native = 'opaque';
    const classes = args.keywords.get('num_classes') ?? int(1000);
    made.attributes.set('training', true);
    made.attributes.set(
      'fc',
      callValue(interpreter, firstOf(layers.get('Linear')), [int(features), classes]),
    );
    const first = callValue(interpreter, firstOf(layers.get('Conv2d')), [
      int(3),
      int(64),
      int(7),
      int(2),
      int(3),
    ]);
    if (isModule(first)) {
      first.attributes.set('bias', null);
      made.attributes.set('conv1', first);
    }
    return made;
  });
}

const models = libraryModule(
  'torchvision.models',
  new Map<string, Value>(
    Object.entries(residual).map(([name, features]) => [name, classifier(name, features)]),
  ),
);

const utilities = libraryModule(
  'torchvision.utils',
  natives({
    'make_grid(tensor, nrow, padding, normalize)': (args, interpreter) => {
      const given = args.get('tensor');
      let images = given;
      if (given instanceof PyList && !given.open) {
        const [first] = given.items;
        images =
          first instanceof TensorValue
            ? new TensorValue([given.items.length, ...first.dims], first.dtype)
            : unknown;
      }
      const rows = args.get('nrow') === undefined ? 8 : args.number('nrow');
      const padding = args.get('padding') === undefined ? 2 : args.number('padding');
      if (
        !(images instanceof TensorValue) ||
        images.dims.length !== 4 ||
        rows === undefined ||
        padding === undefined
      )
        return unknown;
      const [count, channels, height, width] = images.dims;
      if (typeof height !== 'number' || typeof width !== 'number' || typeof channels !== 'number')
        return unknown;
      const three = channels === 1 ? 3 : channels;
      if (typeof count !== 'number')
        return new TensorValue(
          [three, interpreter.symbols.fresh('H'), interpreter.symbols.fresh('W')],
          images.dtype,
        );
      if (count === 1) return new TensorValue([three, height, width], images.dtype);
      const across = Math.min(rows, count);
      const down = Math.ceil(count / across);
      return new TensorValue(
        [three, (height + padding) * down + padding, (width + padding) * across + padding],
        images.dtype,
      );
    },
    'save_image(tensor, fp)': () => null,
  }),
);

/** `torchvision` and its parts. */
export const torchvisionModules: readonly PyModule[] = [
  libraryModule(
    'torchvision',
    new Map<string, Value>([
      ['datasets', datasets],
      ['transforms', transforms],
      ['models', models],
      ['utils', utilities],
      ['__version__', '0.14'],
    ]),
  ),
  datasets,
  transforms,
  functional,
  models,
  utilities,
];
