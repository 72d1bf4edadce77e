/** A button that opens a small panel below it; Escape and a click elsewhere close the panel. */
import { element } from '../shared/dom';

let count = 0;

/** Makes the button and its panel, in one element. */
export function menu(label: string, content: readonly Node[]): HTMLElement {
  const id = `menu-${++count}`;
  const panel = element('div', { class: 'menu-panel', attributes: { id }, children: content });
  panel.hidden = true;
  const opener = element('button', {
    class: 'tool menu-button',
    text: '⋯',
    attributes: {
      type: 'button',
      'aria-label': label,
      'aria-expanded': 'false',
      'aria-controls': id,
      title: label,
    },
  });
  const made = element('div', { class: 'menu', children: [opener, panel] });
  const setOpen = (open: boolean) => {
    panel.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
  };
  opener.addEventListener('click', () => setOpen(panel.hidden !== false));
  made.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || panel.hidden) return;
    setOpen(false);
    opener.focus();
  });
  document.addEventListener('pointerdown', event => {
    if (event.target instanceof Node && !made.contains(event.target)) setOpen(false);
  });
  made.addEventListener('focusout', event => {
    if (event.relatedTarget instanceof Node && !made.contains(event.relatedTarget)) setOpen(false);
  });
  return made;
}
