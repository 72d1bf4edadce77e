/** What a screen reader says of a box: what it is, what it leads to and what it comes from. */
import type { SceneBox } from './scene';
import type { SceneIndex } from './scene-index';

const kinds: Readonly<Record<SceneBox['kind'], string>> = {
  node: 'operation',
  parameter: 'parameter',
  input: 'input',
  module: 'module',
  repeat: 'sequence of equal modules',
};

function nameOf(box: SceneBox | undefined): string {
  return box === undefined ? '' : [box.title, box.about].filter(text => text !== '').join(' ');
}

function listOf(lead: string, boxes: readonly (SceneBox | undefined)[]): string {
  const names = [...new Set(boxes.map(nameOf))].filter(name => name !== '');
  return names.length === 0 ? '' : `${lead} ${names.join(', ')}`;
}

/** A box in words. */
export function spoken(box: SceneBox, index: SceneIndex): string {
  const parts = [
    nameOf(box),
    box.badge === '' ? kinds[box.kind] : `${kinds[box.kind]}, ${box.badge.replace('×', '')} times`,
    box.detail,
    box.open === null ? '' : box.open ? 'open' : 'closed',
    listOf(
      'from',
      index.arriving(box.id).map(({ from }) => index.box(from)),
    ),
    listOf(
      'to',
      index.leaving(box.id).map(({ to }) => index.box(to)),
    ),
    listOf('in', [index.box(box.parent)]),
  ];
  return parts.filter(part => part !== '').join(', ');
}
