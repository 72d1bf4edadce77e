/** The entry point of the page of a checkpoint. */
import '../shared/no-eval';
import { CheckpointPage } from './checkpoint-page';

const root = document.getElementById('root');
if (root !== null) new CheckpointPage(root);
