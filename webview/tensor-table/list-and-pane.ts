/** A list of tensors, and beside it in a pane the one that was chosen; Escape closes the pane, Ctrl+F leads to the search. */
import { element } from '../shared/dom';

/** The list. */
export interface ItemList<Item> {
  readonly element: HTMLElement;
  /** Marks the item that is shown beside the list; none where it is undefined. */
  mark(item: Item | undefined): void;
  focus(): void;
  focusSearch(): void;
}

/** The pane. */
export interface ItemPane<Item> {
  readonly element: HTMLElement;
  readonly open: boolean;
  show(item: Item): Promise<void>;
  close(): void;
}

/** A list and a pane beside each other. */
export class ListAndPane<Item> {
  readonly element: HTMLElement;

  /**
   * @param keep keeps which item is shown; null for none
   * @param visible whether the page with the list can be seen
   */
  constructor(
    private readonly list: ItemList<Item>,
    private readonly pane: ItemPane<Item>,
    private readonly keep: (item: Item | null) => void,
    visible: () => boolean,
  ) {
    this.element = element('div', { class: 'tensors', children: [list.element, pane.element] });
    document.addEventListener('keydown', event => {
      if (event.defaultPrevented) return;
      if (event.key === 'Escape' && pane.open) this.close();
      else if (event.key === 'f' && (event.ctrlKey || event.metaKey) && visible()) {
        list.focusSearch();
        event.preventDefault();
      }
    });
  }

  /** Shows an item beside the list. */
  choose(item: Item): void {
    this.keep(item);
    this.element.classList.add('split');
    this.list.mark(item);
    void this.pane.show(item);
  }

  /** Leaves the room to the list. */
  close(): void {
    this.keep(null);
    const inside = this.pane.element.contains(document.activeElement);
    this.element.classList.remove('split');
    this.list.mark(undefined);
    this.pane.close();
    if (inside) this.list.focus();
  }
}
