/** Checks what comes over a wire as the content of a checkpoint. */
import * as z from 'zod/mini';
import type { CheckpointContent, CheckpointValue } from './checkpoint';
import type { Schema } from './endpoint';

const count = z.int().check(z.nonnegative());
const text = z.string();
/** Pairs of a name and a text. */
const pairs = z.array(z.tuple([text, text]));

/** A tensor of a file. */
export const checkpointTensorSchema = z.object({
  name: text,
  path: z.array(text),
  dtype: text,
  shape: z.array(count),
  elements: count,
  bytes: count,
  role: z.enum(['parameter', 'buffer', 'optimizer']),
  storage: z.exactOptional(text),
  strides: z.exactOptional(z.array(z.int())),
  quantization: z.exactOptional(
    z.object({
      scheme: text,
      scales: z.array(z.number()),
      zeroPoints: z.array(z.number()),
      axis: z.exactOptional(count),
    }),
  ),
  problem: z.exactOptional(text),
});

const value: z.ZodMiniType<CheckpointValue> = z.lazy(() =>
  z.object({
    key: text,
    type: text,
    text: z.exactOptional(text),
    tensor: z.exactOptional(z.literal(true)),
    children: z.exactOptional(z.array(value)),
    more: z.exactOptional(count),
  }),
);

const graphValues = z.array(
  z.object({ name: text, dtype: text, shape: z.array(z.union([z.number(), text])) }),
);

/** The content of a checkpoint. */
export const checkpointContentSchema: Schema<CheckpointContent> = z.object({
  format: z.enum(['torch-zip', 'torch-legacy', 'torchscript', 'pickle', 'safetensors', 'onnx', 'npy', 'npz']),
  writer: text,
  size: count,
  metadata: pairs,
  tensors: z.array(checkpointTensorSchema),
  parameters: count,
  imports: z.array(text),
  warnings: z.array(text),
  structure: z.exactOptional(value),
  modules: z.exactOptional(z.array(z.object({ path: z.array(text), className: text, settings: pairs }))),
  graph: z.exactOptional(
    z.object({
      name: text,
      inputs: graphValues,
      outputs: graphValues,
      nodes: z.array(
        z.object({
          name: text,
          operator: text,
          inputs: z.array(text),
          outputs: z.array(text),
          attributes: pairs,
        }),
      ),
    }),
  ),
  texts: z.exactOptional(z.array(z.object({ name: text, bytes: count }))),
});
