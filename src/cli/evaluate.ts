/** `descent evaluate`. */
import { Command, Option } from 'commander';
import { type ActivationName, activationNames, type ScalingName, scalingNames } from '../protocol/choices';
import { type SplitName, splitNames } from '../protocol/dataset';
import { evaluateCheckpoint } from '../training';
import { EvaluationBar } from './evaluation-bar';
import { type CellChoice, cellOf, parseCell, printReport } from './evaluation-report';
import { stopOnInterrupt, stopSignal } from './guards';
import { printJson, reporting } from './report';

interface EvaluateFlags {
  readonly split: SplitName;
  readonly activation?: ActivationName;
  readonly pixels?: ScalingName;
  readonly cell?: CellChoice;
  readonly json?: boolean;
}

async function run(
  file: string,
  folder: string | undefined,
  { split, activation, pixels, cell, json = false }: EvaluateFlags,
): Promise<void> {
  stopOnInterrupt();
  const bar = new EvaluationBar(process.stderr);
  const observer = { signal: stopSignal, onProgress: (share: number) => bar.show(share) };
  const subject = { file, folder, choices: { activation, scaling: pixels } };
  const report = await evaluateCheckpoint(subject, split, observer).finally(() => bar.clear());
  if (!json) {
    printReport(report, cell, process.stdout);
    return;
  }
  const { predictions: _, format: __, ...shown } = report;
  printJson({ ...shown, ...(cell && { cell: cellOf(report, cell) }) });
}

/** Defines the command. */
export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('Measure a checkpoint on a folder of data.')
    .argument('<checkpoint>', 'a checkpoint of a run, weights of a network in a .pt file, or an .onnx model')
    .argument('[folder]', 'the folder that holds the data (default: that of its run, else generated digits)')
    .addOption(new Option('--split <name>', 'which part of the data').choices(splitNames).default('test'))
    .addOption(
      new Option(
        '--activation <name>',
        'what stands between layers, where the file does not say it (default: tried)',
      ).choices(activationNames),
    )
    .addOption(
      new Option(
        '--pixels <scaling>',
        'how pixels are scaled, where the file does not say it (default: tried)',
      ).choices(scalingNames),
    )
    .addOption(
      new Option('--cell <true:predicted>', 'list the samples of a cell of the confusion matrix').argParser(
        parseCell,
      ),
    )
    .option('--json', 'one JSON object, and nothing else')
    .action((checkpoint: string, folder: string | undefined, flags: EvaluateFlags) =>
      reporting(flags.json ?? false, () => run(checkpoint, folder, flags)),
    );
}
