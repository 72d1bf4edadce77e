import {
  float,
  int,
  PyDict,
  PyList,
  PyTuple,
  UnknownText,
  unknown,
  type Value,
} from '../../interpret/values';
import { natives } from '../native';
import { libraryModule } from '../nn';

/** `time`. */
export const time = libraryModule(
  'time',
  natives({
    'time()': () => float(undefined),
    'perf_counter()': () => float(undefined),
    'process_time()': () => float(undefined),
    'sleep(seconds)': () => null,
    'strftime(format)': () => UnknownText.value,
  }),
);

/** `os.path`. */
export const path = libraryModule(
  'os.path',
  natives({
    'join(*)': () => UnknownText.value,
    'exists(path)': () => unknown,
    'isfile(path)': () => unknown,
    'isdir(path)': () => unknown,
    'basename(path)': () => UnknownText.value,
    'dirname(path)': () => UnknownText.value,
    'abspath(path)': () => UnknownText.value,
    'expanduser(path)': () => UnknownText.value,
    'splitext(path)': () => new PyTuple([UnknownText.value, UnknownText.value]),
  }),
);

/** `os`. */
export const os = libraryModule(
  'os',
  new Map<string, Value>([
    ['path', path],
    ['environ', new PyDict(new Map(), true)],
    ['sep', '/'],
    ...natives({
      'makedirs(path)': () => null,
      'mkdir(path)': () => null,
      'listdir(path)': () => new PyList([UnknownText.value], true),
      'getcwd()': () => UnknownText.value,
      'cpu_count()': () => int(undefined),
      'system(command)': () => int(undefined),
      'getenv(name)': () => unknown,
    }),
  ]),
);
