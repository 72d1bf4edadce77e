/** The pages of evaluations, a panel each, and the processes that compute for them. */
import path from 'node:path';
import * as vscode from 'vscode';
import * as z from 'zod/mini';
import type { WireMessage } from '../../protocol/endpoint';
import {
  type EditorOrder,
  editorOrderSchema,
  evaluationSubjectSchema,
  type PageSubject,
} from '../../protocol/evaluation-page';
import { Disposables } from '../common/disposables';
import { fillPanel, panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import { EvaluatorProcess } from './evaluator-process';

/** What a page keeps of its subject; there is more that only the page reads. */
const keptSchema = z.looseObject({ subject: evaluationSubjectSchema });

const orderMessage = z.object({
  kind: z.literal('event'),
  name: z.literal('order'),
  params: editorOrderSchema,
});

/** What panels work with. */
export interface EvaluationPanelContext {
  readonly extensionUri: vscode.Uri;
  /** The trainer's bundle. */
  readonly module: string;
  readonly log: vscode.LogOutputChannel;
  /** Asks the person; undefined if they changed their mind. */
  readonly change: (order: EditorOrder, subject: PageSubject) => Promise<PageSubject | undefined>;
}

/** A page that is open. */
interface OpenPage {
  readonly panel: vscode.WebviewPanel;
  /** Evaluates something else on the page. */
  readonly begin: (subject: PageSubject) => void;
  readonly end: () => void;
}

/** The pages of evaluations that are open, one for each file. */
export class EvaluationPanels extends Disposables {
  readonly #open = new Map<string, OpenPage>();

  constructor(private readonly context: EvaluationPanelContext) {
    super();
  }

  /** Fills a panel that VS Code has restored after a reload. */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = keptSchema.safeParse(state);
    if (kept.success) this.#take(panel, kept.data.subject);
    else panel.dispose();
  }

  /** Shows the page of a file. */
  show(subject: PageSubject): void {
    const open = this.#open.get(subject.file);
    if (open !== undefined) {
      open.panel.reveal();
      open.begin(subject);
      return;
    }
    const title = `Evaluation: ${path.basename(subject.file)}`;
    const options = { ...panelOptions(this.context.extensionUri), retainContextWhenHidden: true };
    const panel = vscode.window.createWebviewPanel(
      panelTypes.evaluation,
      title,
      vscode.ViewColumn.Active,
      options,
    );
    this.#take(panel, subject);
  }

  /** The panels stay, and are restored; their processes end. */
  override dispose(): void {
    for (const { end } of this.#open.values()) end();
    super.dispose();
  }

  /** Fills a panel that was made, or one that VS Code has restored after a reload. */
  #take(panel: vscode.WebviewPanel, first: PageSubject): void {
    const { extensionUri, log } = this.context;
    const tell = (event: Extract<WireMessage, { kind: 'event' }>) => void panel.webview.postMessage(event);
    let subject = first;
    let evaluator = this.#processFor(panel, subject);
    // A person may still be asked, or a message be on its way, when the page is gone: nothing begins any more then.
    let closed = false;
    const begin = (next: PageSubject) => {
      if (closed) return;
      evaluator.dispose();
      subject = next;
      evaluator = this.#processFor(panel, subject);
      evaluator.start();
      tell({ kind: 'event', name: 'changed', params: {} });
    };
    const change = async (order: EditorOrder) => {
      const next = await this.context.change(order, subject);
      if (next !== undefined) begin(next);
    };
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => {
      if (closed) return;
      const order = orderMessage.safeParse(message);
      if (order.success) change(order.data.params).catch(error => log.error(String(error)));
      else if (typeof message === 'object' && message !== null) evaluator.post(message);
    });
    const end = () => {
      closed = true;
      evaluator.dispose();
    };
    this.#open.set(first.file, { panel, begin, end });
    panel.onDidDispose(() => {
      if (this.#open.get(first.file)?.panel === panel) this.#open.delete(first.file);
      messages.dispose();
      end();
    });
    evaluator.start();
    fillPanel(panel, extensionUri, { title: panel.title, name: 'evaluation' });
  }

  #processFor(panel: vscode.WebviewPanel, subject: PageSubject): EvaluatorProcess {
    const { module, log } = this.context;
    return new EvaluatorProcess(module, subject, {
      onMessage: message => void panel.webview.postMessage(message),
      onOutput: text => log.warn(text),
      onFailure: reason => {
        const message = `The process that evaluates has failed: ${reason}`;
        log.error(`${subject.file}: ${message}`);
        void panel.webview.postMessage({ kind: 'event', name: 'failed', params: { message } });
      },
    });
  }
}
