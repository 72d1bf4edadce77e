/**
 * The training process: a child of the extension host, so that a crash of a driver takes no editor with it.
 * When its parent goes away it saves the run and ends. Started with `evaluate` and what that is about, it evaluates
 * for a page instead; started with `graph`, it tells the graph of a module of a Python file.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { serveEvaluation } from './evaluating';
import { giveWay } from './give-way';
import { serveModuleGraph } from './module-graph';
import { TrainerServer } from './server';

/** Milliseconds that saving may take when nobody is there to wait for it. */
const patience = 20_000;

/** Milliseconds for which a person who waits for the first step comes before everything else that the machine does. */
const hurry = 3000;

/** Sees one run through. */
async function serveTraining(): Promise<void> {
  const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
  const server = new TrainerServer(connection);

  const leave = () => {
    server.stop();
    setTimeout(() => process.exit(1), patience).unref();
  };

  // The channel closes when the host ends, however it ends.
  process.once('disconnect', leave);
  process.once('SIGTERM', leave);
  connection.listen();
  if (!process.connected) leave();
  const soon = () => sleep(hurry, undefined, { ref: false });
  void server.begun.then(() => Promise.race([server.firstStep, soon()])).then(giveWay);
  await server.done;
  process.exit(0);
}

// Ctrl-C in a terminal reaches the whole group; the host decides.
process.on('SIGINT', () => undefined);
// Nobody may be there any more to read what is written; that must not keep the run from being saved.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
const [task, about = ''] = process.argv.slice(2);
if (task === 'evaluate') {
  giveWay();
  serveEvaluation(about);
} else if (task === 'graph') serveModuleGraph();
else await serveTraining();
