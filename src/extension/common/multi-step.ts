/**
 * One question after the other, with a way back to the one before. An answer that was given stays: it is what the
 * question offers when a person comes back to it.
 */
import * as vscode from 'vscode';

/** Said by a question instead of an answer. */
export const back = Symbol('back');

/** An answer, the wish to see the question before, or nothing where the person closed it. */
export type Reply<T> = T | typeof back | undefined;

/** Where a question stands among the others. */
export interface Place {
  readonly title: string;
  readonly step: number;
  readonly totalSteps: number;
}

/** A question; it gives the answers so far and its own. */
export interface Question<A> {
  /** Whether it is asked, after these answers; always where it is missing. */
  readonly applies?: (answers: A) => boolean;
  readonly ask: (answers: A, place: Place) => Promise<Reply<A>>;
}

/** Asks all that apply, in their order; undefined if the person closed one. */
export async function askInTurn<A>(
  title: string,
  questions: readonly Question<A>[],
  answers: A,
): Promise<A | undefined> {
  const asked: Question<A>[] = [];
  for (;;) {
    const applying = questions.filter(question => question.applies?.(answers) ?? true);
    const question = applying.find(each => !asked.includes(each));
    if (question === undefined) return answers;
    const place = { title, step: applying.indexOf(question) + 1, totalSteps: applying.length };
    const reply = await question.ask(answers, place);
    if (reply === undefined) return undefined;
    if (reply === back) asked.pop();
    else {
      answers = reply;
      asked.push(question);
    }
  }
}

/** Shows an input until it is answered, gone back from, or closed. */
function show<T>(
  input: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
  { title, step, totalSteps }: Place,
  answer: () => T | undefined,
): Promise<Reply<T>> {
  input.title = title;
  input.step = step;
  input.totalSteps = totalSteps;
  input.ignoreFocusOut = false;
  input.buttons = step > 1 ? [vscode.QuickInputButtons.Back] : [];
  return new Promise<Reply<T>>(resolve => {
    input.onDidAccept(() => {
      const given = answer();
      if (given !== undefined) resolve(given);
    });
    input.onDidTriggerButton(() => resolve(back));
    input.onDidHide(() => resolve(undefined));
    input.show();
  }).finally(() => input.dispose());
}

/** Something to choose. */
export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** Lets the person choose; `chosen` is what they chose before. */
export async function pick<T>(
  place: Place,
  placeholder: string,
  choices: readonly Choice<T>[],
  chosen?: (value: T) => boolean,
): Promise<Reply<Choice<T>>> {
  const input = vscode.window.createQuickPick<Choice<T>>();
  input.placeholder = placeholder;
  input.items = choices;
  input.activeItems = choices.filter(({ value }) => chosen?.(value));
  return show(input, place, () => input.activeItems[0]);
}

/** Has the person write something; what is wrong with it is said, and refused. */
export async function write(
  place: Place,
  prompt: string,
  value: string,
  check: (text: string) => string | undefined,
): Promise<Reply<string>> {
  const input = vscode.window.createInputBox();
  input.prompt = prompt;
  input.value = value;
  input.valueSelection = [0, value.length];
  input.onDidChangeValue(text => {
    input.validationMessage = check(text);
  });
  return show(input, place, () => {
    input.validationMessage = check(input.value);
    return input.validationMessage === undefined ? input.value : undefined;
  });
}
