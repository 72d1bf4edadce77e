/** `descent export`. */
import { Command, Option } from 'commander';
import { type ExportForm, exportCheckpoint, exportForms } from '../training';
import { bytesText, printJson, reporting } from './report';

interface ExportFlags {
  readonly to: ExportForm;
  readonly out?: string;
  readonly json?: boolean;
}

/** Defines the command. */
export function exportCommand(): Command {
  return new Command('export')
    .description('Write a checkpoint in another form: its weights, or the network of its run.')
    .argument('<checkpoint>', 'a checkpoint of any format; onnx and python need one of a run')
    .addOption(new Option('--to <form>', 'what to write').choices([...exportForms]).makeOptionMandatory())
    .option('--out <file>', 'the file to write, which is replaced (default: beside the checkpoint)')
    .option('--json', 'one JSON object, and nothing else')
    .action((checkpoint: string, { to, out, json = false }: ExportFlags) =>
      reporting(json, async () => {
        const exported = await exportCheckpoint(checkpoint, to, out);
        if (json) {
          printJson(exported);
          return;
        }
        const { file, bytes, tensors, notes } = exported;
        const about = [...(to === 'python' ? [] : [`${tensors} tensors`]), bytesText(bytes)].join(', ');
        process.stdout.write(`Wrote ${file} (${about})\n`);
        for (const note of notes) process.stdout.write(`${note}\n`);
      }),
    );
}
