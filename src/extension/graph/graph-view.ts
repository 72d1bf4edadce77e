/** The view *Graph* in the sidebar: what is selected in it, and what can be done with that. */
import * as vscode from 'vscode';
import type { Graph } from '../../protocol/graph';
import type { NodeOfRun } from '../../protocol/graph-page';
import type { TensorRef } from '../../protocol/tensors';
import { commands, keepFocus } from '../commands/ids';
import { Disposables } from '../common/disposables';
import type { RunStore } from '../runs/run-store';
import type { TrainingService } from '../training/training-service';
import { GraphProvider, moduleOf, type Way } from './graph-provider';
import type { Entry } from './graph-tree';
import type { NodeChoice } from './node-choice';
import { openSource } from './open-source';

/** The tensor that a place stands for, if it is one that can be looked at. */
export function tensorOf(graph: Graph, { node }: Entry): TensorRef | undefined {
  if (node === null) return undefined;
  const parameter = graph.nodes[node]?.parameter ?? null;
  return parameter === null
    ? { kind: 'node', node, of: 'value' }
    : { kind: 'parameter', name: parameter, of: 'value' };
}

/** What the view works with. */
export interface GraphViewContext {
  readonly training: TrainingService;
  readonly store: RunStore;
  readonly nodes: NodeChoice;
}

/** The view. What VS Code gives to its commands is what the tree is made of. */
export class GraphView extends Disposables {
  readonly provider: GraphProvider;
  /** The places that pages had selected and VS Code has yet to tell of: these are no choices of the person in the tree. */
  readonly #revealed = new Set<string>();

  constructor(
    private readonly view: vscode.TreeView<Entry>,
    private readonly context: GraphViewContext,
  ) {
    super();
    const { training, store, nodes } = context;
    const provider = this.add(new GraphProvider(training, store, nodes, () => view.visible));
    this.provider = provider;
    this.add(nodes.onDidChooseOnPage(chosen => void this.#reveal(chosen)));
    this.add(nodes.onDidShowRun(run => void provider.follow(run)));
    this.add(view.onDidChangeVisibility(() => provider.refresh()));
    this.add(
      provider.onDidChangeTreeData(() => {
        view.description = provider.title ?? '';
      }),
    );
    this.add(view.onDidChangeSelection(({ selection }) => this.#select(selection[0])));
    // That it came into view was told before this was there to hear it.
    provider.refresh();
  }

  /** Shows the graph in one of two ways. */
  show(way: Way): void {
    this.provider.way = way;
    void vscode.commands.executeCommand('setContext', 'descent.graphWay', way);
  }

  /** Shows a place on a page. */
  showInGraph(argument: unknown): void {
    const chosen = this.#nodeOf(this.#entryOf(argument));
    if (chosen !== undefined) this.context.nodes.open(chosen);
  }

  /** Shows the tensor of a place. */
  inspect(argument: unknown): Thenable<unknown> {
    return this.#inspect(this.#entryOf(argument));
  }

  /** Goes to the line where the module of a place is made. */
  async goToSource(argument: unknown): Promise<void> {
    const entry = this.#entryOf(argument);
    const { graph } = this.provider;
    if (graph !== undefined && entry !== undefined) await openSource(graph, moduleOf(graph, entry));
  }

  #entryOf(argument: unknown): Entry | undefined {
    return this.provider.find(argument) ?? this.view.selection[0];
  }

  #inspect(entry: Entry | undefined, focus?: typeof keepFocus): Thenable<unknown> {
    const { graph } = this.provider;
    const tensor = graph && entry && tensorOf(graph, entry);
    return vscode.commands.executeCommand(commands.inspectTensor, tensor, focus);
  }

  #nodeOf(entry: Entry | undefined): NodeOfRun | undefined {
    const { run } = this.provider;
    const node = entry?.node ?? null;
    return run === undefined || node === null ? undefined : { run, node };
  }

  #select(entry: Entry | undefined): void {
    const chosen = this.#nodeOf(entry);
    if (entry === undefined || chosen === undefined || this.#revealed.delete(entry.key)) return;
    this.context.nodes.selectInTree(chosen);
    // A run that rests is looked into by pointing; else what the tree says is all there is.
    if (this.context.training.phase === 'paused') void this.#inspect(entry, keepFocus);
  }

  async #reveal(chosen: NodeOfRun): Promise<void> {
    const { view, provider } = this;
    if (!view.visible) return;
    await provider.follow(chosen.run);
    const entry = provider.placeOf(chosen);
    if (entry === undefined || view.selection[0]?.key === entry.key) return;
    this.#revealed.add(entry.key);
    await view.reveal(entry, { select: true, focus: false });
  }
}
