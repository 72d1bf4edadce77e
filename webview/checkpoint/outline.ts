/** What a file is nested of, as text that can be folded: the modules of a network as PyTorch prints them, and values. */
import type { CheckpointModule, CheckpointValue } from '../../src/protocol/checkpoint';
import { element } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { shortClass } from './tensor-columns';

/** Below this depth values are folded at first. */
const openDepth = 2;

/** `(conv1): Conv2d(1, 10, kernel_size=(5, 5))`, each module below the one that it is in. */
export function moduleOutline(modules: readonly CheckpointModule[]): HTMLElement {
  const base = Math.min(...modules.map(({ path }) => path.length));
  const lines = modules.map(({ path, className, settings }) => {
    const name = path.at(-1);
    const line = element('li', {
      children: [
        element('span', {
          class: 'key',
          text: path.length === base || name === undefined ? '' : `(${name}): `,
        }),
        element('span', { class: 'class-name', text: shortClass(className) }),
        element('span', {
          class: 'faint',
          text:
            settings.length === 0 ? '' : ` ${settings.map(([key, value]) => `${key}=${value}`).join(', ')}`,
        }),
      ],
    });
    line.style.paddingLeft = `${(path.length - base) * 24}px`;
    line.title = className;
    return line;
  });
  return element('ul', { class: 'outline modules', children: lines });
}

/** What Python would import, and that nobody did. */
export function importList(imports: readonly string[]): HTMLElement {
  const intro =
    'Python would import these classes and functions to open the file, and could be made to call them. Here they are names: nothing was imported, and nothing was run.';
  return element('div', {
    children: [
      element('p', { class: 'intro', text: intro }),
      element('ul', { class: 'outline', children: imports.map(name => element('li', { text: name })) }),
    ],
  });
}

function leaf({ key, type, text = '', tensor }: CheckpointValue): HTMLElement {
  return element('div', {
    class: 'leaf',
    children: [
      element('span', { class: 'key', text: key }),
      element('span', { class: tensor ? 'faint' : 'value', text: tensor ? 'tensor' : text }),
      element('span', { class: 'faint', text: tensor ? '' : type }),
    ],
  });
}

function branch(value: CheckpointValue, depth: number): HTMLElement {
  const { key, type, children = [], more = 0 } = value;
  const count = children.length + more;
  const summary = element('summary', {
    children: [
      element('span', { class: 'key', text: key === '' ? 'the file' : key }),
      element('span', { class: 'faint', text: `${shortClass(type)}, ${wholeNumber(count)}` }),
    ],
  });
  const made = element('details', { children: [summary] });
  const fill = () => {
    made.append(...children.map(child => valueOutline(child, depth + 1)));
    if (more > 0) made.append(element('div', { class: 'leaf faint', text: `and ${wholeNumber(more)} more` }));
  };
  // What is folded is made when somebody opens it.
  if (depth < openDepth && count <= 100) {
    made.open = true;
    fill();
  } else made.addEventListener('toggle', fill, { once: true });
  return made;
}

/** The values of a file, dictionaries and lists with what is in them. */
export function valueOutline(value: CheckpointValue, depth = 0): HTMLElement {
  return value.children === undefined ? leaf(value) : branch(value, depth);
}
