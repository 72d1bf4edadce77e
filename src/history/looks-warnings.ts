/** What seems to be wrong with how a network learns, in plain words, by what its layers have shown lately. */
import type { LayerRow, LayerWarning, TensorEntry } from '../protocol/looks-page';

type Series = 'gradient' | 'update' | 'weight' | 'dead';

/** A gradient so many times smaller, or larger, than that of the last layer. */
const gradientRatio = 100;
/** A gradient so many times as large as it used to be. */
const gradientGrowth = 100;
const weightGrowth = 10;
const deadShare = 0.5;
/** Updates as a share of the weights; about 0.001 is usual. */
const largeUpdate = 0.1;
const smallUpdate = 1e-5;

/** The middle one of some numbers; of an even count the lower one. */
function median(numbers: readonly number[]): number | undefined {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** So many of the looks are lately. */
const lately = (looks: number) => Math.max(1, Math.min(5, Math.floor(looks / 4)));

const known = (values: readonly (number | null)[]) => values.filter(value => value !== null);

/** What a series has been lately. */
function recent(row: LayerRow, series: Series): number | undefined {
  const values = row[series];
  return median(known(values.slice(-lately(values.length))));
}

/** What it was before. */
function earlier(row: LayerRow, series: Series): number | undefined {
  const values = row[series];
  return median(known(values.slice(0, -lately(values.length))));
}

let grouped: Intl.NumberFormat | undefined;
/** Made when it is needed: the first format takes as long as all the rest of the history to load. */
const group = (value: number) => {
  grouped ??= new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });
  return grouped.format(value);
};
const times = (ratio: number) =>
  ratio < 1e6 ? `${group(ratio)}×` : `${ratio.toExponential(0).replace('e+', 'e')}×`;
const percent = (share: number) => {
  const figures = share >= 0.1 ? Math.round(share * 100) : Number((share * 100).toPrecision(1));
  return `${figures < 1e-4 ? figures : new Intl.NumberFormat('en', { maximumFractionDigits: 6 }).format(figures)} %`;
};

const ofTheWeights = (share: number) =>
  share < 2 ? `${percent(share)} of the weights` : `${times(share)} the weights`;

