/** What stands above the table of tensors: what the file is, and what to be careful about. */
import path from 'node:path';
import type { CheckpointFile } from '../../checkpoint';
import type { CheckpointFormat, CheckpointGraph, CheckpointValue } from '../../protocol/checkpoint';
import { bytesText, grouped } from '../report';

const formats: Readonly<Record<CheckpointFormat, string>> = {
  'torch-zip': 'PyTorch checkpoint',
  'torch-legacy': 'PyTorch checkpoint of the old format',
  torchscript: 'TorchScript archive',
  pickle: 'Python pickle',
  safetensors: 'safetensors',
  onnx: 'ONNX model',
  npy: 'NumPy array',
  npz: 'NumPy archive',
};

/** How many of a list are shown. */
const shown = 12;

/** The lines. */
export function headerLines(file: CheckpointFile): string[] {
  const { name, format, size, writer, parameters, tensors, metadata, imports, warnings, graph } = file;
  const count = `${grouped(tensors.length)} ${tensors.length === 1 ? 'tensor' : 'tensors'}`;
  const facts: (readonly [string, string])[] = [
    ['Written by', writer],
    ['Parameters', `${grouped(parameters)} in ${count}`],
    ...metadata.map(([key, value]) => [key, cut(value)] as const),
    ...valuesOf(file.structure),
    ...(graph === undefined ? [] : graphFacts(graph)),
    ...(imports.length === 0 ? [] : [['Imports', listed(imports)] as const]),
  ];
  const width = facts.reduce((most, [title]) => Math.max(most, title.length), 0);
  return [
    `${path.basename(name)}: ${formats[format]}, ${bytesText(size)}`,
    ...facts.map(([title, text]) => `${title.padEnd(width)}  ${text}`),
    ...warnings.slice(0, shown).map(warning => `Warning: ${warning}`),
  ].map(line => line.replace(/\p{Cc}/gu, ' '));
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, shown).map(cut).join(', ');
  return names.length > shown ? `${first} and ${names.length - shown} more` : first;
}

/** Plain values beside the tensors: an epoch, a loss. */
function valuesOf(structure: CheckpointValue | undefined): (readonly [string, string])[] {
  return (structure?.children ?? [])
    .filter(
      ({ tensor, text, children }) => !tensor && children === undefined && text !== undefined && text !== '',
    )
    .slice(0, shown)
    .map(({ key, text = '' }) => [cut(key), cut(text)] as const);
}

function graphFacts({ inputs, outputs, nodes }: CheckpointGraph): (readonly [string, string])[] {
  const values = (all: CheckpointGraph['inputs']) =>
    all.map(({ name, dtype, shape }) => `${name} ${dtype} [${shape.join(', ')}]`).join(', ');
  const counts = new Map<string, number>();
  for (const { operator } of nodes) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  const operators = [...counts].map(([name, count]) => (count === 1 ? name : `${name} ×${count}`));
  return [
    ['Input', cut(values(inputs))],
    ['Output', cut(values(outputs))],
    ['Operators', listed(operators)],
  ];
}
