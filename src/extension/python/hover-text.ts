/** What a hover says, as Markdown: the shape first, then what is known besides, then how it came about. */
import type { FoundModule, FoundOccurrence } from './reading-contract';

type Shape = FoundOccurrence['shapes'][number];

/** A shape as PyTorch prints it: `[64, 784]`; a scalar is `[]`. */
export function shapeText(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

/** All shapes that something takes. */
export function shapesText(shapes: readonly Shape[]): string {
  return shapes.map(shapeText).join(' or ');
}

/** The same in little space: `[64|32, 10]` where shapes differ in one axis only. */
export function shortShapesText(shapes: readonly Shape[]): string {
  const [first, ...rest] = shapes;
  if (first === undefined || rest.some(shape => shape.length !== first.length)) return shapesText(shapes);
  const axes = first.map((_, i) => [...new Set(shapes.map(shape => shape[i]))].join('|'));
  return axes.filter(axis => axis.includes('|')).length > 1 ? shapesText(shapes) : `[${axes.join(', ')}]`;
}

/** Text of a file in Markdown that is shown as it is, whatever is in it. */
function code(text: string): string {
  const plain = text.replace(/[^\S\u00a0]+/g, ' ');
  const shown = plain.length > 80 ? `${plain.slice(0, 79)}…` : plain;
  const fence = '`'.repeat(1 + Math.max(0, ...[...shown.matchAll(/`+/g)].map(([ticks]) => ticks.length)));
  const space = fence.length > 1 ? ' ' : '';
  return `${fence}${space}${shown}${space}${fence}`;
}

/** What its axes mean, where a symbol says so. */
function meaning({ shapes }: FoundOccurrence): string | undefined {
  const symbols = new Set(shapes.flat().filter(axis => typeof axis === 'string' && /\bB\b/.test(axis)));
  return symbols.size === 0 ? undefined : '`B` is the size of a batch, which the code leaves open.';
}

/** A shape that no end of a line tears apart. */
function whole(shape: Shape): string {
  return `[${shape.join(',\u00a0')}]`;
}

/** How a tensor came about: `[64, 1, 28, 28] → flatten(1) → [64, 784]`, the last steps of it. */
function historyLine({ history = [] }: FoundOccurrence): string | undefined {
  const steps = history.slice(-5);
  if (steps.length < 2) return undefined;
  const told = steps.map(({ label, shape }, i) =>
    i === 0 ? code(whole(shape)) : `${code(label)} → ${code(whole(shape))}`,
  );
  return `${history.length > steps.length ? '… → ' : ''}${told.join(' → ')}`;
}

function facts(one: FoundOccurrence): string {
  const known = [
    one.dtype === undefined ? undefined : code(one.dtype),
    one.device === undefined ? undefined : `on ${code(one.device)}`,
    one.requiresGrad === true ? code('requires_grad=True') : undefined,
    one.gradFn === undefined ? undefined : `${code('grad_fn')} ${code(one.gradFn)}`,
  ];
  return known.filter(part => part !== undefined).join(' · ');
}

function itemsLine({ items = [] }: FoundOccurrence): string | undefined {
  if (items.length === 0) return undefined;
  const shown = items.slice(0, 8).map(({ shapes }) => code(shapesText(shapes)));
  return `Holds ${shown.join(', ')}${items.length > shown.length ? `, … (${items.length} in all)` : ''}`;
}

function countText(count: number | undefined): string {
  return count === undefined ? '' : `${count.toLocaleString('en-US')} parameters`;
}

function layerTable(module: FoundModule): string | undefined {
  const rows = module.layers.filter(({ parameters, outputs }) => parameters.length > 0 || outputs.length > 0);
  if (rows.length === 0) return undefined;
  // Within a table a bar ends a cell, even in code.
  const cell = (text: string) => code(text).replaceAll('|', '\\|');
  const shown = rows.slice(0, 16).map(({ path, kind, parameters, outputs }) => {
    const held = parameters.map(({ name, shape }) => `${name} ${shapeText(shape)}`).join(', ');
    return `| ${cell(path)} | ${cell(kind)} | ${held === '' ? '' : cell(held)} | ${outputs.length === 0 ? '' : cell(shapesText(outputs))} |`;
  });
  const more = rows.length > shown.length ? `\n\n… and ${rows.length - shown.length} more layers` : '';
  return `| layer | | parameters | output |\n| :-- | :-- | :-- | :-- |\n${shown.join('\n')}${more}`;
}

/** What a module comes to: `109,386 parameters, [B, 784] → [B, 10]`. */
export function moduleLine({ parameterCount, inputs, outputs }: FoundModule): string {
  const flow =
    inputs.length > 0 && outputs.length > 0 ? `${shortShapesText(inputs)} → ${shortShapesText(outputs)}` : '';
  return [countText(parameterCount), flow].filter(part => part !== '').join(' · ');
}

/** The paragraphs about an expression. */
export function hoverText(one: FoundOccurrence, modules: readonly FoundModule[]): string {
  const module = one.module === undefined ? undefined : modules[one.module];
  const shapes = one.shapes.length === 0 ? '' : ` ${code(shapesText(one.shapes))}`;
  const line = module === undefined ? '' : moduleLine(module);
  const paragraphs = [
    `**${one.kind === 'module' ? 'Module' : one.kind === 'array' ? 'Array' : 'Tensor'}** ${code(one.text)}${shapes}`,
    module === undefined ? facts(one) : line,
    itemsLine(one),
    module === undefined ? historyLine(one) : layerTable(module),
    meaning(one),
  ];
  return paragraphs.filter(part => part !== undefined && part !== '').join('\n\n');
}
