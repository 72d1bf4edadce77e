/** The versions that a run is written with, for `run.json`. */
import own from '../../package.json';
import { runtimeVersion } from '../engine';

/** Version numbers by name. */
export const versions: Readonly<Record<string, string>> = {
  descent: own.version,
  'onnxruntime-node': runtimeVersion,
  node: process.versions.node,
};
