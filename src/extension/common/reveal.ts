/** Shows where a file is: in the explorer of the workspace, in the system's, or by its path. */
import * as vscode from 'vscode';

/** Shows a file. */
export async function reveal(file: string): Promise<void> {
  const uri = vscode.Uri.file(file);
  if (vscode.workspace.getWorkspaceFolder(uri) !== undefined) {
    await vscode.commands.executeCommand('revealInExplorer', uri);
  } else if (vscode.env.uiKind === vscode.UIKind.Desktop && vscode.env.remoteName === undefined) {
    await vscode.commands.executeCommand('revealFileInOS', uri);
  } else {
    // The file is on a machine whose folders this window cannot show.
    const copy = 'Copy Path';
    const answer = await vscode.window.showInformationMessage(`Descent: it is in ${file}`, copy);
    if (answer === copy) await vscode.env.clipboard.writeText(file);
  }
}
