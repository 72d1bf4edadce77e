/** Graphs of runs: the view in the sidebar with its commands, and the panel of a graph. */
import path from 'node:path';
import * as vscode from 'vscode';
import { commands } from '../commands/ids';
import { Later, laterTree } from '../common/later';
import { registerCommand } from '../common/log';
import { panelTypes } from '../common/panel-types';
import { restorePanels } from '../common/restore-panels';
import type { GraphPanelContext } from './graph-panel';
import type { Entry } from './graph-tree';
import type { GraphView, GraphViewContext } from './graph-view';

/** What the features work with. */
export interface GraphContext extends GraphViewContext, GraphPanelContext {
  readonly log: vscode.LogOutputChannel;
}

function registerView(context: GraphContext): vscode.Disposable {
  const { training, nodes, log } = context;
  const tree: Later<GraphView> = new Later(async () => {
    const { GraphView } = await import('./graph-view');
    return new GraphView(view, context);
  });
  const view = vscode.window.createTreeView<Entry>('descent.graph', {
    treeDataProvider: laterTree(async () => (await tree.get()).provider),
    showCollapseAll: true,
  });
  return vscode.Disposable.from(
    tree,
    view,
    training.onEvents(events => {
      if (events.some(({ event }) => event === 'start')) nodes.forgetRun();
    }),
    registerCommand(log, commands.graphByModule, async () => (await tree.get()).show('module')),
    registerCommand(log, commands.graphByChain, async () => (await tree.get()).show('chain')),
    registerCommand(log, commands.showInGraph, async place => (await tree.get()).showInGraph(place)),
    registerCommand(log, commands.inspectNode, async place => (await tree.get()).inspect(place)),
    registerCommand(log, commands.goToSource, async place => (await tree.get()).goToSource(place)),
  );
}

function registerPanel(context: GraphContext): vscode.Disposable {
  const panel = new Later(async () => {
    const { GraphPanel } = await import('./graph-panel');
    return new GraphPanel(context);
  });
  const open = async (argument: unknown, selected: unknown) => {
    const { runsOf } = await import('../runs/runs-view');
    const run = typeof argument === 'string' ? argument : runsOf(argument, selected)[0]?.folder;
    await (await panel.get()).open(run === undefined ? undefined : path.basename(run));
  };
  return vscode.Disposable.from(
    panel,
    registerCommand(context.log, commands.openGraph, open),
    restorePanels(panelTypes.graph, async restored => (await panel.get()).take(restored)),
  );
}

/** Registers the view, the panel, and their commands. */
export function registerGraph(context: GraphContext): vscode.Disposable {
  return vscode.Disposable.from(registerView(context), registerPanel(context));
}
