/** Downloading data sets, from a server on this machine: what comes out, and what is left when it does not. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { catalogue, downloadSize } from '../../src/data/download/catalogue';
import { type DownloadOptions, downloadDataset } from '../../src/data/download/download';
import { DownloadError, onDisk } from '../../src/data/download/download-error';
import { loadIdxFolder } from '../../src/data/idx-folder';
import { folderWith, realData } from './helpers';
import { type Answer, closedMirror, files, serveMirror, smallDataset, totalSize } from './mirror';

const names = Object.keys(files).sort();

/** The message of the download that fails; it must be one line. */
async function failure(download: Promise<unknown>): Promise<string> {
  const error = await download.then(
    () => undefined,
    reason => reason,
  );
  expect(error).toBeInstanceOf(DownloadError);
  expect(String(error)).not.toMatch(/[\r\n]/);
  return error instanceof Error ? error.message : '';
}

/** Downloads from a mirror that answers so. */
async function downloadFrom(answer: Answer, options: DownloadOptions = {}) {
  const folder = path.join(folderWith(), 'new', 'Small');
  const { url, asked } = await serveMirror(answer);
  return { folder, url, asked, download: downloadDataset(smallDataset(url), folder, options) };
}

describe('downloading a data set', () => {
  it('gives a folder that can be trained on', async () => {
    const { folder, download } = await downloadFrom((_, __, good) => good());
    expect(await download).toBe(4);
    expect(readdirSync(folder).sort()).toEqual(names);
    const data = loadIdxFolder(folder);
    expect([data.train.length, data.test?.length]).toEqual([4, 2]);
  });

  it('tells how far it is, from nothing to everything', async () => {
    const told: [number, number][] = [];
    const { download } = await downloadFrom((_, __, good) => good(), {
      onProgress: (received, total) => told.push([received, total]),
    });
    await download;
    const received = told.map(([bytes]) => bytes);
    expect(received[0]).toBe(0);
    expect(received.at(-1)).toBe(totalSize);
    expect(received).toEqual([...received].sort((a, b) => a - b));
    expect(new Set(told.map(([, total]) => total))).toEqual(new Set([totalSize]));
  });

  it('keeps what is complete, packed or unpacked, and fetches what is missing', async () => {
    const { url, asked } = await serveMirror();
    const packed = files['t10k-labels-idx1-ubyte.gz'] ?? '';
    const folder = folderWith({
      't10k-labels-idx1-ubyte.gz': packed,
      't10k-images-idx3-ubyte': gunzipSync(files['t10k-images-idx3-ubyte.gz'] ?? ''),
      'notes.txt': 'mine',
    });
    let total = 0;
    const onProgress = (_: number, all: number) => {
      total = all;
    };
    expect(await downloadDataset(smallDataset(url), folder, { onProgress })).toBe(2);
    expect(asked).toEqual(['train-labels-idx1-ubyte.gz', 'train-images-idx3-ubyte.gz']);
    expect(total).toBeLessThan(totalSize);
    expect(readdirSync(folder)).toHaveLength(5);
    expect(await downloadDataset(smallDataset(url), folder)).toBe(0);
    expect(asked).toHaveLength(2);
  });

  it('follows redirects, and takes bytes as they are, whatever the server says of their encoding', async () => {
    const { download, asked } = await downloadFrom((name, response, good) => {
      if (asked.filter(each => each === name).length === 1) {
        response.writeHead(302, { location: `/elsewhere/${name}` }).end();
      } else {
        response.setHeader('content-encoding', 'gzip');
        good();
      }
    });
    expect(await download).toBe(4);
  });
});

describe('a download that is cancelled', () => {
  it('leaves nothing half-written, and goes on from what was complete', async () => {
    const cancel = new AbortController();
    const { folder, url, download } = await downloadFrom(
      (name, response, good) => {
        if (!name.startsWith('train-images')) good();
        else response.write(files[name]?.subarray(0, 100));
      },
      {
        signal: cancel.signal,
        onProgress: (received, total) => {
          const images = files['train-images-idx3-ubyte.gz']?.length ?? 0;
          if (received > total - images) cancel.abort();
        },
      },
    );
    await expect(download).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(folder).sort()).toEqual(names.filter(name => !name.startsWith('train-images')));
    const second = await serveMirror();
    expect(await downloadDataset(smallDataset(url), folder, { mirror: second.url })).toBe(1);
    expect(second.asked).toEqual(['train-images-idx3-ubyte.gz']);
  });

  it('leaves no folder where there was none', async () => {
    const cancel = new AbortController();
    const { folder, download } = await downloadFrom(() => cancel.abort(), { signal: cancel.signal });
    await expect(download).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(path.dirname(folder))).toBe(false);
    await expect(downloadDataset(smallDataset(), folder, { signal: cancel.signal })).rejects.toThrow();
    expect(existsSync(path.dirname(folder))).toBe(false);
  });
});

