/** Texts that a file carries, such as the code of a TorchScript archive: each is asked for when somebody opens it. */

import type { CheckpointText } from '../../src/protocol/checkpoint';
import { bytesText } from '../shared/bytes';
import { element } from '../shared/dom';
import { messageOf } from '../shared/errors';

/** Makes the view. @param ask gives the text of this name */
export function codeView(
  texts: readonly CheckpointText[],
  ask: (name: string) => Promise<string>,
): HTMLElement {
  const parts = texts.map(({ name, bytes }) => {
    const body = element('pre', { class: 'code', text: 'Reading …', attributes: { tabindex: '0' } });
    body.setAttribute('aria-label', name);
    const summary = element('summary', {
      children: [
        element('span', { class: 'key', text: name }),
        element('span', { class: 'faint', text: bytesText(bytes) }),
      ],
    });
    const made = element('details', { children: [summary, body] });
    const read = () => {
      ask(name).then(
        text => {
          body.textContent = text;
        },
        (error: unknown) => {
          body.textContent = messageOf(error);
        },
      );
    };
    made.addEventListener('toggle', read, { once: true });
    return made;
  });
  return element('div', { class: 'outline', children: parts });
}
