/** What a module is, in the few words that have room on its box. Everything stands in the panel beside the graph. */
import type { GraphModule } from '../../../src/protocol/graph';

/** The settings that a module is described by: `1, 6, kernel_size=(5, 5)`. */
interface Settings {
  readonly plain: readonly string[];
  readonly named: ReadonlyMap<string, string>;
}

function readSettings(description: string): Settings {
  const plain: string[] = [];
  const named = new Map<string, string>();
  // Commas in brackets belong to a value.
  for (const part of description.match(/(?:\([^)]*\)|[^,(])+/g) ?? []) {
    const [, name, value] = /^\s*(\w+)=(.*)$/.exec(part) ?? [];
    if (name !== undefined && value !== undefined) named.set(name, value.trim());
    else if (part.trim() !== '') plain.push(part.trim());
  }
  return { plain, named };
}

/** The numbers of `(5, 5)` or `5`. */
function numbersOf(value: string | undefined): number[] {
  return (value?.match(/-?\d+/g) ?? []).map(Number);
}

/** `5×5` of `(5, 5)`, and of 5 where there are two dimensions. */
function sizeText(numbers: readonly number[], dimensions: number): string {
  const [first = 0] = numbers;
  return (numbers.length > 1 ? numbers : new Array<number>(dimensions).fill(first)).join('×');
}

/** `2` of `(2, 2)`, and `2×1` of `(2, 1)`. */
function evenText(numbers: readonly number[]): string {
  return new Set(numbers).size === 1 ? String(numbers[0]) : numbers.join('×');
}

/** Which numbers of a window are worth a word: those that are not what is usual. */
function windowWords({ kind }: GraphModule, { named }: Settings): string[] {
  const kernel = numbersOf(named.get('kernel_size'));
  if (kernel.length === 0) return [];
  const dimensions = Number(/([123])d$/.exec(kind)?.[1] ?? kernel.length);
  const [stride, padding, dilation] = ['stride', 'padding', 'dilation'].map(name =>
    numbersOf(named.get(name)),
  );
  const words = [sizeText(kernel, dimensions)];
  const even = (numbers: readonly number[] = [], usual: number) => numbers.every(each => each === usual);
  const usualStride = /Pool/.test(kind) ? evenText(kernel) : '1';
  if (stride !== undefined && stride.length > 0 && evenText(stride) !== usualStride)
    words.push(`stride ${evenText(stride)}`);
  if (named.get('padding')?.match(/[a-z]+/)) words.push(`padding ${named.get('padding')}`);
  else if (padding !== undefined && !even(padding, 0)) words.push(`padding ${evenText(padding)}`);
  if (dilation !== undefined && !even(dilation, 1)) words.push(`dilation ${evenText(dilation)}`);
  return [words.join(', ')];
}

/** Settings that are told by other words, and those that few people change. */
const untold = new Set([
  ...['kernel_size', 'stride', 'padding', 'dilation', 'ceil_mode', 'in_features', 'out_features', 'bias'],
  ...['eps', 'momentum', 'affine', 'track_running_stats', 'elementwise_affine', 'inplace', 'output_padding'],
]);

/** A module in few words: `784 → 256`, `1 → 6 · 5×5, padding 2`, `p=0.3`. */
export function moduleWords(module: GraphModule): string {
  const settings = readSettings(module.description);
  const { plain, named } = settings;
  const [from, to] = [named.get('in_features'), named.get('out_features')];
  const isMap = /^(Lazy)?(Conv|Embedding)/.test(module.kind) && plain.length === 2;
  const ends = from !== undefined && to !== undefined ? [`${from} → ${to}`] : [];
  const given = isMap ? [plain.join(' → ')] : plain.map(value => value.replace(/^\((\d+),\)$/, '$1'));
  const others = [...named].filter(([name]) => !untold.has(name)).map(([name, value]) => `${name}=${value}`);
  const rest = [...(isMap ? [] : given), ...others].join(', ');
  return [...ends, ...(isMap ? given : []), ...windowWords(module, settings), rest]
    .filter(text => text !== '')
    .join(' · ');
}
