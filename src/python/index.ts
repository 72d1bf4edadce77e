/**
 * Reads PyTorch source without Python: which shape every tensor has at every place, and what certainly fails. Nothing
 * in the file is executed: it is interpreted on shapes alone, with bounded time and memory, and reaches no disk,
 * network or process. Files that it imports are asked for through a function.
 */
export { type AnalyseOptions, analyse } from './analyse';
export type { ImportedFile } from './explore/files';
export type { DataSizes } from './live/arguments';
export { type ModuleSource, type ReadModule, readModule } from './live/build';
export type { Made, Setting } from './live/made';
export { type Fit, InterpretedNetwork } from './live/network';
export type { Recipe, Schedule } from './live/recipe';
export { type Place, Refused } from './live/refused';
export type {
  Analysis,
  Axis,
  Diagnostic,
  LayerReport,
  ModuleReport,
  Occurrence,
  Position,
  Range,
  ShapeItem,
  Step,
} from './report/types';
