/** Sorts nodes and modules by what they are for, so that they can be told apart by colour and icon. */
import type { GraphModule, GraphNode } from './graph';

/** What something in a network is for. */
export const graphKinds = [
  'layer',
  'activation',
  'normalisation',
  'loss',
  'parameter',
  'shape',
  'other',
] as const;

/** What something in a network is for. */
export type GraphKind = (typeof graphKinds)[number];

const nodeKinds: readonly (readonly [RegExp, GraphKind])[] = [
  [/^AccumulateGrad$/, 'parameter'],
  // ONNX's names, which have no ending.
  [/^(Gemm|MatMul|LSTM|GRU|RNN)$/, 'layer'],
  [/Normalization$/, 'normalisation'],
  [/^(Reshape|Flatten|Transpose|Squeeze|Unsqueeze|Identity|Cast|Shape|Slice|Concat|Constant)$/, 'shape'],
  [/(Nll|Mse|SmoothL1|Huber|KlDiv|CrossEntropy|Hinge|Embedding)Loss|^L1Loss/, 'loss'],
  [/^(Native|Cudnn|Miopen)?(Batch|Layer|Group|Instance)Norm/, 'normalisation'],
  [/^(Addmm|Mm|Bmm|Baddbmm|Addmv|Mv|Dot|Matmul|Linear|Embedding|(Mkldnn|Cudnn|Slow|Thnn)?Conv)/, 'layer'],
  [
    /^(Re|Ge|Se|Ce|E|Pre|LeakyRe|RRe)lu|^(Relu|Gelu|Silu|Mish|Sigmoid|LogSigmoid|Tanh|Softplus|Hard|LogSoftmax|Softmax)/i,
    'activation',
  ],
  [
    /^(T|View|UnsafeView|Reshape|ReshapeAlias|Transpose|Permute|Expand|Squeeze|Unsqueeze|AsStrided|Clone|Slice|Select)Backward/,
    'shape',
  ],
];

/** What the operation of a node is for, by PyTorch's name of the node. */
export function kindOfNode({ name }: Pick<GraphNode, 'name'>): GraphKind {
  return nodeKinds.find(([pattern]) => pattern.test(name))?.[1] ?? 'other';
}

const moduleKinds: readonly (readonly [RegExp, GraphKind])[] = [
  [/Loss$/, 'loss'],
  [/(Batch|Layer|Group|Instance|RMS)Norm|^LocalResponseNorm$/, 'normalisation'],
  [/^(Lazy)?(Linear|Bilinear|Conv|Embedding|RNN|LSTM|GRU|MultiheadAttention)/, 'layer'],
  [
    /(ReLU\d?|ELU|CELU|SELU|GELU|SiLU|Mish|Sigmoid|Tanh|Softmax|Softmin|Softplus|Softsign|GLU|Threshold|[a-z]shrink)(\d?d)?$/,
    'activation',
  ],
  [/^(Flatten|Unflatten|Identity)$/, 'shape'],
];

/** What a module is for, by PyTorch's name of its kind. */
export function kindOfModule({ kind }: Pick<GraphModule, 'kind'>): GraphKind {
  return moduleKinds.find(([pattern]) => pattern.test(kind))?.[1] ?? 'other';
}

/** The shape of a tensor; nothing where it is not known. */
export function metaText({
  shape,
  dtype,
}: {
  readonly shape: readonly number[];
  readonly dtype: string;
}): string {
  return dtype === '' ? '' : shapeText(shape);
}

/** A shape as it is read: `64×256`, and `scalar` for a single number. */
export function shapeText(shape: readonly number[]): string {
  return shape.length === 0 ? 'scalar' : shape.join('×');
}
