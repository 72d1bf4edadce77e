/** What was found in a dataset when all of its samples were looked at: what is wrong comes first. */

import type { DatasetSummary } from '../../src/protocol/dataset';
import type { DatasetFindings, DuplicateGroup } from '../../src/protocol/dataset-check';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { wholeNumber } from '../shared/format';
import { bytesOf, pictureOf, splitTitles } from './sample';
import type { Ask } from './sample-tensor';

/** Milliseconds between two questions for how far it is. */
const interval = 150;

const samples = (n: number) => `${wholeNumber(n)} ${n === 1 ? 'sample' : 'samples'}`;
const images = (n: number) => `${wholeNumber(n)} ${n === 1 ? 'image' : 'images'}`;

/** How many things are worth a warning. */
export function warningsIn({ leaked, contradicting, unreadableCount }: DatasetFindings): string[] {
  const warnings = leaked.map(
    ({ part, count }) =>
      `${samples(count)} of the ${splitTitles[part].toLowerCase()} set ${count === 1 ? 'is' : 'are'} in the training set, too: what is measured on ${count === 1 ? 'it' : 'them'} looks better than it is`,
  );
  if (contradicting > 0) {
    const some = contradicting === 1 ? 'an image is' : `${wholeNumber(contradicting)} images are`;
    warnings.push(`${some} there several times with different labels`);
  }
  if (unreadableCount > 0) {
    warnings.push(
      `${wholeNumber(unreadableCount)} ${unreadableCount === 1 ? 'file' : 'files'} cannot be read`,
    );
  }
  return warnings;
}

