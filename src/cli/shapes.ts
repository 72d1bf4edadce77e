/** `descent shapes`: the shapes in a Python file. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { Command } from 'commander';
import { type Analysis, analyse, type Occurrence } from '../python';
import { findImport, largestSource } from '../source/find-import';
import { printJson, reporting } from './report';

/** The command line may take its time. */
const budget = 10_000;

/** Defines the command. */
export function shapesCommand(): Command {
  return new Command('shapes')
    .description('Show the shape of every tensor in a Python file that uses PyTorch; nothing of it is run.')
    .argument('<file>', 'a Python file')
    .option('--json', 'one JSON object a line for each variable that holds a tensor or a module')
    .action((file: string, { json = false }: { readonly json?: boolean }) =>
      reporting(json, async () => {
        const analysis = analyse(readSource(file), {
          uri: path.resolve(file),
          resolveImport: (module, from) => findImport(module, from),
          budget,
        });
        if (json) for (const occurrence of analysis.occurrences) printOccurrence(occurrence);
        else print(file, analysis);
      }),
    );
}

function readSource(file: string): string {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new Error(`${file}: there is no such file`);
  if (!found.isFile()) throw new Error(`${file}: expected a Python file, found something else`);
  if (found.size > largestSource)
    throw new Error(`${file}: expected Python source, found ${found.size} bytes`);
  return readFileSync(file, 'utf8');
}

function printOccurrence({ range, text, kind, variable, shapes, dtype, items }: Occurrence): void {
  if (!variable || kind === 'array') return;
  printJson({
    line: range.start.line,
    column: range.start.column,
    endLine: range.end.line,
    endColumn: range.end.column,
    text,
    kind,
    ...(kind === 'tensor' && { shapes }),
    ...(dtype !== undefined && { dtype }),
    ...(items !== undefined && { items }),
  });
}

function print(file: string, { occurrences, diagnostics, complete }: Analysis): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  for (const { range, text, kind, variable, shapes, dtype } of occurrences) {
    if (!variable || kind === 'module' || shapes.length === 0) continue;
    const shown = shapes.map(shape => `[${shape.join(', ')}]`).join(' or ');
    write(
      `${file}:${range.start.line}:${range.start.column + 1}  ${text}  ${shown}${dtype === undefined ? '' : `  ${dtype}`}`,
    );
  }
  for (const { range, message } of diagnostics)
    write(`${file}:${range.start.line}:${range.start.column + 1}  error: ${message}`);
  if (!complete) process.stderr.write(`descent: ${file} is too much to be read to its end\n`);
}
