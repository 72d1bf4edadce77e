/** Networks in the forms of others. */
export type { OnnxExport } from './onnx-file';
export { toOnnx, type WritesOnnx } from './onnx-model';
export type { OnnxWriter, Value } from './onnx-writer';
export { type PythonExport, toPython, type WritesPython } from './python-source';
export { toTracedOnnx } from './traced-onnx';
