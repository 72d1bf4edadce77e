/** The entry point of the dashboard's page. */
import '../shared/no-eval';
import { Dashboard } from './dashboard';

const root = document.getElementById('root');
if (root !== null) new Dashboard(root);
