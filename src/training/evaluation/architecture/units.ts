/** The weights in a file, put together to the layers that they belong to. */
import type { Tensor } from '../../../engine';

/** Numbers for height and width. */
export type Pair = readonly [number, number];

/** What a file says of a convolution beside its weights; only whole modules do. */
export interface ConvolutionFacts {
  readonly stride: Pair;
  readonly padding: Pair;
}

interface Named {
  /** What its tensors' names begin with, such as `fc1`. */
  readonly name: string;
  /** Its tensors by what their names end with. */
  readonly tensors: ReadonlyMap<string, Tensor>;
}

/** A fully connected layer: a weight [out, in] and perhaps a bias [out]. */
export interface LinearUnit extends Named {
  readonly kind: 'linear';
  readonly inputs: number;
  readonly outputs: number;
}

/** A convolution of images: a weight [out, in, height, width] and perhaps a bias [out]. */
export interface ConvolutionUnit extends Named {
  readonly kind: 'conv';
  readonly inputs: number;
  readonly outputs: number;
  readonly kernel: Pair;
  readonly facts: ConvolutionFacts | undefined;
}

/** A BatchNorm with running statistics, with or without weight and bias. */
export interface NormUnit extends Named {
  readonly kind: 'norm';
  readonly size: number;
}

/** A layer that has weights. */
export type Unit = LinearUnit | ConvolutionUnit | NormUnit;

/** The weights of a file by name, and what else it says. */
export interface FileWeights {
  readonly tensors: ReadonlyMap<string, Tensor>;
  /** Of convolutions by name. */
  readonly convolutions: ReadonlyMap<string, ConvolutionFacts>;
}

/** Tensors by name as an error lists them, cut where there are many. */
export function listed(tensors: ReadonlyMap<string, Tensor>): string {
  const names = [...tensors].map(([name, { shape }]) => `${name} [${shape.join(', ')}]`);
  if (names.length === 0) return 'no tensors';
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}

function isVector(tensor: Tensor | undefined, length: number): boolean {
  return tensor !== undefined && tensor.ndim === 1 && tensor.shape[0] === length;
}

/** Whether these are all tensors that there are. */
function only(tensors: ReadonlyMap<string, Tensor>, ...names: readonly string[]): boolean {
  return [...tensors.keys()].every(name => names.includes(name));
}

function normOf(name: string, tensors: ReadonlyMap<string, Tensor>): NormUnit | undefined {
  const size = tensors.get('running_mean')?.shape[0] ?? 0;
  const vectors = ['running_mean', 'running_var', 'weight', 'bias'];
  const fits = vectors.every(each => !tensors.has(each) || isVector(tensors.get(each), size));
  const whole = tensors.has('running_var') && tensors.has('weight') === tensors.has('bias');
  if (!fits || !whole || !only(tensors, ...vectors, 'num_batches_tracked')) return undefined;
  return { kind: 'norm', name, tensors, size };
}

function unitOf(
  name: string,
  tensors: ReadonlyMap<string, Tensor>,
  facts: ConvolutionFacts | undefined,
): Unit | undefined {
  if (tensors.has('running_mean')) return normOf(name, tensors);
  const weight = tensors.get('weight');
  const [outputs = 0, inputs = 0, height = 1, width = 1] = weight?.shape ?? [];
  const biased = !tensors.has('bias') || isVector(tensors.get('bias'), outputs);
  if (weight === undefined || !biased || !only(tensors, 'weight', 'bias')) return undefined;
  if (weight.ndim === 2) return { kind: 'linear', name, tensors, inputs, outputs };
  if (weight.ndim === 4)
    return { kind: 'conv', name, tensors, inputs, outputs, kernel: [height, width], facts };
  return undefined;
}

/** The layers in the order of the file; undefined where there are tensors of other kinds of layers. */
export function unitsOf({ tensors, convolutions }: FileWeights): Unit[] | undefined {
  const groups = new Map<string, Map<string, Tensor>>();
  for (const [path, tensor] of tensors) {
    const dot = path.lastIndexOf('.');
    const [name, part] = [path.slice(0, Math.max(0, dot)), path.slice(dot + 1)];
    const group = groups.get(name) ?? new Map<string, Tensor>();
    groups.set(name, group.set(part, tensor));
  }
  const units = [...groups].map(([name, group]) => unitOf(name, group, convolutions.get(name)));
  return units.every(unit => unit !== undefined) ? units : undefined;
}

/** The last number in a name: `2` of `features.bn2`; a name without one comes last. */
function numberIn(name: string): number {
  return Number(/\d+(?=\D*$)/.exec(name)?.[0] ?? Number.MAX_SAFE_INTEGER);
}

/**
 * The layers as their names count them: convolutions, then fully connected ones, each with the BatchNorm of the same
 * number behind it. Formats that sort tensors by name leave nothing else to go by.
 */
export function inOrderOfNames(units: readonly Unit[]): Unit[] {
  const byNumber = (a: Unit, b: Unit) => numberIn(a.name) - numberIn(b.name);
  const norms = units.filter(unit => unit.kind === 'norm').sort(byNumber);
  const layers = (['conv', 'linear'] as const).flatMap(kind =>
    units.filter(unit => unit.kind === kind).sort(byNumber),
  );
  const ordered = layers.flatMap((unit): Unit[] => {
    const at = norms.findIndex(
      norm =>
        unit.kind !== 'norm' && norm.size === unit.outputs && numberIn(norm.name) === numberIn(unit.name),
    );
    return at < 0 ? [unit] : [unit, ...norms.splice(at, 1)];
  });
  return [...ordered, ...norms];
}
