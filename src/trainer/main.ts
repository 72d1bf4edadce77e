/**
 * The training process: a child of the extension host, so that a crash of a driver takes no editor with it.
 * When its parent goes away it saves the run and ends.
 */
import { constants, setPriority } from 'node:os';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter } from 'vscode-jsonrpc/node';
import { TrainerServer } from './server';

/** Milliseconds that saving may take when nobody is there to wait for it. */
const patience = 20_000;

/** Training takes what the editor leaves: its windows stay quick, and where nothing else runs nothing is lost. */
function giveWay(): void {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Some systems do not allow it.
  }
}

giveWay();
const connection = createMessageConnection(new IPCMessageReader(process), new IPCMessageWriter(process));
const server = new TrainerServer(connection);

function leave(): void {
  server.stop();
  setTimeout(() => process.exit(1), patience).unref();
}

// The channel closes when the host ends, however it ends.
process.once('disconnect', leave);
process.once('SIGTERM', leave);
// Ctrl-C in a terminal reaches the whole group; the host decides.
process.on('SIGINT', () => undefined);
// Nobody may be there any more to read what is written; that must not keep the run from being saved.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
connection.listen();
if (!process.connected) leave();

await server.done;
process.exit(0);
