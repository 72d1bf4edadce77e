/** `descent evaluate`. */
import { Command, Option } from 'commander';
import { type CheckpointReport, evaluateCheckpoint } from '../training';
import { grouped, percent, printJson, reporting } from './report';

interface EvaluateFlags {
  readonly split: 'train' | 'test';
  readonly json?: boolean;
}

/** Defines the command. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure a checkpoint on a folder of data.')
    .argument('<checkpoint>', 'a .pt file of a run, or one with the weights of a multilayer perceptron')
    .argument('[folder]', 'the folder that holds the data (default: that of its run, else generated digits)')
    .addOption(
      new Option('--split <name>', 'which part of the data').choices(['train', 'test']).default('test'),
    )
    .option('--json', 'one JSON object, and nothing else')
    .action((checkpoint: string, folder: string | undefined, { split, json = false }: EvaluateFlags) =>
      reporting(json, async () => {
        const { dataset, ...report } = await evaluateCheckpoint(checkpoint, folder, split);
        if (json) printJson(report);
        else print({ dataset: `${dataset}, ${split} set`, ...report });
      }),
    );
}

function print({ dataset, accuracy, correct, total, loss, confusion, perClass }: CheckpointReport): void {
  const write = (line: string) => process.stdout.write(`${line}\n`);
  write(`Data     ${dataset}`);
  write(
    `Accuracy ${percent(accuracy)} (${grouped(correct)} of ${grouped(total)}), loss ${loss.toFixed(4)}\n`,
  );
  const width = Math.max(5, ...perClass.map(({ label }) => label.length));
  write(`${'class'.padEnd(width)}  precision  recall      f1`);
  for (const { label, precision, recall, f1 } of perClass) {
    const figures = [
      precision.toFixed(4).padStart(9),
      recall.toFixed(4).padStart(6),
      f1.toFixed(4).padStart(6),
    ];
    write(`${label.padEnd(width)}  ${figures.join('  ')}`);
  }
  write('\nConfusion (row: true class, column: predicted)');
  const cell = Math.max(...confusion.flat().map(count => String(count).length), 1);
  for (const [i, row] of confusion.entries()) {
    write(
      `${(perClass[i]?.label ?? '').padEnd(width)}  ${row.map(count => String(count).padStart(cell)).join(' ')}`,
    );
  }
}
