/**
 * A network of which only its `forward` is known, as an `.onnx` file: what it computes of one sample is written down as
 * the engine runs it, with the weights under their names in the `state_dict`.
 */
import { noGrad } from '../autograd/grad-mode';
import { Expr } from '../expr';
import type { Module } from '../nn/module/module';
import { collect, countUses } from '../runtime/graph';
import { compute } from '../runtime/numbers';
import { GraphBuilder } from '../runtime/onnx/graph-builder';
import { lowerSteps, nameOutputs, valueInfo } from '../runtime/onnx/lowering';
import type { TensorProto } from '../runtime/onnx/proto';
import { onnxType } from '../runtime/onnx/types';
import { trace } from '../runtime/trace';
import { Tensor } from '../tensor';
import { type OnnxExport, onnxFile } from './onnx-file';

const version = { opset: 21, irVersion: 10 };

/** The bytes of the model in evaluation mode: `images` [1, …sample] in, `scores` [1, …] out, both float32. */
export async function toTracedOnnx(network: Module, { sample, ...about }: OnnxExport): Promise<Uint8Array> {
  const { training } = network;
  const images = Expr.placeholder({ shape: [1, ...sample], dtype: 'float32' }, 'cpu');
  network.eval();
  try {
    await compute(...network.stateDict().values());
    const { result } = trace(() => noGrad(() => network.call(Tensor.fromExpr(images))));
    const graph = collect([result.expr], new Set([images]));
    const builder = new GraphBuilder('cpu', countUses(graph));
    const names = new Map([...network.stateDict()].map(([name, { expr }]) => [expr, name]));
    const initializer: TensorProto[] = [];
    for (const [i, input] of graph.inputs.entries()) {
      const name = input === images ? 'images' : (names.get(input) ?? `constant${i}`);
      builder.bind(input, name);
      if (input !== images) initializer.push(await initializerOf(name, input));
    }
    lowerSteps(builder, graph.steps);
    const [last = ''] = nameOutputs(builder, graph.outputs);
    const scores = builder.copy(last);
    const { nodes, constants } = builder.finish([scores]);
    return onnxFile(version, about, {
      node: nodes.map(node => ({
        ...node,
        output: node.output.map(name => (name === scores ? 'scores' : name)),
      })),
      initializer: [...initializer, ...constants],
      input: [valueInfo('images', images)],
      output: [valueInfo('scores', result.expr)],
    });
  } finally {
    network.train(training);
  }
}

async function initializerOf(name: string, expr: Expr): Promise<TensorProto> {
  const data = await Tensor.fromExpr(expr).data();
  const rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return { name, dims: [...expr.shape], dataType: onnxType[expr.dtype], rawData };
}
