/** The panel that shows tensors of the run in progress. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { Endpoint } from '../../protocol/endpoint';
import { graphSchema } from '../../protocol/graph';
import {
  type Situation,
  type TensorChoice,
  type TensorHostRequests,
  type TensorPageEvents,
  tensorHostSide,
  tensorPageSide,
} from '../../protocol/tensor-page';
import { type TensorRef, tensorRefSchema } from '../../protocol/tensors';
import { pictureQuery, summarizeQuery, valuesQuery } from '../../protocol/trainer';
import { Disposables } from '../common/disposables';
import { fillPanel, panelOptions } from '../common/page-panel';
import { panelTypes } from '../common/panel-types';
import type { TrainingService } from '../training/training-service';
import { tensorChoices } from './tensor-choices';

type PageEndpoint = Endpoint<TensorHostRequests, object, object, TensorPageEvents>;

/** What the tensors of a run are, read from its folder; nothing where it has no graph yet. */
async function choicesOf(run: string | undefined): Promise<TensorChoice[]> {
  if (run === undefined) return [];
  try {
    return tensorChoices(graphSchema.parse(JSON.parse(await readFile(path.join(run, 'graph.json'), 'utf8'))));
  } catch {
    return [];
  }
}

/** The panel. */
export class TensorPanel extends Disposables {
  #panel: vscode.WebviewPanel | undefined;
  #endpoint: PageEndpoint | undefined;
  #wanted: TensorRef | undefined;
  #choices: { readonly run: string | undefined; readonly list: TensorChoice[] } = {
    run: undefined,
    list: [],
  };

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly training: TrainingService,
  ) {
    super();
    this.add(training.onDidChange(() => void this.#tell()));
    this.add(training.onDidEnd(() => void this.#tell()));
  }

  /** Shows the panel, and in it a tensor if one is given. */
  open(given: unknown, preserveFocus: boolean): void {
    const tensor = tensorRefSchema.safeParse(given).data;
    this.#wanted = tensor ?? this.#wanted;
    if (this.#panel === undefined) {
      this.take(
        vscode.window.createWebviewPanel(
          panelTypes.tensor,
          'Tensors',
          { viewColumn: vscode.ViewColumn.Active, preserveFocus },
          panelOptions(this.extensionUri),
        ),
      );
    } else this.#panel.reveal(undefined, preserveFocus);
    if (tensor !== undefined) this.#endpoint?.notify('select', { tensor });
  }

  /** Fills a panel that was made, or one that VS Code has restored. */
  take(panel: vscode.WebviewPanel): void {
    this.#panel?.dispose();
    this.#panel = panel;
    const endpoint: PageEndpoint = new Endpoint<TensorHostRequests, object, object, TensorPageEvents>(
      tensorHostSide,
      tensorPageSide,
      {
        requests: {
          ready: async () => {
            const situation = await this.#situation();
            if (this.#wanted !== undefined)
              setTimeout(() => endpoint.notify('select', { tensor: this.#wanted ?? firstInput }), 0);
            return situation;
          },
          summarize: params => this.training.query(summarizeQuery, params),
          values: params => this.training.query(valuesQuery, params),
          picture: params => this.training.query(pictureQuery, params),
          pause: async () => {
            await this.training.request('pause', {});
            return {};
          },
          step: async () => {
            await this.training.request('step', { count: 1 });
            return {};
          },
        },
        events: {},
      },
      message => void panel.webview.postMessage(message),
    );
    this.#endpoint = endpoint;
    const messages = panel.webview.onDidReceiveMessage((message: unknown) => endpoint.receive(message));
    panel.onDidDispose(() => {
      messages.dispose();
      endpoint.close();
      if (this.#panel === panel) {
        this.#panel = undefined;
        this.#endpoint = undefined;
      }
    });
    fillPanel(panel, this.extensionUri, { title: 'Tensors', name: 'tensor' });
  }

  async #tell(): Promise<void> {
    if (this.#endpoint !== undefined) this.#endpoint.notify('situation', await this.#situation());
  }

  async #situation(): Promise<Situation> {
    const { folder, phase, progress } = this.training;
    if (this.#choices.run !== folder || this.#choices.list.length === 0)
      this.#choices = { run: folder, list: await choicesOf(folder) };
    return {
      run: folder === undefined ? null : path.basename(folder),
      phase: phase === 'paused' ? 'paused' : this.training.active ? 'running' : 'none',
      step: progress.step,
      choices: this.#choices.list,
    };
  }
}

const firstInput: TensorRef = { kind: 'input', name: 'images' };
