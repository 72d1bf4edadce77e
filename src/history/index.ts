/** The histories of runs, read from their folders: what the dashboard, the sidebar and the status bar show. */
export {
  DashboardHost,
  type FileToSave,
  type HostAbilities,
  type LiveChange,
  type PageConnection,
} from './dashboard-host';
export { GraphFiles } from './graph-files';
export { type LiveState, RunHistory } from './run-history';
export { Runs } from './runs';
