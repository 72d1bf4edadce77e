/** Both files, and what has become of the first one's tensors in the second, in a few numbers. */
import type { Comparison, FoundDifference } from '../../src/protocol/comparison-page';
import { bytesText } from '../shared/bytes';
import { element, setShown, setText } from '../shared/dom';
import { wholeNumber } from '../shared/format';
import { fullName } from '../tensor-table/name-tree';
import { relativeText } from './pair-columns';

/** The header. */
export class Summary {
  readonly element: HTMLElement;
  readonly #title = element('h1');
  readonly #files = element('div', { class: 'files' });
  readonly #numbers = element('dl', { class: 'about-facts' });
  readonly #verdict = element('p', { class: 'verdict', attributes: { role: 'status' } });
  readonly #aligned = element('p', { class: 'faint aligned' });

  constructor() {
    this.element = element('header', {
      class: 'about',
      children: [
        element('div', { class: 'identity', children: [this.#title, this.#files, this.#aligned] }),
        this.#numbers,
        this.#verdict,
      ],
    });
  }

  /** Shows two files. */
  show({ before, after, aligned }: Comparison): void {
    setText(this.#title, before.name === after.name ? before.name : `${before.name} → ${after.name}`);
    this.#files.replaceChildren(
      ...[before, after].map(({ name, folder, size, parameters }, i) => {
        const made = element('p', {
          class: 'where',
          text: `${i + 1}. ${bytesText(size)}, ${wholeNumber(parameters)} parameters, in ${folder}`,
        });
        made.title = `${folder}/${name}`;
        return made;
      }),
    );
    setText(this.#aligned, aligned === null ? '' : `Compared: ${aligned}.`);
    setShown(this.#aligned, aligned !== null);
  }

  /** Shows what is known by now. */
  tell({ pairs }: Comparison, of: (number: number) => FoundDifference | undefined): void {
    const inside = pairs.filter(({ outside }) => !outside);
    const count = (kind: string) => inside.filter(pair => pair.kind === kind).length;
    let [changed, same, unknown] = [0, 0, 0];
    let most: { readonly name: string; readonly relative: number } | undefined;
    pairs.forEach((pair, number) => {
      const found = of(number);
      if (pair.kind !== 'both') return;
      if (found === undefined) unknown++;
      else if (found.changed > 0) changed++;
      else if (found.problem === null) same++;
      const relative = found?.relative ?? 0;
      if (relative > (most?.relative ?? 0)) most = { name: fullName(pair), relative };
    });
    const facts: [name: string, value: number][] = [
      ['Changed', changed],
      ['The same', same],
      ['Other shape', count('reshaped')],
      ['Removed', count('removed')],
      ['Added', count('added')],
      ...(inside.length === pairs.length
        ? []
        : [['Elsewhere', pairs.length - inside.length] as [string, number]]),
    ];
    this.#numbers.replaceChildren(
      ...facts.map(([name, value]) =>
        element('div', {
          class: value === 0 ? 'zero' : '',
          children: [element('dt', { text: name }), element('dd', { text: wholeNumber(value) })],
        }),
      ),
    );
    const others = count('reshaped') + count('removed') + count('added');
    const done = unknown === 0;
    const equal = done && changed === 0 && others === 0;
    const text = equal
      ? inside.length === pairs.length
        ? 'Both files hold the same tensors with the same values.'
        : 'What is compared holds the same tensors with the same values.'
      : most === undefined
        ? ''
        : `${most.name} has changed most${done ? '' : ' so far'}: by ${relativeText(most.relative)} of its norm.`;
    setText(this.#verdict, text);
    setShown(this.#verdict, text !== '');
  }
}
