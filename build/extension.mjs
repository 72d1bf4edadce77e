/**
 * The program of the extension host, in parts: `dist/extension.cjs` is what VS Code waits for when it activates the
 * extension, and holds what registers commands, views and providers; what these need comes by `import()` in the
 * source, and is loaded from `dist/extension/` when somebody uses it first. VS Code wants CommonJS, which esbuild
 * does not split, so that the parts are made as modules and turned into CommonJS one by one.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const sources = 'src/extension';
const target = 'node20';

/** The names that the extension uses of VS Code's API. */
function namesOfVSCode() {
  const files = readdirSync(sources, { recursive: true }).filter(name => name.endsWith('.ts'));
  const texts = files.map(name => readFileSync(path.join(sources, name), 'utf8'));
  const found = texts.flatMap(text => [...text.matchAll(/\bvscode\.([A-Za-z]\w*)/g)].map(match => match[1]));
  return [...new Set(found)].sort();
}

/**
 * VS Code's API is one CommonJS module. Imported as a namespace it would be asked for, and copied name by name, by each
 * file that uses it: a third of the time in which the rest is loaded.
 */
const vscode = {
  name: 'vscode',
  setup(build) {
    build.onResolve({ filter: /^vscode$/, namespace: 'vscode' }, () => ({ path: 'vscode', external: true }));
    build.onResolve({ filter: /^vscode$/ }, () => ({ path: 'vscode', namespace: 'vscode' }));
    build.onLoad({ filter: /.*/, namespace: 'vscode' }, () => ({
      contents: `export const { ${namesOfVSCode().join(', ')} } = require('vscode');`,
    }));
  },
};

/** The parts, as modules that import each other. */
export const parts = {
  entryPoints: { extension: 'src/extension.ts' },
  chunkNames: 'extension/[name]-[hash]',
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target,
  minify: true,
  // Written into the parts, from where they reach the maps of what is made of these.
  sourcemap: 'inline',
  metafile: true,
  write: false,
  logLevel: 'warning',
  plugins: [vscode],
};

/** Builds `dist/extension.cjs` and the parts in `dist/extension`; those of the build before are removed. */
export async function buildExtension(esbuild) {
  const { outputFiles } = await esbuild.build(parts);
  const made = await Promise.all(
    outputFiles.map(async ({ path: file, text }) => {
      const name = path.basename(file);
      const { code, map } = await esbuild.transform(text, {
        format: 'cjs',
        platform: 'node',
        target,
        minify: true,
        sourcemap: true,
        sourcefile: name,
        // `import()` stands for `require` when it is needed.
        supported: { 'dynamic-import': false },
      });
      return { file, code: `${code}//# sourceMappingURL=${name}.map\n`, map };
    }),
  );
  rmSync('dist/extension', { recursive: true, force: true });
  mkdirSync('dist/extension', { recursive: true });
  for (const { file, code, map } of made) {
    writeFileSync(file, code);
    writeFileSync(`${file}.map`, map);
  }
}
