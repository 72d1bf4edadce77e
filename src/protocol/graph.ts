/**
 * The graph of a run as data: `graph.json` in the run's folder, and what pages draw. It is read from the run itself,
 * by walking `grad_fn` links from the loss to the leaves.
 */
import * as z from 'zod/mini';

const count = z.int().check(z.nonnegative());

/** Without a dtype nothing is known: the graphs of files do not always say what flows. */
const meta = z.object({ shape: z.array(count), dtype: z.string() });

/** Shape and dtype of a tensor, such as `[64, 256]` and `float32`. */
export type TensorMeta = z.infer<typeof meta>;

const graphNode = z.object({
  /** PyTorch's name, such as `AddmmBackward0`. */
  name: z.string(),
  /** What the forward operation gave. */
  output: meta,
  /** The path of the module whose work this is, such as `classifier.0`; '' for the network itself; null for the loss. */
  module: z.nullable(z.string()),
  /** `next_functions`: for each input the number of the node it comes from; null where no gradient flows. */
  next: z.array(z.nullable(count)),
  /** Shape and dtype of each of these inputs. */
  inputs: z.array(z.nullable(meta)),
  /** What is kept for the backward pass. */
  saved: z.array(z.object({ name: z.string(), meta })),
  /** The parameter of an `AccumulateGrad`, such as `fc1.weight`. */
  parameter: z.nullable(z.string()),
  /** What the forward operation computes, in a line; null where nothing is known. */
  formula: z.nullable(z.string()),
});

/** A node of the graph. Its number is its place in the list. */
export type GraphNode = z.infer<typeof graphNode>;

const graphModule = z.object({
  /** Such as `classifier.0`; '' for the network itself. */
  path: z.string(),
  /** PyTorch's name of the kind, such as `Linear`. */
  kind: z.string(),
  /** What PyTorch prints in the parentheses, such as `in_features=784, out_features=256, bias=True`. */
  description: z.string(),
  /** How many numbers it learns, sub-modules included. */
  parameters: count,
  /** Where it is made, for one of a Python file: the path of the file, and the line from 1. */
  source: z.optional(z.object({ file: z.string(), line: z.int() })),
});

/** A module of the network. */
export type GraphModule = z.infer<typeof graphModule>;

const graphInput = z.object({
  /** Such as `images`. */
  name: z.string(),
  meta,
  /** The nodes that are given it as it is or made into something else on the way, but by nothing that learns. */
  into: z.array(
    z.object({
      node: count,
      /** Which of the node's inputs it is; null where the node has no link for it, such as the loss for labels. */
      input: z.nullable(count),
    }),
  ),
});

/** What the model or its loss is given. */
export type GraphInput = z.infer<typeof graphInput>;

/** A whole graph. */
export const graphSchema = z.object({
  format: z.literal(1),
  /** Such as `mnist-mlp 784-256-10`. */
  model: z.string(),
  /** Empty where the graph is of a file, which runs nowhere. */
  device: z.string(),
  /** Depth first from the loss, which is the first, in the order of `next_functions`. */
  nodes: z.array(graphNode),
  /** The network and everything in it, each module before its sub-modules. */
  modules: z.array(graphModule),
  /** What the model and its loss are given; older runs have not written it. */
  inputs: z.optional(z.array(graphInput)),
});

/** A whole graph. */
export type Graph = z.infer<typeof graphSchema>;
