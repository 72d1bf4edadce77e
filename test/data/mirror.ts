/** A mirror on this machine: a small data set, and a server that gives its files, or what else a test wants. */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { onTestFinished } from 'vitest';
import type { Content, RemoteDataset } from '../../src/data/download/catalogue';
import { images, labels } from './helpers';

const plain: Readonly<Record<string, Uint8Array>> = {
  't10k-labels-idx1-ubyte': labels(0, 1),
  'train-labels-idx1-ubyte': labels(0, 1, 2, 3),
  't10k-images-idx3-ubyte': images(2),
  'train-images-idx3-ubyte': images(4, 28, 28).map((value, i) => (i < 16 ? value : (i * 7919) % 251)),
};

/** The files of the data set as a mirror has them. */
export const files: Readonly<Record<string, Buffer>> = Object.fromEntries(
  Object.entries(plain).map(([name, bytes]) => [`${name}.gz`, gzipSync(bytes)]),
);

function contentOf(bytes: Uint8Array): Content {
  return { size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** A data set of four images, from these mirrors. */
export function smallDataset(...mirrors: readonly string[]): RemoteDataset {
  return {
    title: 'Small',
    folder: 'Small',
    about: 'six images',
    mirrors,
    files: Object.entries(plain).map(([name, bytes]) => ({
      name,
      gz: contentOf(files[`${name}.gz`] ?? Buffer.alloc(0)),
      plain: contentOf(bytes),
    })),
  };
}

/** Bytes of all files. */
export const totalSize = Object.values(files).reduce((sum, bytes) => sum + bytes.length, 0);

/** Answers a request for a file; `good` does what a mirror should. */
export type Answer = (name: string, response: ServerResponse, good: () => void) => void;

/** A mirror, and the names that it was asked for. */
export interface Mirror {
  readonly url: string;
  readonly asked: string[];
}

/** Serves files on a free port for the length of a test. */
export async function serveMirror(
  answer: Answer = (_, __, good) => good(),
  content: Readonly<Record<string, Uint8Array>> = files,
): Promise<Mirror> {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    const name = (request.url ?? '').split('/').at(-1) ?? '';
    asked.push(name);
    const bytes = content[name];
    const good = () => {
      response.writeHead(bytes === undefined ? 404 : 200, { 'content-type': 'application/x-gzip' });
      response.end(bytes ?? 'nothing');
    };
    answer(name, response, good);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise(resolve => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${address.port}/mirror/`, asked };
}

/** The address of a server that is not there. */
export async function closedMirror(): Promise<string> {
  const server = createServer();
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise(resolve => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/`;
}
