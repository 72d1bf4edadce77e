/** The page of a single graph: which run it is of, and the graph. */

import { Endpoint } from '../../src/protocol/endpoint';
import {
  type GraphHostRequests,
  type GraphPageEvents,
  graphHostSide,
  graphPageSide,
  type ShownRun,
} from '../../src/protocol/graph-page';
import { toBase64 } from '../shared/base64';
import { button } from '../shared/controls';
import { element, setShown, setText } from '../shared/dom';
import { messageOf } from '../shared/errors';
import { onThemeChange } from '../shared/theme';
import { connect, type Wire } from '../shared/wire';
import { readGraphState } from './graph-state';
import { GraphView } from './graph-view';

/** Milliseconds for what a person is asked, such as where to save. */
const personsPatience = 3_600_000;

type Link = Endpoint<object, GraphPageEvents, GraphHostRequests, object>;

/** The page. */
export class GraphPage {
  readonly #wire: Wire;
  readonly #view: GraphView;
  readonly #title = element('h1');
  readonly #about = element('p', { class: 'about' });
  readonly #error = element('p', { class: 'error', attributes: { role: 'alert' } });
  readonly #train = button('Train MNIST MLP', () => void this.#try(this.#ask('train', {})), {
    primary: true,
  });
  readonly #spoken = element('p', { class: 'for-screen-readers', attributes: { 'aria-live': 'polite' } });
  #link: Link | undefined;
  #run: string | null = null;

  constructor(root: HTMLElement) {
    this.#wire = connect({
      onMessage: message => this.#link?.receive(message),
      onOpen: () => void this.#open(),
      onClose: () => this.#link?.close(),
    });
    const state = readGraphState(this.#wire.load());
    this.#run = state.run;
    this.#view = new GraphView(
      {
        graph: run => this.#ask('graph', { run }),
        look: (run, known) => this.#ask('look', { run, known }),
        chooseNode: (run, node) => void this.#try(this.#ask('chooseNode', { run, node })),
        openSource: (run, module) => void this.#try(this.#ask('openSource', { run, module })),
        save: async (name, content) => {
          await this.#ask('save', { name, base64: await toBase64(content) }, personsPatience);
        },
        keep: kept => this.#wire.save(kept),
        say: text => setText(this.#spoken, text),
        report: message => this.#report(message),
      },
      state,
    );
    const identity = element('div', { class: 'identity', children: [this.#title, this.#about] });
    root.append(
      element('main', {
        class: 'page graph-page',
        children: [
          element('header', { class: 'strip', children: [identity, this.#train.element, this.#error] }),
          this.#view.element,
        ],
      }),
      this.#spoken,
    );
    onThemeChange(() => this.#view.themeChanged());
    this.#report(null);
    this.#view.setVisible(true);
  }

  async #open(): Promise<void> {
    this.#link?.close();
    this.#link = new Endpoint<object, GraphPageEvents, GraphHostRequests, object>(
      graphPageSide,
      graphHostSide,
      {
        requests: {},
        events: {
          show: ({ run }) => this.#show(run),
          showNode: ({ run, node }) => {
            if (run === this.#run) this.#view.showNode(node);
          },
        },
      },
      message => this.#wire.send(message),
    );
    await this.#try(this.#ask('ready', { run: this.#run }).then(({ run }) => this.#show(run)));
  }

  #show(run: ShownRun | null): void {
    this.#run = run?.id ?? null;
    setText(this.#title, run?.title ?? 'No runs yet');
    setText(this.#about, run?.about ?? '');
    setShown(this.#train.element, run === null);
    this.#view.show(this.#run, run?.going ?? false);
  }

  async #ask<K extends keyof GraphHostRequests>(
    name: K,
    params: GraphHostRequests[K]['params'],
    patience?: number,
  ): Promise<GraphHostRequests[K]['result']> {
    if (this.#link === undefined) throw new Error('the connection is not open yet');
    return this.#link.request(name, params, patience);
  }

  async #try(asked: Promise<unknown>): Promise<void> {
    try {
      await asked;
      this.#report(null);
    } catch (error) {
      this.#report(messageOf(error));
    }
  }

  #report(message: string | null): void {
    setText(this.#error, message ?? '');
    setShown(this.#error, message !== null);
  }
}
