/** `descent inspect`. */
import { Command } from 'commander';
import { type CheckpointFile, openCheckpoint } from '../../checkpoint';
import { stopOnInterrupt, stopSignal } from '../guards';
import { printJson, reporting } from '../report';
import { type Figures, figuresOf } from './figures';
import { headerLines } from './header';
import { TensorTable } from './table';
import { treeLines } from './tree';

/** Defines the command. */
export function inspectCommand(): Command {
  return new Command('inspect')
    .description('Show what is in a checkpoint. Nothing in it is executed.')
    .argument('<file>', 'a .pt, .pth, .pkl, .safetensors, .onnx, .npy or .npz file')
    .option('--json', 'one JSON object, and nothing else')
    .action((path: string, { json = false }: { readonly json?: boolean }) =>
      reporting(json, async () => {
        stopOnInterrupt();
        const file = await openCheckpoint(path);
        try {
          if (json) printJson(await asJson(file));
          else await print(file);
        } finally {
          file.close();
        }
      }),
    );
}

async function asJson(file: CheckpointFile) {
  const { format, writer, size, parameters, metadata, imports, warnings, modules, graph, texts } = file;
  const tensors = [];
  for (const tensor of file.tensors) {
    if (stopSignal.aborted) break;
    tensors.push(tensorJson(await figuresOf(file, tensor)));
  }
  return {
    format,
    writer,
    size,
    parameters,
    metadata: Object.fromEntries(metadata),
    tensors,
    imports,
    warnings,
    ...(modules && modules.length > 0 && { modules }),
    ...(graph && { graph }),
    ...(texts && { texts }),
  };
}

function tensorJson({ tensor, statistics, problem }: Figures) {
  const { name, dtype, shape, bytes, role } = tensor;
  const { min = null, max = null, mean = null, std = null, norm = null } = statistics ?? {};
  const { zeros = null, nan = null, infinite = null } = statistics ?? {};
  return {
    ...{ name, dtype, shape, bytes, role, min, max, mean, std, norm, zeros, nan, infinite },
    ...(tensor.quantization && { quantization: tensor.quantization }),
    ...(problem !== undefined && { problem }),
  };
}

async function print(file: CheckpointFile): Promise<void> {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  for (const line of headerLines(file)) write(line);
  if (file.tensors.length === 0) return;
  write('');
  const lines = treeLines(file);
  const table = new TensorTable(lines);
  write(table.head);
  for (const line of lines) {
    if (stopSignal.aborted) return;
    write(
      line.tensor === undefined ? table.module(line) : table.tensor(line, await figuresOf(file, line.tensor)),
    );
  }
}
