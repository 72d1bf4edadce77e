/**
 * A network as an `.onnx` file for others: the operators that people know, weights under their names in the
 * `state_dict`, and a batch of any size. (What the engine itself runs is lowered from expressions, for one size.)
 */
import { noGrad } from '../autograd/grad-mode';
import { EngineError } from '../errors';
import type { NDArray } from '../ndarray';
import { Sequential } from '../nn/containers/sequential';
import type { AnyModule } from '../nn/module/any-module';
import { Module } from '../nn/module/module';
import { zeros } from '../ops/creation/creation';
import { compute } from '../runtime/numbers';
import type { ValueInfo } from '../runtime/onnx/proto';
import { onnxType } from '../runtime/onnx/types';
import { Tensor } from '../tensor';
import { type OnnxExport, onnxFile } from './onnx-file';
import { writeLayer } from './onnx-layers';
import { OnnxWriter, type Value } from './onnx-writer';

/** Old enough for most readers, new enough for LayerNormalization. */
const version = { opset: 17, irVersion: 8 };

/** A module that is no sequence of layers, and writes itself down. */
export interface WritesOnnx {
  /** Adds its nodes and gives the name of its output. */
  writeOnnx(graph: OnnxWriter, input: Value, path: string): string;
}

/**
 * The bytes of the model in evaluation mode: `images` [batch, …sample] in, `scores` [batch, …] out, both float32.
 * @throws EngineError that names a layer which has no counterpart
 */
export async function toOnnx(network: Module, { sample, ...about }: OnnxExport): Promise<Uint8Array> {
  const graph = new OnnxWriter(await weightsOf(network));
  const { training } = network;
  network.eval();
  try {
    // Shapes only: nothing is computed of it.
    const input = zeros([2, ...sample]);
    const output = noGrad(() => write(network, input, 'images', '', graph));
    graph.finish(output.name, 'scores');
    return onnxFile(version, about, {
      node: graph.nodes,
      initializer: graph.initializers,
      input: [valueInfo('images', input.shape)],
      output: [valueInfo('scores', output.tensor.shape)],
    });
  } finally {
    network.train(training);
  }
}

async function weightsOf(network: AnyModule): Promise<Map<string, NDArray>> {
  const state = network.stateDict();
  await compute(...state.values());
  const weights = new Map<string, NDArray>();
  for (const [name, tensor] of state) {
    weights.set(name, { dtype: tensor.dtype, shape: tensor.shape, data: await tensor.data() });
  }
  return weights;
}

interface Written {
  readonly name: string;
  readonly tensor: Tensor;
}

/** Writes a module down and gives what it makes of `tensor`, which is called `name`. */
function write(module: AnyModule, tensor: Tensor, name: string, path: string, graph: OnnxWriter): Written {
  if (module instanceof Sequential) {
    return module
      .namedChildren()
      .reduce<Written>(
        (value, [key, child]) =>
          write(child, value.tensor, value.name, path === '' ? key : `${path}.${key}`, graph),
        { name, tensor },
      );
  }
  if (!(module instanceof Module)) throw new EngineError(`${path}: ${module.kind} cannot be written as ONNX`);
  const output: unknown = module.call(tensor);
  if (!(output instanceof Tensor)) throw new EngineError(`${path}: ${module.kind} cannot be written as ONNX`);
  const input = { name, shape: tensor.shape };
  const made = writesOnnx(module)
    ? module.writeOnnx(graph, input, path)
    : writeLayer(module, graph, { input, path, outputShape: output.shape });
  return { name: made, tensor: output };
}

function writesOnnx(module: AnyModule): module is AnyModule & WritesOnnx {
  return 'writeOnnx' in module && typeof module.writeOnnx === 'function';
}

/** A value whose batch is open. */
function valueInfo(name: string, shape: readonly number[]): ValueInfo {
  const dim = shape.map((size, axis) => (axis === 0 ? { dimParam: 'batch' } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: onnxType.float32, shape: { dim } } } };
}
