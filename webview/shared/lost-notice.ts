/** Says on any page that whoever serves it does not answer, as long as that is so. */
import { reopenName } from '../../src/protocol/page';
import { element, setShown } from './dom';

/** What is said in a browser, and in the editor, where the page itself may be left over. */
const texts = {
  server: 'The connection is lost: what serves this page has ended, or cannot be reached. Trying again …',
  editor: 'The connection is lost: Descent does not answer. Trying again … If extensions were restarted, ',
} as const;

/** The way to a page that is answered: a link where a command leads to one. */
function wayBack(): (string | HTMLElement)[] {
  const address = document.querySelector(`meta[name="${reopenName}"]`)?.getAttribute('content') ?? '';
  if (address === '') return ['close this page and open it again.'];
  return [element('a', { text: 'open it again', attributes: { href: address } }), ' and close this page.'];
}

/** Makes the notice of a page; what it gives shows it and hides it. */
export function lostNotice(served: keyof typeof texts): (lost: boolean) => void {
  const more = served === 'editor' ? wayBack() : [];
  const notice = element('p', {
    class: 'lost',
    attributes: { role: 'status' },
    children: [texts[served], ...more],
  });
  return lost => {
    if (lost && !notice.isConnected) document.body.append(notice);
    setShown(notice, lost);
  };
}
