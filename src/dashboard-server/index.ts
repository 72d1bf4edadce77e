/** The dashboard in a browser. */
export { type Dashboard, type DashboardOptions, startDashboard } from './server';
export { startDashboardThread, type ThreadOptions } from './thread';
