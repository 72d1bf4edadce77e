/** Walking the children of a node of the parser's tree, one after the other. */
import type { SyntaxNode } from '@lezer/common';

/** The children of a node in order, comments left out. */
export class Children {
  readonly #nodes: SyntaxNode[] = [];
  #next = 0;

  constructor(parent: SyntaxNode) {
    for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
      if (child.name !== 'Comment') this.#nodes.push(child);
    }
  }

  /** The next child, which stays the next one. */
  get peek(): SyntaxNode | undefined {
    return this.#nodes[this.#next];
  }

  get done(): boolean {
    return this.#next >= this.#nodes.length;
  }

  /** The next child. */
  take(): SyntaxNode | undefined {
    return this.#nodes[this.#next++];
  }

  /** Takes the next child if it is of this kind. */
  skip(name: string): SyntaxNode | undefined {
    return this.peek?.name === name ? this.take() : undefined;
  }

  /** Takes children up to and without the first of these kinds. */
  until(...names: string[]): SyntaxNode[] {
    const taken: SyntaxNode[] = [];
    while (this.peek !== undefined && !names.includes(this.peek.name)) {
      taken.push(this.peek);
      this.#next++;
    }
    return taken;
  }

  /** Takes what is left. */
  rest(): SyntaxNode[] {
    return this.until();
  }
}

/** Splits at commas; an empty part at the end is left out. */
export function splitAtCommas(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') parts.push([]);
    else parts.at(-1)?.push(node);
  }
  return parts.at(-1)?.length === 0 ? parts.slice(0, -1) : parts;
}
