/** The entry point of the page of an evaluation. */
import '../shared/no-eval';
import { EvaluationPage } from './evaluation-page';

const root = document.getElementById('root');
if (root !== null) new EvaluationPage(root);