function section(title: string, text: string, ...content: readonly HTMLElement[]): HTMLElement {
  return element('section', {
    children: [element('h2', { text: title }), element('p', { class: 'faint', text }), ...content],
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const cells = (tag: 'th' | 'td', texts: readonly string[]) => texts.map(text => element(tag, { text }));
  return element('table', {
    class: 'findings',
    children: [
      element('thead', { children: [element('tr', { children: cells('th', head) })] }),
      element('tbody', { children: rows.map(row => element('tr', { children: cells('td', row) })) }),
    ],
  });
}

/** The page of findings. */
export class CheckView {
  readonly element = element('div', { class: 'check' });
  readonly #bar = element('progress', { attributes: { max: '1', value: '0' } });
  readonly #working = element('p', { class: 'working', attributes: { role: 'status' } });
  readonly #text = element('span', { class: 'faint' });
  readonly #found = element('div', { class: 'found' });
  #search = 0;

  /** @param onFound told what is worth a warning */
  constructor(
    private readonly ask: Ask,
    private readonly onFound: (warnings: readonly string[]) => void,
  ) {
    this.#bar.setAttribute('aria-label', 'Looking at all samples');
    this.#working.append(this.#bar, this.#text);
    this.element.append(this.#working, this.#found);
  }

  /** Begins to look, and shows what is found. */
  async begin(summary: DatasetSummary): Promise<void> {
    const search = ++this.#search;
    setShown(this.#working, true);
    this.#found.replaceChildren();
    try {
      for (;;) {
        const answer = await this.ask('check', {});
        if (search !== this.#search) return;
        if (answer.state === 'done') {
          this.#show(answer.findings, summary);
          return;
        }
        this.#bar.value = answer.share;
        setText(this.#text, `${answer.what} … ${Math.floor(100 * answer.share)} %`);
        await new Promise(resolve => setTimeout(resolve, interval));
      }
    } catch (error) {
      if (search !== this.#search) return;
      setShown(this.#working, false);
      const message = messageOf(error);
      this.#found.replaceChildren(
        element('p', { class: 'error', text: message, attributes: { role: 'alert' } }),
      );
    }
  }

  /** Nobody needs what is being looked for. */
  end(): void {
    this.#search++;
  }

  #show(findings: DatasetFindings, summary: DatasetSummary): void {
    setShown(this.#working, false);
    const warnings = warningsIn(findings);
    const list = element('ul', {
      class: 'warnings',
      children: warnings.map(text => element('li', { text })),
    });
    const fine = element('p', {
      text: `${samples(findings.compared)} compared: no test sample is in the training set, no image has two labels, every file can be read.`,
    });
    this.#found.replaceChildren(
      warnings.length > 0 ? list : fine,
      ...this.#duplicates(findings, summary),
      ...this.#unreadable(findings),
      ...this.#sizes(findings, summary),
    );
    this.onFound(warnings);
  }

  #duplicates({ groups, shown, repeated }: DatasetFindings, summary: DatasetSummary): HTMLElement[] {
    if (groups === 0) return [];
    const parts = repeated.map(
      ({ part, count }) => `${wholeNumber(count)} in the ${splitTitles[part].toLowerCase()} set`,
    );
    const superfluous = parts.length === 0 ? '' : `; ${parts.join(' and ')} repeat another`;
    const more = groups > shown.length ? `; the first ${shown.length} are shown` : '';
    const text = `${images(groups)} ${groups === 1 ? 'is' : 'are'} there more than once, equal in every pixel${superfluous}${more}.`;
    const items = shown.map(group => this.#group(group, summary));
    return [section('Duplicates', text, element('ul', { class: 'duplicates', children: items }))];
  }

  #group({ members, size, pixels }: DuplicateGroup, summary: DatasetSummary): HTMLElement {
    const names = members.map(({ part, index, label, file }) => {
      const className = summary.classes[label] ?? String(label);
      const where = `${splitTitles[part]} ${index}`;
      return element('li', {
        children: [
          element('span', { class: 'part', text: where }),
          element('span', { class: 'class-name', text: className }),
          ...(file === null ? [] : [element('span', { class: 'faint file', text: file })]),
        ],
      });
    });
    if (size > members.length) {
      names.push(element('li', { class: 'faint', text: `and ${wholeNumber(size - members.length)} more` }));
    }
    const several = new Set(members.map(({ label }) => label)).size > 1;
    return element('li', {
      class: several ? 'contradicting' : '',
      children: [
        pictureOf(bytesOf(pixels), summary, 56, `An image that is there ${size} times`),
        element('ul', { children: names }),
      ],
    });
  }

  #unreadable({ unreadable, unreadableCount }: DatasetFindings): HTMLElement[] {
    if (unreadableCount === 0) return [];
    const rest = unreadableCount - unreadable.length;
    const text =
      'They are not shown here. Training stops at such a file, unless it is to leave them out: "onBadFile": "skip" in descent.json.' +
      (rest > 0 ? ` ${wholeNumber(rest)} more are not listed.` : '');
    const rows = unreadable.map(({ file, reason }) => [file, reason]);
    return [section('Files that cannot be read', text, table(['File', 'Reason'], rows))];
  }

  #sizes({ sizes, sizeCount }: DatasetFindings, { height, width }: DatasetSummary): HTMLElement[] {
    const total = sizes.reduce((sum, { count }) => sum + count, 0);
    const [only] = sizes;
    if (only === undefined) return [];
    if (sizeCount === 1 && only.width === width && only.height === height) {
      return [
        section('Image sizes', `All ${images(total)} are ${only.height} × ${only.width} pixels large.`),
      ];
    }
    const rest = sizeCount > sizes.length ? ` The ${sizes.length} most frequent are shown.` : '';
    const text = `${wholeNumber(sizeCount)} ${sizeCount === 1 ? 'size' : 'sizes'}; for a network all become ${height} × ${width}.${rest}`;
    const rows = sizes.map(size => [
      `${size.height} × ${size.width}`,
      wholeNumber(size.count),
      size.count === 1 ? size.example : `${size.example}, …`,
    ]);
    return [section('Image sizes', text, table(['Height × width', 'Images', 'Such as'], rows))];
  }
}