/** What a mirror may do, and what the person is told of it. */
const mishaps: [string, Answer, RegExp][] = [
  ['another file', (_, r) => r.end(gzipped(4)), /-ubyte\.gz gave \d+ bytes where the file has \d+ bytes$/],
  [
    'a file that was changed',
    (name, r) => r.end(changed(files[name])),
    /gave another file: expected the SHA-256 [0-9a-f]{8}…, found [0-9a-f]{8}…$/,
  ],
  [
    'more than the file',
    (name, r) => r.end(Buffer.concat([files[name] ?? gzipped(1), gzipped(1)])),
    /gave more than the \d+ bytes of the file$/,
  ],
  ['a web page', (_, r) => r.end('\n<!DOCTYPE html><html>'), /gave a web page instead of the file/],
  ['a text', (_, r) => r.end('sold out'), /gave something that is no gzip data/],
  ['nothing', (_, r) => r.end(), /gave 0 bytes where the file has \d+ bytes$/],
  ['an error', (_, r) => r.writeHead(503).end(), /answered 503 \(Service Unavailable\)$/],
  [
    'a redirect out of the web',
    (_, r) => r.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    /leads to an address that is not followed \(file:\/\/\/etc\/passwd\)$/,
  ],
  [
    'redirects without end',
    (name, r) => r.writeHead(301, { location: name }).end(),
    /leads from one address to another without an end$/,
  ],
  [
    'half a file',
    (name, r) => {
      r.writeHead(200, { 'content-length': files[name]?.length });
      r.write(files[name]?.subarray(0, 20), () => setTimeout(() => r.destroy(), 20));
    },
    /the connection to 127\.0\.0\.1:\d+ broke off after 20 bytes of \d+ bytes; check the connection/,
  ],
  ['no word', () => undefined, /127\.0\.0\.1:\d+ does not answer: nothing came for 0\.2 s; check the conn/],
  [
    'no word after the first',
    (name, r) => r.write(files[name]?.subarray(0, 20)),
    /127\.0\.0\.1:\d+ does not answer: nothing came for 0\.2 s; check the connection/,
  ],
];

function gzipped(bytes: number): Buffer {
  return Buffer.concat([Buffer.of(0x1f, 0x8b), Buffer.alloc(bytes)]);
}

function changed(file: Buffer = Buffer.alloc(0)): Buffer {
  const copy = Buffer.from(file);
  copy[20] = (copy[20] ?? 0) ^ 1;
  return copy;
}

describe('a mirror that gives', () => {
  it.each(mishaps)('%s: says so, and leaves nothing', async (_, answer, message) => {
    const { folder, download } = await downloadFrom(answer, { patience: 200 });
    const text = await failure(download);
    expect(text).toMatch(/^Small could not be downloaded: /);
    expect(text).toMatch(message);
    expect(existsSync(path.dirname(folder))).toBe(false);
  });

  it('404: the next one is asked, and asked first from then on', async () => {
    const folder = folderWith();
    const [first, second] = [await serveMirror((_, r) => r.writeHead(404).end()), await serveMirror()];
    expect(await downloadDataset(smallDataset(first.url, second.url), folder)).toBe(4);
    expect([first.asked.length, second.asked.length]).toEqual([1, 4]);
    expect(readdirSync(folder).sort()).toEqual(names);
  });
});

