/** Which node of a run's graph a person points at: the tree and the pages hear of each other through this. */
import * as vscode from 'vscode';
import type { NodeOfRun } from '../../protocol/graph-page';
import { Disposables } from '../common/disposables';

/** Carries choices from one side to the other. */
export class NodeChoice extends Disposables {
  readonly #inTree = this.add(new vscode.EventEmitter<NodeOfRun>());
  readonly #onPage = this.add(new vscode.EventEmitter<NodeOfRun>());
  readonly #run = this.add(new vscode.EventEmitter<string>());
  #shownRun: string | undefined;
  readonly #opened = this.add(new vscode.EventEmitter<NodeOfRun>());

  /** A node was selected in the tree: pages that show its graph show it. */
  readonly onDidSelectInTree = this.#inTree.event;
  /** A node was chosen on a page: a tree that is in view shows it. */
  readonly onDidChooseOnPage = this.#onPage.event;
  /** A page is about another run: the tree is, too. */
  readonly onDidShowRun = this.#run.event;
  /** A node is to be seen on a page, which is opened for that. */
  readonly onDidOpen = this.#opened.event;

  /** The name of the run that a page was about last; undefined when another run has begun since. */
  get shownRun(): string | undefined {
    return this.#shownRun;
  }

  showRun(run: string): void {
    this.#shownRun = run;
    this.#run.fire(run);
  }

  /** Another run begins: it is that which people want to see. */
  forgetRun(): void {
    this.#shownRun = undefined;
  }

  selectInTree(node: NodeOfRun): void {
    this.#inTree.fire(node);
  }

  chooseOnPage(node: NodeOfRun): void {
    this.#onPage.fire(node);
  }

  open(node: NodeOfRun): void {
    this.#opened.fire(node);
  }
}
