/** ONNX Runtime sessions: how they are created for a device, and moving numbers in and out of them. */
import * as ort from 'onnxruntime-node';
import type { Device } from '../../device';
import type { DType, TypedArray } from '../../dtype';
import { EngineError } from '../../errors';
import type { Shape } from '../../shape';

// Unless this is set before the first session, ONNX Runtime on Linux and macOS reports sessions to its maker over the
// network, and keeps an identifier of the machine in the user's cache folder. Child processes inherit it. On Windows
// it has no effect: there ONNX Runtime writes events for the system to collect, if the user lets it.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

/** Settings of the runtime. */
export interface RuntimeOptions {
  /** How many threads an operation may use on the CPU. */
  threads: number;
}

/** What sessions are created with from now on. */
export const runtimeOptions: RuntimeOptions = { threads: 2 };

/** Opens a model, or the file of one, on a device. Fails with one sentence where the device is not there. */
export async function createSession(
  model: Uint8Array | string,
  device: Device,
  options: ort.InferenceSession.SessionOptions = {},
): Promise<ort.InferenceSession> {
  const settings = {
    executionProviders: [device],
    intraOpNumThreads: runtimeOptions.threads,
    logSeverityLevel: 4 as const,
    // Each session has threads of its own, which would spin on for tens of milliseconds after a run and take the
    // cores from the next session's.
    extra: { session: { force_spinning_stop: '1' } },
    ...options,
  };
  try {
    return typeof model === 'string'
      ? await ort.InferenceSession.create(model, settings)
      : await ort.InferenceSession.create(model, settings);
  } catch (error) {
    if (device === 'cpu') throw error;
    throw new DeviceUnavailableError(device, error);
  }
}

/** There is no driver for a device, or it refused the model. */
export class DeviceUnavailableError extends EngineError {
  override name = 'DeviceUnavailableError';

  constructor(device: Device, cause: unknown) {
    super(`the device '${device}' cannot be used here: ${reasonOf(cause)}`, { cause });
  }
}

/** What ONNX Runtime's message comes to; the whole of it, with places in its source, stays in `cause`. */
function reasonOf(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/adapter|vulkan|d3d12|metal/i.test(message)) {
    return 'no graphics driver that WebGPU accepts was found (update the driver, or use --device cpu)';
  }
  return message.split('\n')[0] ?? message;
}

/** Wraps numbers for ONNX Runtime without copying them. */
export function toOrt(data: TypedArray, dtype: DType, shape: Shape): ort.Tensor {
  return new ort.Tensor(dtype, data, [...shape]);
}

/** The numbers of a result that lies in the host's memory. */
export function fromOrt(tensor: ort.Tensor | undefined, dtype: DType): TypedArray {
  if (tensor === undefined) throw new Error('ONNX Runtime left an output out');
  if (tensor.type !== dtype) throw new Error(`ONNX Runtime gave ${tensor.type} where ${dtype} was expected`);
  const { data } = tensor;
  if (data instanceof Uint8Array || data instanceof Float32Array || data instanceof BigInt64Array)
    return data;
  if (data instanceof Int32Array || data instanceof Float64Array) return data;
  throw new Error(`ONNX Runtime gave ${tensor.type} in an unknown kind of array`);
}

/** The version of ONNX Runtime. */
export const runtimeVersion = ort.env.versions.node ?? 'unknown';
