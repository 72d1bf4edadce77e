/** What a person chose about a folder, in a `descent.json` beside the data. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { descentJsonSchema, keepOptions, readOptions } from '../../src/data/descent-json';
import { dataError, folderWith } from './helpers';

const schemaFile = path.join(import.meta.dirname, '../../media/descent.schema.json');

describe('descent.json', () => {
  it('keeps choices together with those that are there', () => {
    const folder = folderWith();
    expect(readOptions(folder)).toEqual({});
    keepOptions(folder, { format: 'csv' });
    keepOptions(folder, { labelColumn: 3 });
    expect(readOptions(folder)).toEqual({ format: 'csv', labelColumn: 3 });
    expect(readOptions(path.join(folder, 'descent.json'))).toEqual({ format: 'csv', labelColumn: 3 });
  });

  it.each([
    ['{"format": "pickle"}', 'descent.json: format: Invalid option: expected one of "idx"'],
    ['{"formt": "csv"}', 'descent.json: Unrecognized key: "formt"'],
    ['{"imageSize": 0}', 'descent.json: imageSize: '],
    ['{', 'descent.json: expected JSON: '],
    ['{"transforms": ["RandomCrop(28"]}', 'descent.json: transforms: expected a comma or ), found the end'],
    ['{"transforms": ["Rotate(3)"]}', 'descent.json: transforms: expected one of ToTensor, Resize, '],
  ])('refuses %s', (text, message) => {
    expect(dataError(() => readOptions(folderWith({ 'descent.json': text })))).toContain(message);
  });

  it('has the schema that the editor completes it by', () => {
    const text = `${JSON.stringify(descentJsonSchema(), null, 2)}\n`;
    if (process.env['DESCENT_REWRITE']) writeFileSync(schemaFile, text);
    expect(JSON.parse(readFileSync(schemaFile, 'utf8'))).toEqual(JSON.parse(text));
  });
});
