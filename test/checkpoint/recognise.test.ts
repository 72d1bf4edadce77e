/**
 * What is said about files that are no checkpoints.
 */
import { zipSync } from 'fflate';
import { describe, expect, test } from 'vitest';
import { CheckpointError, readCheckpoint } from '../../src/checkpoint';
import { archiveOf, bytesOf, problemOf } from './support';

const name = 'runs/x/model.pt';
const messageFor = (bytes: Uint8Array) => problemOf(() => readCheckpoint(bytes, name));

describe('a file that is', () => {
  test.each([
    ['an empty file', ''],
    ['an HTML page; download it again', '<!DOCTYPE html>\n<html>…'],
    ['an HTML page; download it again', '\n <html lang="en">'],
    [
      'a Git LFS pointer; fetch the file itself with "git lfs pull"',
      'version https://git-lfs.github.com/spec/v1\noid sha256:00\n',
    ],
    ['JSON text', '{"error": "Repository not found"}'],
    ['a text file', 'Entry not found'],
    ['a plain Python pickle, not written by torch.save', '\x80\x04\x95\x00'],
    ['a NumPy array (.npy)', '\x93NUMPY\x01\x00'],
    ['an ONNX model', '\x08\x07\x12\x07pytorch\x1a\x051.9.0'],
    ['a safetensors file', '\x40\x00\x00\x00\x00\x00\x00\x00{"a":{}}'],
    ['a gzip file; unpack it first', '\x1f\x8b\x08'],
    ['an HDF5 file, as Keras writes it', '\x89HDF\r\n\x1a\n'],
    ['a tar archive, as PyTorch before 0.2 wrote it', `${'x'.repeat(257)}ustar`],
    ['a zip archive that is cut off; copy it again', 'PK'],
    ['a file of zeros; copy it again', '\x00'.repeat(100)],
    ['something else', '\x01\x02\x03\x04'],
  ])('%s', (found, content) => {
    expect(messageFor(bytesOf(content))).toBe(`${name}: expected a PyTorch zip archive, found ${found}`);
  });

  test('a zip archive of something else', () => {
    expect(messageFor(zipSync({ 'weights.npy': bytesOf('x') }))).toBe(
      `${name}: expected a PyTorch zip archive, found a NumPy archive (.npz)`,
    );
    expect(messageFor(zipSync({ 'word/document.xml': bytesOf('x') }))).toBe(
      `${name}: expected a PyTorch zip archive with the entry data.pkl, found one with "word/document.xml"`,
    );
    expect(messageFor(zipSync({}))).toContain('with the entry data.pkl, found an empty one');
  });

  test('cut off', () => {
    expect(messageFor(archiveOf('\x80\x02N.').slice(0, 80))).toBe(
      `${name}: is cut off: expected the table of contents of a zip archive at its end; copy it again`,
    );
  });
});

test('errors know their file and stay on one line', () => {
  const error = new CheckpointError('a\nb\x1b[31m');
  expect(error.message).toBe('a b [31m');
  expect(error.inFile('x').message).toBe('x: a b [31m');
  expect(error.inFile('x').inFile('y').file).toBe('x');
  expect(error.name).toBe('CheckpointError');
});
