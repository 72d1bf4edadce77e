/** A page below the strip of the dashboard, about the run that is shown. */
import type { HostRequests } from '../../src/protocol/dashboard';
import type { Theme } from './theme';

/** The run that a page is about. */
export interface ShownRun {
  readonly id: string;
  /** Whether nothing more will come of it. */
  readonly ended: boolean;
}

/** What a page works with. */
export interface PageParts {
  /** Asks the host. */
  request<K extends keyof HostRequests>(
    name: K,
    params: HostRequests[K]['params'],
  ): Promise<HostRequests[K]['result']>;
  theme(): Theme;
  /** Says something to a screen reader. */
  say(text: string): void;
  /** Whether there is an editor that shows where a module is made. */
  canOpenSource(): boolean;
  /** Saves a file where the person chooses. */
  save(name: string, content: Blob): Promise<void>;
  /** Says what went wrong; null where nothing does any more. */
  report(message: string | null): void;
}

/** A page below the strip. */
export interface RunPage {
  readonly element: HTMLElement;
  /** Shows a run, or what is new of it; null for none. */
  show(run: ShownRun | null): void;
  /** The page has come into view, or has gone. */
  setVisible(visible: boolean): void;
  /** Draws everything in the colours of another theme. */
  themeChanged(): void;
}