/** `fc1`, `fc1 and fc2`, `fc1, fc2 and 3 more`. */
function listed(names: readonly string[]): string {
  if (names.length <= 1) return names.join('');
  if (names.length <= 3) return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
  return `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
}

function notFinite(tensors: readonly TensorEntry[]): LayerWarning[] {
  const found = tensors.flatMap(({ name, layer, notFinite }) =>
    notFinite === null ? [] : [{ name, layer, ...notFinite }],
  );
  const step = Math.min(...found.map(tensor => tensor.step));
  const [first, ...others] = found.filter(tensor => tensor.step === step);
  if (first === undefined) return [];
  const beside =
    others.length === 0 ? '' : ` and ${others.length} other tensor${others.length > 1 ? 's' : ''}`;
  return [
    {
      kind: 'not-finite',
      layers: [...new Set([first, ...others].map(({ layer }) => layer))],
      text: `${first.name}${beside} had values that are NaN or infinite at step ${step}`,
      advice: 'A lower learning rate or clipping the gradient may help.',
    },
  ];
}

/** Gradients that are lost, or grow, on their way from the last layer to the first. */
function alongTheLayers(layers: readonly LayerRow[]): LayerWarning[] {
  const gradients = layers.flatMap(row => {
    const gradient = recent(row, 'gradient');
    return gradient === undefined ? [] : [{ name: row.name, gradient }];
  });
  const last = gradients.at(-1);
  if (last === undefined) return [];
  const before = gradients.slice(0, -1);
  const none = gradients.filter(({ gradient }) => gradient === 0);
  if (none.length > 0) {
    const names = none.map(({ name }) => name);
    return [
      {
        kind: 'vanishing',
        layers: names,
        text: `No gradient reaches ${listed(names)}: all of it is 0`,
        advice: 'Nothing is learned there: look for dead units, saturated activations or a detached tensor.',
      },
    ];
  }
  const least = before.toSorted((a, b) => a.gradient - b.gradient)[0];
  const most = before.toSorted((a, b) => b.gradient - a.gradient)[0];
  const found: LayerWarning[] = [];
  if (least !== undefined && last.gradient / least.gradient >= gradientRatio) {
    found.push({
      kind: 'vanishing',
      layers: [least.name],
      text: `Gradients shrink ${times(last.gradient / least.gradient)} from ${last.name} to ${least.name}`,
      advice: `${least.name} learns slowly: another initialisation, ReLU, normalisation or skip connections may help.`,
    });
  }
  if (most !== undefined && most.gradient / last.gradient >= gradientRatio) {
    found.push({
      kind: 'exploding',
      layers: [most.name],
      text: `Gradients grow ${times(most.gradient / last.gradient)} from ${last.name} to ${most.name}`,
      advice: 'Another initialisation, normalisation or clipping the gradient may help.',
    });
  }
  return found;
}

/** Layers in which something has grown, and the one in which it has grown most. */
function grown(layers: readonly LayerRow[], series: Series, since: typeof earlier, enough: number) {
  const found = layers.flatMap(row => {
    const [now, before] = [recent(row, series), since(row, series)];
    if (now === undefined || before === undefined || before === 0 || now / before < enough) return [];
    return [{ name: row.name, growth: now / before }];
  });
  const [most] = found.toSorted((a, b) => b.growth - a.growth);
  return most && { names: found.map(({ name }) => name), most };
}

function overTime(layers: readonly LayerRow[]): LayerWarning[] {
  const warnings: LayerWarning[] = [];
  const gradients = grown(layers, 'gradient', earlier, gradientGrowth);
  if (gradients !== undefined) {
    warnings.push({
      kind: 'exploding',
      layers: gradients.names,
      text: `The gradient of ${gradients.most.name} is ${times(gradients.most.growth)} what it was before`,
      advice: 'A lower learning rate or clipping the gradient may help.',
    });
  }
  const first = (row: LayerRow, series: Series) => known(row[series])[0];
  const weights = grown(layers, 'weight', first, weightGrowth);
  if (weights !== undefined) {
    warnings.push({
      kind: 'growing-weights',
      layers: weights.names,
      text: `The weights of ${weights.most.name} have grown ${times(weights.most.growth)} since the first step`,
      advice: 'A lower learning rate or some weight decay may help.',
    });
  }
  return warnings;
}

function dead(layers: readonly LayerRow[]): LayerWarning[] {
  const found = layers.flatMap(row => {
    const share = recent(row, 'dead');
    return row.relu === null || share === undefined || share < deadShare
      ? []
      : [{ layer: row.name, relu: row.relu, share }];
  });
  const [first] = found;
  if (first === undefined) return [];
  const each = found.map(({ relu, share }) => `${percent(share)} of ${relu}`);
  const text =
    found.length === 1
      ? `${percent(first.share)} of ${first.relu}'s units are dead: they give 0 for every sample of the batch`
      : `Dead units: ${listed(each)} give 0 for every sample of the batch`;
  return [
    {
      kind: 'dead',
      layers: found.map(({ layer }) => layer),
      text,
      advice: 'A lower learning rate, another initialisation or LeakyReLU may help.',
    },
  ];
}

function updates(layers: readonly LayerRow[]): LayerWarning[] {
  const of = layers.flatMap(row => {
    const update = recent(row, 'update');
    return update === undefined ? [] : [{ name: row.name, update, most: Math.max(...known(row.update)) }];
  });
  const large = of.filter(({ update }) => update >= largeUpdate);
  const warnings: LayerWarning[] = [];
  const [largest] = large.toSorted((a, b) => b.update - a.update);
  if (largest !== undefined) {
    const names = large.map(({ name }) => name);
    warnings.push({
      kind: 'large-updates',
      layers: names,
      text: `Updates are ${names.length > 1 ? 'up to ' : ''}${ofTheWeights(largest.update)} in ${listed(names)}: the learning rate may be too high`,
      advice: 'Updates of about 0.1 % of the weights are usual.',
    });
  }
  const most = Math.max(...of.map(row => row.most));
  if (of.length > 0 && most > 0 && most < smallUpdate) {
    warnings.push({
      kind: 'small-updates',
      layers: of.map(({ name }) => name),
      text: `Updates have never been more than ${ofTheWeights(most)}: the learning rate may be too low`,
      advice: 'Updates of about 0.1 % of the weights are usual.',
    });
  }
  return warnings;
}

/** What seems to be wrong, the worst first. */
export function layerWarnings(layers: readonly LayerRow[], tensors: readonly TensorEntry[]): LayerWarning[] {
  return [
    ...notFinite(tensors),
    ...alongTheLayers(layers),
    ...overTime(layers),
    ...dead(layers),
    ...updates(layers),
  ];
}
