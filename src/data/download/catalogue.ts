/**
 * The data sets that can be downloaded: where from, and by which checksums their files are known. Whatever a
 * mirror gives, only these very files are kept. The MD5 sums of the same files are those that torchvision has.
 */

/** What a file holds. */
export interface Content {
  /** Bytes. */
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

/** A file of a data set, which may lie in its folder in two forms. */
export interface RemoteFile {
  /** Without `.gz`. */
  readonly name: string;
  /** As it is downloaded, under the name with `.gz`. */
  readonly gz: Content;
  /** As others may have unpacked it. */
  readonly plain: Content;
}

/** A data set that can be downloaded. */
export interface RemoteDataset {
  /** What a person calls it. */
  readonly title: string;
  /** The name of its folder. */
  readonly folder: string;
  /** What is in it, in a few words. */
  readonly about: string;
  /** Addresses of folders that hold its files; the first is asked first. */
  readonly mirrors: readonly string[];
  /** Training images come last: a folder without them is not taken for a data set. */
  readonly files: readonly RemoteFile[];
}

const LABELS = { train: 60_008, test: 10_008 };
const IMAGES = { train: 47_040_016, test: 7_840_016 };

const MNIST: RemoteDataset = {
  title: 'MNIST',
  folder: 'MNIST',
  about: '70,000 handwritten digits',
  mirrors: [
    'https://storage.googleapis.com/cvdf-datasets/mnist/',
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
  ],
  files: [
    {
      name: 't10k-labels-idx1-ubyte',
      gz: { size: 4542, sha256: 'f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6' },
      plain: {
        size: LABELS.test,
        sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
      },
    },
    {
      name: 'train-labels-idx1-ubyte',
      gz: { size: 28_881, sha256: '3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c' },
      plain: {
        size: LABELS.train,
        sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
      },
    },
    {
      name: 't10k-images-idx3-ubyte',
      gz: { size: 1_648_877, sha256: '8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6' },
      plain: {
        size: IMAGES.test,
        sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      },
    },
    {
      name: 'train-images-idx3-ubyte',
      gz: { size: 9_912_422, sha256: '440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609' },
      plain: {
        size: IMAGES.train,
        sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      },
    },
  ],
};

const FASHION_MNIST: RemoteDataset = {
  title: 'Fashion-MNIST',
  folder: 'Fashion-MNIST',
  about: '70,000 pictures of clothes',
  mirrors: [
    'https://storage.googleapis.com/tensorflow/tf-keras-datasets/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
  files: [
    {
      name: 't10k-labels-idx1-ubyte',
      gz: { size: 5148, sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5' },
      plain: {
        size: LABELS.test,
        sha256: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
      },
    },
    {
      name: 'train-labels-idx1-ubyte',
      gz: { size: 29_515, sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845' },
      plain: {
        size: LABELS.train,
        sha256: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
      },
    },
    {
      name: 't10k-images-idx3-ubyte',
      gz: { size: 4_422_102, sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073' },
      plain: {
        size: IMAGES.test,
        sha256: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      },
    },
    {
      name: 'train-images-idx3-ubyte',
      gz: { size: 26_421_880, sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84' },
      plain: {
        size: IMAGES.train,
        sha256: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      },
    },
  ],
};

/** The data sets that can be downloaded, by the names that a command takes. */
export const catalogue = { mnist: MNIST, 'fashion-mnist': FASHION_MNIST } as const;

/** A name in the {@link catalogue}. */
export type RemoteName = keyof typeof catalogue;

/** The bytes of everything that is downloaded for a data set. */
export function downloadSize({ files }: RemoteDataset): number {
  return files.reduce((sum, { gz }) => sum + gz.size, 0);
}
