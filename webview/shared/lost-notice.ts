/** Says on any page that whoever serves it does not answer, as long as that is so. */
import { element, setShown } from './dom';

/** What is said in a browser, and in the editor, where the page itself may be left over. */
const texts = {
  server: 'The connection is lost: what serves this page has ended, or cannot be reached. Trying again …',
  editor:
    'The connection is lost: Descent does not answer. Trying again … If extensions were restarted, close this page and open it again.',
} as const;

/** Makes the notice of a page; what it gives shows it and hides it. */
export function lostNotice(served: keyof typeof texts): (lost: boolean) => void {
  const notice = element('p', { class: 'lost', text: texts[served], attributes: { role: 'status' } });
  return lost => {
    if (lost && !notice.isConnected) document.body.append(notice);
    setShown(notice, lost);
  };
}
