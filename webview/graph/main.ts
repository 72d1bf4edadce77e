/** The entry point of the page of a single graph. */
import '../shared/no-eval';
import { GraphPage } from './graph-page';

const root = document.getElementById('root');
if (root !== null) new GraphPage(root);