describe('mirrors that cannot be reached', () => {
  it('are named, with what is wrong with each and what to do', async () => {
    const folder = path.join(folderWith(), 'Small');
    const nowhere = 'http://descent.invalid/';
    const text = await failure(downloadDataset(smallDataset(await closedMirror(), nowhere), folder));
    expect(text).toMatch(
      /^Small could not be downloaded: 127\.0\.0\.1:\d+ refuses the connection \(ECONNREFUSED\); descent\.invalid cannot be found \((ENOTFOUND|EAI_AGAIN)\); check the connection to the internet$/,
    );
    expect(existsSync(folder)).toBe(false);
  });

  it('show nothing of what is hidden in their addresses', async () => {
    const { url } = await serveMirror((_, r) => r.writeHead(401).end());
    const text = await failure(
      downloadDataset(smallDataset(), folderWith(), { mirror: url.replace('//', '//me:secret@') }),
    );
    expect(text).toMatch(/127\.0\.0\.1:\d+\/mirror\/t10k-labels-idx1-ubyte\.gz answered 401/);
    expect(text).not.toMatch(/secret/);
  });

  it.each(['', 'storage', 'ftp://a/b', 'file:///etc/'])('cannot be "%s"', async mirror => {
    const text = await failure(downloadDataset(smallDataset(), folderWith(), { mirror }));
    expect(text).toBe(
      `expected the address of a mirror that begins with https:// or http://, found "${mirror}"`,
    );
  });
});

describe('a folder', () => {
  it('keeps a file of the same name that is another one', async () => {
    const { url, asked } = await serveMirror();
    const folder = folderWith({ 'train-images-idx3-ubyte': 'mine' });
    const text = await failure(downloadDataset(smallDataset(url), folder));
    expect(text).toMatch(
      /train-images-idx3-ubyte is there already and is not the file of Small; move it away/,
    );
    expect(readdirSync(folder)).toEqual(['train-images-idx3-ubyte']);
    expect(asked).toEqual([]);
  });

  it('is freed of what a killed process has left, but not of what another one is writing', async () => {
    const { url } = await serveMirror();
    const [old, fresh] = [`${names[0]}.0123abcd.part`, `${names[0]}.0123abce.part`];
    const folder = folderWith({ [old]: 'half', [fresh]: 'half', 'mine.0123abcd.part': 'mine' });
    const hour = Date.now() / 1000 - 3600;
    for (const name of [old, 'mine.0123abcd.part']) utimesSync(path.join(folder, name), hour, hour);
    await downloadDataset(smallDataset(url), folder);
    expect(readdirSync(folder).sort()).toEqual([...names, fresh, 'mine.0123abcd.part'].sort());
  });

  it('that cannot be written to is named', async () => {
    const { url, asked } = await serveMirror();
    const file = path.join(folderWith({ taken: 'x' }), 'taken');
    for (const folder of [file, path.join(file, 'below')]) {
      const text = await failure(downloadDataset(smallDataset(url), folder));
      expect(text).toMatch(/cannot be written: there is a file where a folder is needed; choose another/);
    }
    if (process.platform === 'linux') {
      expect(await failure(downloadDataset(smallDataset(url), '/proc/descent/Small'))).toMatch(
        /^\/proc\/descent\/Small cannot be written: /,
      );
    }
    expect(asked).toEqual([]);
  });

  it('on a full disk stops the download: no other mirror helps', async () => {
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    const text = await failure(onDisk('/data/a.part', () => Promise.reject(full)));
    expect(text).toBe(
      '/data/a.part cannot be written: the disk is full; free some space, or choose another folder',
    );
    const first: Answer = (name, _, good) => {
      // What is complete cannot be put in its place any more.
      mkdirSync(path.join(folder, name));
      good();
    };
    const folder = path.join(folderWith(), 'Small');
    const [one, two] = [await serveMirror(first), await serveMirror()];
    await failure(downloadDataset(smallDataset(one.url, two.url), folder));
    expect(two.asked).toEqual([]);
    expect(readdirSync(folder)).toEqual(['t10k-labels-idx1-ubyte.gz']);
  });
});

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

describe('the catalogue', () => {
  for (const name of ['mnist', 'fashion-mnist'] as const) {
    const folder = realData(name);
    it.skipIf(folder === undefined)(`knows the files of the real ${name}`, () => {
      for (const file of catalogue[name].files) {
        const bytes = readFileSync(path.join(folder ?? '', `${file.name}.gz`));
        expect(file.gz).toEqual({ size: bytes.length, sha256: sha256(bytes) });
        const plain = gunzipSync(bytes);
        expect(file.plain).toEqual({ size: plain.length, sha256: sha256(plain) });
      }
    });
  }

  it('has secure mirrors first, and folders that can be told by their names', () => {
    for (const dataset of Object.values(catalogue)) {
      expect(dataset.mirrors[0]).toMatch(/^https:\/\/.*\/$/);
      expect(dataset.files.at(-1)?.name).toBe('train-images-idx3-ubyte');
      expect(downloadSize(dataset)).toBeGreaterThan(10e6);
    }
  });
});
