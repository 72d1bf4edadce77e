/**
 * The controls of all pages. This is the only file that knows `@vscode/webview-ui-toolkit`, so that another
 * set of components is a change of this file.
 */
import {
  Button,
  Checkbox,
  provideVSCodeDesignSystem,
  TextField,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';

provideVSCodeDesignSystem().register(vsCodeButton(), vsCodeCheckbox(), vsCodeTextField());

function make<T extends HTMLElement>(tag: string, type: abstract new (...args: never[]) => T): T {
  const made = document.createElement(tag);
  if (!(made instanceof type)) throw new Error(`there is no control "${tag}"`);
  return made;
}

/** A button. */
export interface ButtonControl {
  readonly element: HTMLElement;
  setLabel(label: string): void;
  setEnabled(enabled: boolean): void;
}

/** Makes a button with a word on it; of the primary ones there is one on a page. */
export function button(
  label: string,
  onClick: () => void,
  { primary = false, title = '' } = {},
): ButtonControl {
  const made = make('vscode-button', Button);
  made.appearance = primary ? 'primary' : 'secondary';
  made.textContent = label;
  if (title !== '') made.title = title;
  made.addEventListener('click', onClick);
  return {
    element: made,
    setLabel: text => {
      if (made.textContent !== text) made.textContent = text;
    },
    setEnabled: enabled => {
      made.disabled = !enabled;
    },
  };
}

/** A box to tick. */
export interface CheckboxControl {
  readonly element: HTMLElement;
  set(checked: boolean): void;
  setEnabled(enabled: boolean): void;
}

/** Makes a box to tick with a label beside it; `bare` for one whose label only screen readers say. */
export function checkbox(
  label: string,
  onChange: (checked: boolean) => void,
  { bare = false } = {},
): CheckboxControl {
  const made = make('vscode-checkbox', Checkbox);
  if (bare) made.setAttribute('aria-label', label);
  else made.append(label);
  let known = false;
  made.addEventListener('change', () => {
    // It also says that it has changed when it was the program that changed it.
    if (made.checked === known) return;
    known = made.checked;
    onChange(known);
  });
  return {
    element: made,
    set: value => {
      known = value;
      made.checked = value;
    },
    setEnabled: enabled => {
      made.disabled = !enabled;
    },
  };
}

/** A line of text to enter. */
export interface TextFieldControl {
  readonly element: HTMLElement;
  /** Shows a value, unless the person is changing it just now. */
  show(value: string): void;
  setInvalid(message: string | undefined): void;
}

/** Makes a field; `onCommit` is called when Enter is pressed, or the field is left, with another value. */
export function textField(label: string, onCommit: (text: string) => void): TextFieldControl {
  const made = make('vscode-text-field', TextField);
  made.textContent = label;
  let shown = '';
  const setInvalid = (message: string | undefined) => {
    made.classList.toggle('invalid', message !== undefined);
    made.title = message ?? '';
  };
  made.addEventListener('change', () => {
    if (made.value !== shown) onCommit(made.value);
  });
  made.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    made.value = shown;
    setInvalid(undefined);
  });
  return {
    element: made,
    show: value => {
      const editing = document.activeElement === made && made.value !== shown;
      shown = value;
      if (editing) return;
      made.value = value;
      setInvalid(undefined);
    },
    setInvalid,
  };
}
