/** What else is not the same in both files, as a table: before and after. */
import type { ChangedValue } from '../../src/protocol/comparison-page';
import { element } from '../shared/dom';

/** Makes the table. @param what such as `Module` */
export function changesTable(what: string, changes: readonly ChangedValue[]): HTMLElement {
  const head = [what, 'Before', 'After'].map(text => element('th', { text, attributes: { scope: 'col' } }));
  const rows = changes.map(({ name, before, after }) =>
    element('tr', {
      children: [
        element('th', { text: name, attributes: { scope: 'row' } }),
        ...[before, after].map(text =>
          text === null ? element('td', { class: 'faint', text: 'not there' }) : element('td', { text }),
        ),
      ],
    }),
  );
  return element('table', {
    class: 'changes',
    children: [
      element('thead', { children: [element('tr', { children: head })] }),
      element('tbody', { children: rows }),
    ],
  });
}
