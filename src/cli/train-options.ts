/** The options of `descent train`, in the order in which its help lists them. */
import { Option } from 'commander';
import { modelNames, optimizerNames, samplerNames, schedulerNames } from '../protocol/choices';
import { defaultConfig, formatNames } from '../training';
import { between, imageSize, modelChoice, sizes, targets, transforms, whole } from './options';

const anyPositive = Number.POSITIVE_INFINITY;
const orEqual = { orEqual: true };

const option = <T>(
  flags: string,
  description: string,
  parse?: (text: string, before: T | undefined) => T,
): Option => {
  const made = new Option(flags, description);
  return parse === undefined ? made : made.argParser(parse);
};

/** What is trained, and for how long. */
function modelOptions(): Option[] {
  return [
    option(
      '--model <name>',
      `what to train: ${modelNames.join(', ')}, or FILE.py:NAME, an nn.Module class or a variable that holds a module`,
      modelChoice,
    ).default(defaultConfig.model),
    option(
      '--hidden <sizes>',
      'sizes of the hidden layers, such as 256,128, or none (default: by the model)',
      sizes,
    ),
    option(
      '--epochs <n>',
      'times to go through the training set (default: by the model, mostly 5)',
      whole(1),
    ),
    option('--batch-size <n>', 'samples in a step (default: by the model, mostly 64)', whole(1)),
  ];
}

/** How weights are updated. */
function optimizerOptions(): Option[] {
  return [
    option('--optimizer <name>', 'how weights are updated (default: by the model)').choices(optimizerNames),
    option(
      '--lr <rate>',
      'learning rate (default: what suits the optimizer: 0.05 for sgd, more with less momentum; 0.001 for adam)',
      between(0, anyPositive),
    ),
    option('--momentum <m>', 'momentum of sgd and rmsprop (default: 0.9 for sgd)', between(0, 1, orEqual)),
    option('--scheduler <name>', 'how the learning rate changes (default: by the model)').choices(
      schedulerNames,
    ),
    option(
      '--gamma <factor>',
      'what step, multistep, exponential and plateau multiply it by (default: 0.1; 0.9 for exponential)',
      between(0, anyPositive),
    ),
    option('--step-size <epochs>', 'epochs between two steps of step (default: a third of all)', whole(1)),
    option(
      '--scheduler-patience <epochs>',
      'epochs without progress that plateau bears (default: 2)',
      whole(0),
    ),
  ];
}

/** What is done against overfitting. */
function overfittingOptions(): Option[] {
  return [
    option(
      '--weight-decay <w>',
      'L2: pull of weights towards zero (default: by the model, 0.01 for adamw, else 0)',
      between(0, anyPositive, orEqual),
    ),
    option('--l1 <w>', 'L1: what each unit of |weight| costs (default: 0)', between(0, anyPositive, orEqual)),
    option('--max-norm <c>', 'the most that the weights into a unit may come to', between(0, anyPositive)),
    option(
      '--dropout <p>',
      'share of hidden units zeroed in each step (default: by the model)',
      between(0, 1, orEqual),
    ),
    option(
      '--label-smoothing <s>',
      'share of certainty that the true class gives up (default: 0)',
      between(0, 1, orEqual),
    ),
    option(
      '--patience <epochs>',
      'end after so many epochs that were no better; the best weights count',
      whole(1),
    ),
    option(
      '--min-delta <d>',
      'the smallest improvement of the validation accuracy, from 0 to 1, that counts for it (default: 0)',
      between(0, anyPositive, orEqual),
    ),
  ];
}

/** How the folder is read. */
function dataOptions(): Option[] {
  return [
    option('--format <name>', 'how the folder is read (default: found by looking)').choices(formatNames),
    option('--image-size <side>', 'size that images get: 64, or height and width as 48x64', imageSize),
    option('--colour <name>', 'take images as grey or in colour (default: what they are)').choices([
      'grey',
      'rgb',
    ]),
    option('--label-column <name>', 'the column of a CSV file with the label, by name or number from 1'),
    option('--file-column <name>', 'the column with the names of images, by name or number from 1'),
    option('--header <yes|no>', 'whether the first row of a CSV file holds names').choices(['yes', 'no']),
    option(
      '--transform <call>',
      "what is done with images, by torchvision's names: 'RandomCrop(28, padding=4)'; may be given several times",
      transforms,
    ),
    option(
      '--target-transform <class=classes>',
      'classes that become one: even=0,2,4,6,8; may be given several times',
      targets,
    ),
    option(
      '--on-bad-file <what>',
      'stop at an unreadable file or row, or leave it out (default: stop)',
    ).choices(['stop', 'skip']),
    option('--remember', 'keep these choices in a descent.json beside the data'),
  ];
}

/** All of them. */
export function trainOptions(): Option[] {
  const { validation, seed, device, threads } = defaultConfig;
  return [
    ...dataOptions(),
    ...modelOptions(),
    ...optimizerOptions(),
    ...overfittingOptions(),
    option('--validation <share>', 'share of the training set held out', between(0, 1, orEqual)).default(
      validation,
    ),
    option(
      '--sampler <name>',
      'order of the samples: random, weighted (all classes equally often), sequential (default: random)',
    ).choices(samplerNames),
    option('--seed <n>', 'start of all random numbers', whole(0)).default(seed),
    option('--device <name>', 'where to compute').choices(['auto', 'cpu', 'webgpu']).default(device),
    option('--threads <n>', 'threads on the CPU', whole(1)).default(threads),
    option('--runs <dir>', 'where the folders of runs are kept').default('runs'),
    option('--resume <run>', 'go on with the run in this folder'),
    option('--dashboard', 'show the run live in a browser, at an address that is printed'),
    option('--json', 'one JSON object a line, and nothing else'),
  ];
}
