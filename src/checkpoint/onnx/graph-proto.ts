/** ONNX's graphs: operations, what goes in and comes out, and the tensors they come with. */
import type { GraphNode, GraphValue } from '../../protocol/checkpoint';
import { quote } from '../errors';
import { readTensorProto, type TensorProto, typeName } from './tensor-proto';
import { type Field, type Part, signed, type Wire } from './wire';

/** A graph as it is in the file. */
export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly GraphNode[];
  readonly inputs: readonly GraphValue[];
  readonly outputs: readonly GraphValue[];
  readonly initializers: readonly TensorProto[];
  /** Tensors of `Constant` operations, by the name of their value. */
  readonly constants: readonly (readonly [name: string, tensor: TensorProto])[];
}

/** Reads a `GraphProto`. */
export function readGraph(wire: Wire, part: Part): GraphProto {
  const nodes: GraphNode[] = [];
  const [inputs, outputs]: [GraphValue[], GraphValue[]] = [[], []];
  const initializers: TensorProto[] = [];
  const constants: [string, TensorProto][] = [];
  let name = '';
  for (const field of wire.read(part)) {
    if (field.id === 1) {
      const { node, constant } = readNode(wire, field.part);
      nodes.push(node);
      if (constant !== undefined) constants.push([node.outputs[0] ?? node.name, constant]);
    } else if (field.id === 2) name = wire.text(field.part);
    else if (field.id === 5) initializers.push(readTensorProto(wire, field.part));
    else if (field.id === 11) inputs.push(readValue(wire, field.part));
    else if (field.id === 12) outputs.push(readValue(wire, field.part));
  }
  return { name, nodes, inputs, outputs, initializers, constants };
}

function readNode(
  wire: Wire,
  part: Part,
): { readonly node: GraphNode; readonly constant: TensorProto | undefined } {
  const [inputs, outputs]: [string[], string[]] = [[], []];
  const attributes: [string, string][] = [];
  let [name, type, domain] = ['', '', ''];
  let tensor: TensorProto | undefined;
  for (const field of wire.read(part)) {
    if (field.id === 1) inputs.push(wire.text(field.part));
    else if (field.id === 2) outputs.push(wire.text(field.part));
    else if (field.id === 3) name = wire.text(field.part);
    else if (field.id === 4) type = wire.text(field.part);
    else if (field.id === 7) domain = wire.text(field.part);
    else if (field.id === 5) {
      const attribute = readAttribute(wire, field.part);
      attributes.push([attribute.name, attribute.text]);
      if (attribute.name === 'value') tensor = attribute.tensor;
    }
  }
  const operator = domain === '' || domain === 'ai.onnx' ? type : `${domain}.${type}`;
  return {
    node: { name, operator, inputs, outputs, attributes },
    constant: operator === 'Constant' ? tensor : undefined,
  };
}

/** How many numbers of a list are shown. */
const shownItems = 32;

interface Attribute {
  readonly name: string;
  readonly text: string;
  readonly tensor: TensorProto | undefined;
}

function readAttribute(wire: Wire, part: Part): Attribute {
  const items: string[] = [];
  let [name, single, tensor]: [string, string | undefined, TensorProto | undefined] = [
    '',
    undefined,
    undefined,
  ];
  for (const field of wire.read(part)) {
    if (field.id === 1) name = wire.text(field.part);
    else if (field.id === 2) single = floatText(wire.bytes(field.part));
    else if (field.id === 3) single = String(signed(field.int));
    else if (field.id === 4)
      single = latin(wire.bytes({ ...field.part, length: Math.min(200, field.part.length) }));
    else if (field.id === 5) {
      tensor = readTensorProto(wire, field.part);
      single = `${typeName(tensor.dataType)} [${tensor.shape.join(', ')}]`;
    } else if (field.id === 6) single = 'a graph';
    else addItems(wire, field, items);
  }
  const list = items.length > shownItems ? `${items.slice(0, shownItems).join(', ')}, …` : items.join(', ');
  return { name, text: single ?? `[${list}]`, tensor };
}

function addItems(wire: Wire, field: Field, items: string[]): void {
  if (items.length > shownItems) return;
  const { id, part } = field;
  if (id === 7) {
    for (let at = 0; at + 4 <= Math.min(part.length, 4 * shownItems + 4); at += 4) {
      items.push(floatText(wire.bytes({ start: part.start + at, length: 4 })));
    }
  } else if (id === 8) {
    for (const value of wire.varints(field)) if (items.push(String(signed(value))) > shownItems) break;
  } else if (id === 9) items.push(latin(wire.bytes({ ...part, length: Math.min(200, part.length) })));
  else if (id === 10 || id === 11) items.push(id === 10 ? 'a tensor' : 'a graph');
}

const latin = (bytes: Uint8Array): string => quote(new TextDecoder().decode(bytes), 200);

/** A float32 with as many digits as tell it from its neighbours. */
function floatText(bytes: Uint8Array): string {
  if (bytes.length < 4) return '';
  const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(value);
}

/** A `ValueInfoProto` of a tensor. */
function readValue(wire: Wire, part: Part): GraphValue {
  let [name, dtype, shape]: [string, string, (number | string)[]] = ['', '', []];
  for (const field of wire.read(part)) {
    if (field.id === 1) name = wire.text(field.part);
    else if (field.id === 2) {
      for (const type of wire.read(field.part)) {
        if (type.id === 1) [dtype, shape] = readTensorType(wire, type.part);
        else if (type.id === 4) dtype = 'sequence';
        else if (type.id === 5) dtype = 'map';
      }
    }
  }
  return { name, dtype, shape };
}

function readTensorType(wire: Wire, part: Part): [dtype: string, shape: (number | string)[]] {
  let dtype = '';
  const shape: (number | string)[] = [];
  for (const field of wire.read(part)) {
    if (field.id === 1) dtype = typeName(signed(field.int));
    else if (field.id === 2) {
      for (const dimension of wire.read(field.part)) shape.push(readDimension(wire, dimension.part));
    }
  }
  return [dtype, shape];
}

function readDimension(wire: Wire, part: Part): number | string {
  for (const field of wire.read(part)) {
    if (field.id === 1) return signed(field.int);
    if (field.id === 2) return wire.text(field.part);
  }
  return '?';
}
