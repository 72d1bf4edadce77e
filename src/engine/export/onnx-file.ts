/** The `.onnx` file around a network that is written for others: who made it, by which version of ONNX, and for what. */
import { encodeModel, type GraphProto } from '../runtime/onnx/proto';

/** What a file says beside the network. */
export interface OnnxExport {
  /** The shape of one sample: `[1, 28, 28]`. */
  readonly sample: readonly number[];
  readonly producerVersion?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** The version of the operators, and of the file around them. */
export interface OnnxVersion {
  readonly opset: number;
  readonly irVersion: number;
}

/** The bytes of the file. */
export function onnxFile(
  { opset, irVersion }: OnnxVersion,
  { producerVersion, metadata = {} }: Omit<OnnxExport, 'sample'>,
  graph: Omit<GraphProto, 'name'>,
): Uint8Array {
  return encodeModel({
    irVersion,
    producerName: 'descent',
    ...(producerVersion !== undefined && { producerVersion }),
    opsetImport: [{ domain: '', version: opset }],
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    graph: { name: 'network', ...graph },
  });
}
