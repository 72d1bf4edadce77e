/** `.onnx` files, opened without reading their tensors: the graph, and the tensors that come with it. */
import type { GraphValue } from '../../protocol/checkpoint';
import type { OpenedContent } from '../checkpoint-file';
import { Budget, CheckpointError } from '../errors';
import { type FlatTensor, flatTensors } from '../flat-tensors';
import { freeTensorNames } from '../free-names';
import type { ByteSource } from '../source/byte-source';
import type { StoredTensor } from '../stored';
import { type GraphProto, readGraph } from './graph-proto';
import { elementsOf, readEntry, readTensorProto, type TensorProto } from './tensor-proto';
import { type Part, signed, Wire } from './wire';

/** How many fields a file may have: a large model has a hundred thousand. */
const maxFields = 4_000_000;

function wireOf(source: ByteSource): Wire {
  return new Wire(source, new Budget(maxFields, 'has far more parts than a model can need'));
}

interface Model {
  readonly graph: GraphProto;
  readonly producer: string;
  readonly metadata: readonly (readonly [string, string])[];
}

/** Opens a model. */
export function openOnnx(source: ByteSource): OpenedContent {
  const wire = wireOf(source);
  const { graph, producer, metadata } = readModel(wire, { start: 0, length: source.size });
  const { name, nodes, outputs, initializers, constants } = graph;
  const tensors = [
    ...initializers.map(tensor => toFlat(wire, source, tensor.name, tensor)),
    ...constants.map(([value, tensor]) => ({
      ...toFlat(wire, source, value, tensor),
      role: 'buffer' as const,
    })),
  ];
  const unique = distinct(tensors);
  const given = new Set(unique.map(tensor => tensor.name));
  const problems = unique.flatMap(tensor =>
    tensor.problem === undefined ? [] : [`${tensor.name}: ${tensor.problem}`],
  );
  // Old models list their weights among the inputs, too.
  const inputs: GraphValue[] = graph.inputs.filter(input => !given.has(input.name));
  return {
    format: 'onnx',
    writer: producer,
    metadata,
    imports: [],
    warnings: problems,
    graph: { name, inputs, outputs, nodes },
    ...flatTensors(unique),
  };
}

/** The tensor in a file that holds one and nothing else, such as the test data of models. */
export function readTensorFile(source: ByteSource): StoredTensor & { readonly name: string } {
  const wire = wireOf(source);
  const tensor = readTensorProto(wire, { start: 0, length: source.size });
  const flat = flatTensors([toFlat(wire, source, tensor.name, tensor)]);
  const [described] = flat.tensors;
  if (described === undefined) throw new CheckpointError('has no tensor');
  const { dtype, shape, data } = flat.elements(described);
  return { name: tensor.name, dtype, shape, data };
}

function toFlat(wire: Wire, source: ByteSource, name: string, tensor: TensorProto): FlatTensor {
  const elements = elementsOf(wire, source, tensor);
  // Sizes and indices, which no model learns.
  const role = elements.type.name === 'int64' ? ('buffer' as const) : undefined;
  return { name, shape: tensor.shape, ...(role && { role }), ...elements };
}

/** Names that a file has twice get a number. */
function distinct(tensors: readonly FlatTensor[]): FlatTensor[] {
  const names = freeTensorNames();
  return tensors.map(tensor => ({ ...tensor, name: names.take(tensor.name) }));
}

function readModel(wire: Wire, part: Part): Model {
  const metadata: [string, string][] = [];
  let graph: GraphProto | undefined;
  const operatorSets: string[] = [];
  let [producer, version] = ['', ''];
  for (const field of wire.read(part)) {
    if (field.id === 1) metadata.push(['IR version', String(signed(field.int))]);
    else if (field.id === 2) producer = wire.text(field.part);
    else if (field.id === 3) version = wire.text(field.part);
    else if (field.id === 4) metadata.push(['domain', wire.text(field.part)]);
    else if (field.id === 5) metadata.push(['model version', String(signed(field.int))]);
    else if (field.id === 6) metadata.push(['description', wire.text(field.part)]);
    else if (field.id === 7) graph = readGraph(wire, field.part);
    else if (field.id === 8) operatorSets.push(readOperatorSet(wire, field.part));
    else if (field.id === 14) metadata.push(readEntry(wire, field.part));
  }
  if (graph === undefined) throw new CheckpointError('is a damaged ONNX file: it has no graph');
  metadata.push(['operator sets', operatorSets.join(', ')]);
  return {
    graph,
    producer: [producer, version].filter(text => text !== '').join(' ') || 'unknown',
    metadata: metadata.filter(([, value]) => value !== ''),
  };
}

function readOperatorSet(wire: Wire, part: Part): string {
  let [domain, version] = ['', ''];
  for (const field of wire.read(part)) {
    if (field.id === 1) domain = wire.text(field.part);
    else if (field.id === 2) version = String(signed(field.int));
  }
  return `${domain === '' ? 'ai.onnx' : domain} ${version}`;
}
