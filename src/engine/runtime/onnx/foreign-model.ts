/** A model of somebody else, as it lies in an `.onnx` file: ONNX Runtime runs it, and nothing of it is known here. */
import type { InferenceSession } from 'onnxruntime-node';
import { Tensor as OrtTensor } from 'onnxruntime-node';
import { EngineError } from '../../errors';
import { createSession } from './session';

/** What a model takes or gives. */
export interface ModelValue {
  readonly name: string;
  /** Such as `float32`. */
  readonly dtype: string;
  /** null where a size is left open, as that of a batch mostly is. */
  readonly shape: readonly (number | null)[];
}

/** Numbers that a model is given. */
export interface ModelInput {
  readonly dtype: 'float32' | 'float64' | 'uint8';
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Uint8Array;
}

function valuesOf(metadata: readonly InferenceSession.ValueMetadata[]): ModelValue[] {
  return metadata.map(value => {
    if (!value.isTensor) return { name: value.name, dtype: 'no tensor', shape: [] };
    const shape = value.shape.map(size => (typeof size === 'number' && size > 0 ? size : null));
    return { name: value.name, dtype: value.type, shape };
  });
}

/** The first line of what ONNX Runtime says, without the place in its source. */
function sentence(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n')[0] ?? message).replace(/^.*\.cc:\d+ \S+ /, '');
}

/** A model of somebody else. */
export class ForeignModel {
  readonly inputs: readonly ModelValue[];
  readonly outputs: readonly ModelValue[];

  private constructor(private readonly session: InferenceSession) {
    this.inputs = valuesOf(session.inputMetadata);
    this.outputs = valuesOf(session.outputMetadata);
  }

  /**
   * Opens the file of a model on the CPU; weights that it keeps in files beside it are found there.
   * @throws EngineError with what ONNX Runtime has against it
   */
  static async open(file: string): Promise<ForeignModel> {
    try {
      return new ForeignModel(await createSession(file, 'cpu'));
    } catch (error) {
      throw new EngineError(`ONNX Runtime cannot open the model: ${sentence(error)}`, { cause: error });
    }
  }

  /**
   * What the model gives for an input, as one output; other outputs are not computed.
   * @throws EngineError with what ONNX Runtime says, or where the output is not float32 or float64
   */
  async run(
    input: string,
    { dtype, shape, data }: ModelInput,
    output: string,
  ): Promise<Float32Array | Float64Array> {
    const feeds = { [input]: new OrtTensor(dtype, data, [...shape]) };
    const results = await this.session.run(feeds, [output]).catch((error: unknown) => {
      throw new EngineError(`the model cannot be run: ${sentence(error)}`, { cause: error });
    });
    const found = results[output];
    if (found?.data instanceof Float32Array || found?.data instanceof Float64Array) return found.data;
    throw new EngineError(
      `expected ${output} as floating point numbers, the model gives ${found?.type ?? 'nothing'}`,
    );
  }

  /** Lets go of the session. */
  async release(): Promise<void> {
    await this.session.release();
  }
}
