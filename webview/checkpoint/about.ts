/** What a file is, in a few facts, and what a person should know before they trust it. */
import type { CheckpointContent, CheckpointFormat, CheckpointTensor } from '../../src/protocol/checkpoint';
import type { OpenedCheckpoint } from '../../src/protocol/checkpoint-page';
import { bytesText } from '../shared/bytes';
import { element, setShown, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';

const formats: Readonly<Record<CheckpointFormat, string>> = {
  'torch-zip': 'PyTorch',
  'torch-legacy': 'PyTorch, before 1.6',
  torchscript: 'TorchScript',
  pickle: 'Pickle',
  safetensors: 'safetensors',
  onnx: 'ONNX',
  npy: 'NumPy array',
  npz: 'NumPy archive',
};

/** The format in the words of the field. */
export function formatText(format: CheckpointFormat): string {
  return formats[format];
}

/** The types of the tensors, the one with the most elements first. */
export function typesText(tensors: readonly CheckpointTensor[]): string {
  const elements = new Map<string, number>();
  for (const tensor of tensors)
    elements.set(tensor.dtype, (elements.get(tensor.dtype) ?? 0) + tensor.elements);
  const types = [...elements].sort(([, a], [, b]) => b - a).map(([type]) => type);
  return types.length === 0 ? '–' : types.join(', ');
}

function factsOf(content: CheckpointContent): [name: string, value: string][] {
  const { format, writer, size, parameters, tensors, metadata } = content;
  const short = metadata.filter(([, value]) => value.length <= 60).slice(0, 4);
  return [
    ['Format', formatText(format)],
    ...(writer === '' || writer === formatText(format) ? [] : [['Written by', writer] as [string, string]]),
    ['Size', bytesText(size)],
    ['Parameters', wholeNumber(parameters)],
    ['Tensors', wholeNumber(tensors.length)],
    ['Type', typesText(tensors)],
    ...short.map(([name, value]): [string, string] => [name, value]),
  ];
}

/** The header of the page. */
export class About {
  readonly element: HTMLElement;
  readonly #name = element('h1');
  readonly #place = element('p', { class: 'where' });
  readonly #facts = element('dl', { class: 'about-facts' });
  readonly #notes = element('ul', { class: 'notes', attributes: { 'aria-label': 'Notes about this file' } });

  constructor() {
    const identity = element('div', { class: 'identity', children: [this.#name, this.#place] });
    this.element = element('header', {
      class: 'about',
      children: [identity, this.#facts, this.#notes],
    });
  }

  /** Shows a file. */
  show({ name, folder, content }: OpenedCheckpoint): void {
    setText(this.#name, name);
    setText(this.#place, folder);
    this.#place.title = folder;
    this.#facts.replaceChildren(
      ...factsOf(content).map(([title, value]) =>
        element('div', { children: [element('dt', { text: title }), element('dd', { text: value })] }),
      ),
    );
    const { warnings } = content;
    setShown(this.#notes, warnings.length > 0);
    this.#notes.replaceChildren(...warnings.map(text => element('li', { text })));
  }
}
