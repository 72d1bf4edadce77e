/** Rows of a table by their numbers: how words become vectors. */
import { noGrad } from '../../autograd/grad-mode';
import { EngineError, IndexError } from '../../errors';
import type { Tensor } from '../../tensor';
import { apply } from '../apply';
import { ones, zeros } from '../creation/creation';
import { checkIndex, checkRange, place, scattered } from '../indexing/gather';
import { build } from '../kernels';
import { defineOp } from '../op';
import { where } from '../pointwise/selection';
import { normBy } from '../reductions/vector-norm';
import { defineSignatures } from '../signatures';

/** `padding` is −1 where no row is one. */
type Embedding = { padding: number; byFrequency: boolean };

/** The gradients of the rows that were taken, each where it belongs. */
function tableGradient(grad: Tensor, indices: Tensor, rows: number, settings: Embedding): Tensor {
  const width = grad.size(-1);
  const list = indices.reshape([-1]).long();
  const count = list.numel();
  const column = list.unsqueeze(1);
  let parts = grad.reshape([count, width]);
  if (settings.padding >= 0) parts = parts.maskedFill(column.eq(settings.padding), 0);
  if (settings.byFrequency) {
    const { dtype, device } = grad;
    const frequency = zeros([rows], { dtype, device }).scatterAdd(0, list, ones([count], { dtype, device }));
    parts = parts.div(frequency.indexSelect(0, list).unsqueeze(1));
  }
  return scattered(parts, 0, column.expand([count, width]), [rows, width]);
}

const embeddingOp = defineOp<Embedding>({
  name: 'embedding',
  formula: 'rows of a table',
  infer: ([table, indices]) => ({
    shape: [...(indices?.shape ?? []), table?.shape[1] ?? 0],
    dtype: table?.dtype ?? 'float32',
  }),
  gradient: {
    name: 'EmbeddingBackward0',
    edges: [0],
    saves: () => ({ inputs: [1] }),
    backward: (grad, { attributes, input, inputMeta: [table] }) => [
      tableGradient(grad, input(1), table?.shape[0] ?? 0, attributes),
    ],
  },
  lower: (graph, { inputs }) =>
    graph.node(
      'Gather',
      inputs.map(input => graph.value(input)),
      { axis: 0 },
    ),
  kernel: ([table, indices], _, output) =>
    build(output, index => {
      if (table === undefined || indices === undefined) return 0;
      const [rows = 0, width = 0] = table.shape;
      const position = index.slice(0, -1).reduce((sum, i, dim) => sum * (indices.shape[dim] ?? 1) + i, 0);
      const row = place(indices.data[position] ?? 0, rows);
      return table.data[row * width + (index.at(-1) ?? 0)] ?? 0;
    }),
});

/** Options of {@link embedding}. */
export interface EmbeddingOptions {
  /** The row that gets no gradient; negative ones count from the end. */
  readonly paddingIdx?: number | null;
  /** Rows that are taken and whose norm is larger are shortened to it, in place. */
  readonly maxNorm?: number | null;
  /** The order of that norm. */
  readonly normType?: number;
  /** Divides the gradient of a row by how often it was taken. */
  readonly scaleGradByFreq?: boolean;
  /** For PyTorch's calls: gradients are always dense. */
  readonly sparse?: boolean;
}

/** Shortens the rows that `indices` name to a norm. */
function shorten(weight: Tensor, indices: Tensor, maxNorm: number, p: number): void {
  noGrad(() => {
    const { dtype, device } = weight;
    const list = indices.reshape([-1]).long();
    const taken = zeros([weight.size(0)], { dtype, device })
      .scatterAdd(0, list, ones([list.numel()], { dtype, device }))
      .gt(0);
    const norms = normBy(weight, { p, dim: 1, node: '', name: 'embedding_renorm_' });
    const factor = where(taken.logicalAnd(norms.gt(maxNorm)), norms.add(1e-7).reciprocal().mul(maxNorm), 1);
    weight.copy_(weight.mul(factor.unsqueeze(1).to(dtype)));
  });
}

/**
 * The rows of `weight` [num_embeddings, embedding_dim] that `input` names: [*] → [*, embedding_dim].
 * @param input whole numbers
 */
export function embedding(input: Tensor, weight: Tensor, options: EmbeddingOptions = {}): Tensor {
  const { paddingIdx, maxNorm, normType = 2, scaleGradByFreq = false } = options;
  checkIndex('embedding', input);
  if (weight.ndim !== 2) throw new EngineError("'weight' must be 2-D");
  const rows = weight.size(0);
  if (paddingIdx != null && !(paddingIdx >= -rows && paddingIdx < rows)) {
    throw new EngineError(`Padding_idx must be within num_embeddings, but got ${paddingIdx} of ${rows}`);
  }
  checkRange(input, 0, rows, () => new IndexError('index out of range in self'));
  if (maxNorm != null) shorten(weight, input, maxNorm, normType);
  const padding = paddingIdx == null ? -1 : paddingIdx < 0 ? paddingIdx + rows : paddingIdx;
  return apply(embeddingOp, [weight, input], { padding, byFrequency: scaleGradByFreq });
}

defineSignatures(`
  embedding(input, weight)
`);
