/** What tests of histories share: made-up runs, in folders that are gone after the test. */
export { temporaryFolder } from '../support/temporary-folder';
export { epochLine, type InfoChanges, infoText, makeRun, stepsLine } from './made-up';
