/** The entry point of the page that shows tensors. */
import '../shared/no-eval';
import { TensorPage } from './tensor-page';

const root = document.getElementById('root');
if (root !== null) new TensorPage(root);
