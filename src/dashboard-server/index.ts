/** The dashboard in a browser. */
export { type Dashboard, type DashboardOptions, startDashboard } from './server';
