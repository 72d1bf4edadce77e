/** The thread that reads Python: a text in, what is known of it out. It knows nothing of VS Code. */
import { parentPort } from 'node:worker_threads';
import { analyse } from '../../../python';
import { findImport } from '../../../source/find-import';
import { questionSchema } from '../reading-contract';

/** Milliseconds that a reading may take. */
const budget = 150;

if (parentPort === null) throw new Error('to be started as a worker');
const port = parentPort;

port.on('message', (message: unknown) => {
  const { id, file, text, folders } = questionSchema.parse(message);
  const analysis = analyse(text, {
    uri: file,
    resolveImport: (module, from) => findImport(module, from, folders),
    budget,
  });
  port.postMessage({ id, analysis });
});
