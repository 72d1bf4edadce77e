/**
 * Parts of the extension that are loaded and made when somebody needs them first, so that activation waits for none of
 * them. What is loaded is named by `import()`, which the build turns into files of their own.
 */
import * as vscode from 'vscode';

/** A part that is made when it is needed first. */
export class Later<T extends object> implements vscode.Disposable {
  #making: Promise<T> | undefined;
  #made: T | undefined;
  #disposed = false;

  /** @param make loads the part and makes it; tried again where it fails */
  constructor(private readonly make: () => Promise<T>) {}

  /** The part, which is made now if it was not before. */
  get(): Promise<T> {
    this.#making ??= this.#make();
    return this.#making;
  }

  /** Releases the part, if there is one. */
  dispose(): void {
    this.#disposed = true;
    release(this.#made);
  }

  async #make(): Promise<T> {
    try {
      this.#made = await this.make();
    } catch (error) {
      this.#making = undefined;
      throw error;
    }
    // Nobody else would do it any more.
    if (this.#disposed) release(this.#made);
    return this.#made;
  }
}

function release(made: object | undefined): void {
  if (made !== undefined && 'dispose' in made && typeof made.dispose === 'function') made.dispose();
}

type ChangeEvent<T> = NonNullable<vscode.TreeDataProvider<T>['onDidChangeTreeData']>;

/** What of a tree has changed, as its provider tells. */
type Change<T> = ChangeEvent<T> extends vscode.Event<infer C> ? C : never;

/** A tree whose provider is loaded when VS Code asks for the first items. */
export function laterTree<T>(load: () => Promise<vscode.TreeDataProvider<T>>): vscode.TreeDataProvider<T> {
  const changed = new vscode.EventEmitter<Change<T>>();
  const loading = new Later(async () => {
    const provider = await load();
    provider.onDidChangeTreeData?.(item => changed.fire(item));
    return provider;
  });
  return {
    onDidChangeTreeData: changed.event,
    getTreeItem: async item => (await loading.get()).getTreeItem(item),
    getChildren: async item => (await loading.get()).getChildren(item),
    getParent: async item => (await loading.get()).getParent?.(item),
    resolveTreeItem: async (shown, item, token) =>
      (await (await loading.get()).resolveTreeItem?.(shown, item, token)) ?? shown,
  };
}
