/** The entry point of the page of a dataset. */
import '../shared/no-eval';
import { DatasetPage } from './dataset-page';

const root = document.getElementById('root');
if (root !== null) new DatasetPage(root);
