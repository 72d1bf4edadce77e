/** The commands by name: the one place for what `package.json` contributes and the code registers. */

/** The identifiers of the commands. */
export const commands = {
  trainMnist: 'descent.trainMnist',
  train: 'descent.train',
  trainModule: 'descent.trainModule',
  showModuleGraph: 'descent.showModuleGraph',
  pause: 'descent.pause',
  continue: 'descent.continue',
  step: 'descent.step',
  stop: 'descent.stop',
  setLearningRate: 'descent.setLearningRate',
  setBreakpoints: 'descent.setBreakpoints',
  graphByModule: 'descent.graphByModule',
  graphByChain: 'descent.graphByChain',
  openGraph: 'descent.openGraph',
  showInGraph: 'descent.showInGraph',
  inspectNode: 'descent.inspectNode',
  goToSource: 'descent.goToSource',
  inspectTensor: 'descent.inspectTensor',
  inspectCheckpoint: 'descent.inspectCheckpoint',
  compareCheckpoints: 'descent.compareCheckpoints',
  compareWithRun: 'descent.compareWithRun',
  evaluateCheckpoint: 'descent.evaluateCheckpoint',
  openDashboard: 'descent.openDashboard',
  compareRuns: 'descent.compareRuns',
  resumeRun: 'descent.resumeRun',
  deleteRun: 'descent.deleteRun',
  renameRun: 'descent.renameRun',
  revealRun: 'descent.revealRun',
  refreshRuns: 'descent.refreshRuns',
  trainDigits: 'descent.trainDigits',
  trainDataset: 'descent.trainDataset',
  showSamples: 'descent.showSamples',
  downloadMnist: 'descent.downloadMnist',
  downloadFashionMnist: 'descent.downloadFashionMnist',
  selectDevice: 'descent.selectDevice',
  showLog: 'descent.showLog',
} as const;

/** Said to a command that shows something, beside what that is: the focus stays where it was. */
export const keepFocus = 'keepFocus';
