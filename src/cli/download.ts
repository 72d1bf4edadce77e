/** `descent download`. */
import path from 'node:path';
import { Argument, Command } from 'commander';
import { catalogue, downloadSize, type RemoteDataset, type RemoteName } from '../data/download/catalogue';
import { downloadDataset } from '../data/download/download';
import { DownloadError } from '../data/download/download-error';
import { DownloadBar } from './download-bar';
import { stopOnInterrupt, stopSignal } from './guards';
import { megabytes, printJson, reporting } from './report';
import { quoted } from './training-display';

interface DownloadFlags {
  readonly to?: string;
  readonly mirror?: string;
  readonly json?: boolean;
}

/** Defines the command. */
export function downloadCommand(): Command {
  const names = Object.keys(catalogue);
  const folders = Object.values(catalogue).map(({ folder }) => folder);
  return new Command('download')
    .description('Download a dataset, in the form in which it is published.')
    .addArgument(new Argument('<dataset>', 'what to download').choices(names))
    .option('--to <dir>', `the folder for its files (default: ${folders.join(' or ')})`)
    .option('--mirror <url>', 'the folder on the web that holds its files (default: public mirrors)')
    .option('--json', 'one JSON object a line, and nothing else')
    .action((name: RemoteName, flags: DownloadFlags) =>
      reporting(flags.json ?? false, () => download(catalogue[name], flags)),
    );
}

async function download(dataset: RemoteDataset, { to, mirror, json }: DownloadFlags): Promise<void> {
  const folder = path.resolve(to ?? dataset.folder);
  const bar = new DownloadBar(dataset.title, process.stderr);
  const onProgress = json ? tellProgress() : (received: number, total: number) => bar.show(received, total);
  stopOnInterrupt();
  let fetched: number;
  try {
    fetched = await downloadDataset(dataset, folder, { mirror, signal: stopSignal, onProgress });
  } catch (error) {
    throw withAdvice(error);
  } finally {
    bar.close();
  }
  if (json) {
    printJson({ event: 'end', folder, downloaded: fetched });
    return;
  }
  const what = `${dataset.title}, ${dataset.about} (${megabytes(downloadSize(dataset))} MB)`;
  process.stdout.write(`${what} ${fetched === 0 ? 'is there already' : 'is complete'}: ${folder}\n`);
  process.stderr.write(`To train on it:\n  descent train ${quoted(to ?? dataset.folder)}\n`);
}

/** Tells progress as events, at most 20 a second. */
function tellProgress(): (received: number, total: number) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (received, total) => {
    const now = performance.now();
    if (now - last < 50) return;
    last = now;
    printJson({ event: 'progress', received, total });
  };
}

/** What can be done about it here. */
function withAdvice(error: unknown): unknown {
  if (stopSignal.aborted)
    return new Error('stopped; files that are complete are kept, and are not fetched again');
  if (!(error instanceof DownloadError) || error.blame === 'folder') return error;
  return new Error(`${error.message}, or name another mirror with --mirror`, { cause: error });
}
