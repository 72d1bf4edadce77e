/** The entry point of the page that compares two checkpoints. */
import '../shared/no-eval';
import { ComparisonPage } from './comparison-page';

const root = document.getElementById('root');
if (root !== null) new ComparisonPage(root);
