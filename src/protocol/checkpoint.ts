/**
 * What is in a checkpoint, whatever its format: plain data, so that it can go to a page. Reading it has cost no
 * tensor: those are described here by where they lie and what they are, and read one by one.
 */

/** How a file is put together. `torch-legacy` is what PyTorch wrote before 1.6. */
export type CheckpointFormat =
  | 'torch-zip'
  | 'torch-legacy'
  | 'torchscript'
  | 'pickle'
  | 'safetensors'
  | 'onnx'
  | 'npy'
  | 'npz';

/** What a tensor is there for, as far as the file tells. */
export type TensorRole = 'parameter' | 'buffer' | 'optimizer';

/** How the integers of a quantized tensor stand for numbers: (integer − zero point) × scale. */
export interface Quantization {
  /** PyTorch's name: `per_tensor_affine` or `per_channel_affine`. */
  readonly scheme: string;
  /** One for all, or one for each index of `axis`. */
  readonly scales: readonly number[];
  readonly zeroPoints: readonly number[];
  readonly axis?: number;
}

/** A tensor of a file. */
export interface CheckpointTensor {
  /** Tells it from all others of the file: `fc1.weight`; `optimizer/state/0/exp_avg` within nested dicts. */
  readonly name: string;
  /** The name in steps, for a tree: `['fc1', 'weight']`. */
  readonly path: readonly string[];
  /** The element type in the file, by PyTorch's name: `bfloat16`. */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** How many elements it has. */
  readonly elements: number;
  /** How many bytes its elements take. */
  readonly bytes: number;
  readonly role: TensorRole;
  /** Tells which tensors lie in the same storage; undefined where the format has no sharing. */
  readonly storage?: string;
  /** PyTorch's strides, in elements, where they are not those of row-major order without gaps. */
  readonly strides?: readonly number[];
  readonly quantization?: Quantization;
  /** Why its elements cannot be read. */
  readonly problem?: string;
}

/** A module of a model that was saved as a whole, by its path: `layer1.0`; the model itself has an empty one. */
export interface CheckpointModule {
  readonly path: readonly string[];
  /** The Python class: `torch.nn.modules.conv.Conv2d`. */
  readonly className: string;
  /** Attributes that are plain values, in Python's spelling: `['kernel_size', '(5, 5)']`. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** A value of a file, as it is nested. */
export interface CheckpointValue {
  /** The key of the dict, index of the list, or attribute of the object that it is in; empty for the whole. */
  readonly key: string;
  /** Python's name of the type, `dict`, or that of the class: `torch.nn.modules.conv.Conv2d`. */
  readonly type: string;
  /** A plain value in Python's spelling, cut where it is long; for a tensor, its name among the tensors. */
  readonly text?: string;
  /** True for a tensor. */
  readonly tensor?: true;
  /** What is inside, of what has an inside. */
  readonly children?: readonly CheckpointValue[];
  /** How many more there are than `children` has. */
  readonly more?: number;
}

/** What goes into a graph or comes out of it; a dimension is a size, or the name of one that is left open. */
export interface GraphValue {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string)[];
}

/** An operation of a graph. */
export interface GraphNode {
  readonly name: string;
  /** `Conv`, or with its domain, where that is not ONNX's own: `com.microsoft.FusedConv`. */
  readonly operator: string;
  /** Names of values; empty for an input that is left out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: readonly (readonly [name: string, value: string])[];
}

/** The graph of a model that the file defines. */
export interface CheckpointGraph {
  readonly name: string;
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly nodes: readonly GraphNode[];
}

/** A text in the file, such as the code of a TorchScript archive. */
export interface CheckpointText {
  readonly name: string;
  readonly bytes: number;
}

/** All that is known of a file without reading its tensors. */
export interface CheckpointContent {
  readonly format: CheckpointFormat;
  /** Who wrote it, and which version of the format it is, as far as it says so. */
  readonly writer: string;
  /** Size of the file in bytes. */
  readonly size: number;
  readonly metadata: readonly (readonly [name: string, value: string])[];
  /** In the order of the file. */
  readonly tensors: readonly CheckpointTensor[];
  /** Elements of the model's parameters: all tensors but buffers and those of optimizers. */
  readonly parameters: number;
  /** Classes and functions beyond PyTorch's data that opening it in Python would import: `os.system`. */
  readonly imports: readonly string[];
  /** What a person should know, a sentence each. */
  readonly warnings: readonly string[];
  /** What it is nested of; undefined for formats that know tensors only. */
  readonly structure?: CheckpointValue;
  readonly modules?: readonly CheckpointModule[];
  readonly graph?: CheckpointGraph;
  readonly texts?: readonly CheckpointText[];
}
