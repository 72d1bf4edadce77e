/**
 * Keeps generated digits on disk as four IDX files, so that they are drawn once. The cache is a convenience:
 * whatever goes wrong with it, the digits are generated again, and an unwritable disk is no error.
 */
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { DIGIT_CLASSES, DIGITS_DEFAULTS, DIGITS_NAME, type DigitsOptions, generateDigits } from './digits';
import { writeIdx } from './idx';
import { type IdxPair, readPair } from './idx-images';
import { type ByteData, type ByteSplit, fingerprintOf } from './image-data';

/** To be raised whenever the same seed begins to give other images. */
const VERSION = 1;
/** Holds the fingerprint of the images beside it. */
const FINGERPRINT = 'sha256.txt';

/** What tells where a cache is: the environment, the platform, the home folder. */
export interface CachePlace {
  readonly env: {
    readonly DESCENT_CACHE?: string | undefined;
    readonly LOCALAPPDATA?: string | undefined;
    readonly XDG_CACHE_HOME?: string | undefined;
  };
  readonly platform: NodeJS.Platform;
  readonly home: string;
}

/** The folder for what can be made again: `$DESCENT_CACHE`, or the platform's usual place. */
export function cacheFolder(place: Partial<CachePlace> = {}): string {
  const { env, platform, home } = { env: process.env, platform: process.platform, home: homedir(), ...place };
  const own = env.DESCENT_CACHE;
  if (own) return path.resolve(own);
  if (platform === 'darwin') return path.join(home, 'Library', 'Caches', 'descent');
  if (platform === 'win32') {
    return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'descent', 'cache');
  }
  const xdg = env.XDG_CACHE_HOME;
  // The XDG specification says that a relative path is to be ignored.
  return path.join(xdg && path.isAbsolute(xdg) ? xdg : path.join(home, '.cache'), 'descent');
}

/** The generated digits: from the cache where they are there and whole, else drawn, and kept if possible. */
export function cachedDigits(options: DigitsOptions = {}, cache = cacheFolder()): ByteData {
  const { seed, train, test } = { ...DIGITS_DEFAULTS, ...options };
  const folder = path.join(cache, `digits-v${VERSION}-seed${seed}-${train}-${test}`);
  const kept = load(folder, test > 0);
  if (kept !== undefined) return kept;
  const digits = generateDigits(options);
  save(folder, digits);
  return digits;
}

/** What the folder holds, or `undefined` when that is not exactly what was put there. */
function load(folder: string, withTest: boolean): ByteData | undefined {
  try {
    const train = readPair(pairIn(folder, 'train'));
    const test = withTest ? readPair(pairIn(folder, 't10k')) : undefined;
    const fingerprint = fingerprintOf(train, test);
    if (readFileSync(path.join(folder, FINGERPRINT), 'utf8').trim() !== fingerprint) return undefined;
    return { name: DIGITS_NAME, train, test, classes: DIGIT_CLASSES, fingerprint };
  } catch {
    return undefined;
  }
}

/** Writes beside the folder and renames, so that nobody ever sees half of it. */
function save(folder: string, digits: ByteData): void {
  let temporary: string | undefined;
  try {
    mkdirSync(path.dirname(folder), { recursive: true });
    temporary = mkdtempSync(`${folder}.part-`);
    savePair(pairIn(temporary, 'train'), digits.train);
    if (digits.test !== undefined) savePair(pairIn(temporary, 't10k'), digits.test);
    writeFileSync(path.join(temporary, FINGERPRINT), `${digits.fingerprint}\n`);
    // What is there now could not be used.
    rmSync(folder, { recursive: true, force: true });
    renameSync(temporary, folder);
  } catch {
    try {
      if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
    } catch {
      // Then it stays behind; the digits themselves are fine.
    }
  }
}

function savePair(files: IdxPair, { images, shape, labels, length }: ByteSplit): void {
  writeFileSync(files.images, writeIdx({ type: 'ubyte', shape: [length, ...shape], data: images }));
  writeFileSync(files.labels, writeIdx({ type: 'ubyte', shape: [length], data: labels }));
}

function pairIn(folder: string, part: string): IdxPair {
  return {
    images: path.join(folder, `${part}-images-idx3-ubyte`),
    labels: path.join(folder, `${part}-labels-idx1-ubyte`),
  };
}
