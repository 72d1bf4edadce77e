/** What a reading finds, as plain data. */

/** A place: the line from 1, the column in UTF-16 units from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** From a place up to, without, another one. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A size: a number, or a text such as `B` or `B//2` where it is only known as a symbol. */
export type Axis = number | string;

/** Shapes and type of one element of a list or a tuple. */
export interface ShapeItem {
  readonly shapes: readonly (readonly Axis[])[];
  readonly dtype?: string;
}

/** One step of how a tensor came about: what was done, and the shape that it gave. */
export interface Step {
  /** Such as `flatten(1)`; empty for the beginning. */
  readonly label: string;
  readonly shape: readonly Axis[];
}

/** An expression of which it is known what it stands for. */
export interface Occurrence {
  readonly range: Range;
  readonly text: string;
  readonly kind: 'tensor' | 'module' | 'array';
  /** True for a name or a chain such as `self.w`; false for a call or another expression. */
  readonly variable: boolean;
  /** All shapes that it takes. */
  readonly shapes: readonly (readonly Axis[])[];
  /** PyTorch's name of the type of the elements. */
  readonly dtype?: string;
  readonly device?: string;
  readonly requiresGrad?: boolean;
  /** PyTorch's name of the node, such as `AddmmBackward0`. */
  readonly gradFn?: string;
  /** How the first of the shapes came about, the beginning first. */
  readonly history?: readonly Step[];
  /** The elements of a list or a tuple of tensors. */
  readonly items?: readonly ShapeItem[];
  /** Which of the modules of the file it is: an index into {@link Analysis.modules}. */
  readonly module?: number;
}

/** Something that fails for certain. */
export interface Diagnostic {
  readonly range: Range;
  readonly message: string;
  readonly related?: { readonly range: Range; readonly message: string };
}

/** A layer of a module. */
export interface LayerReport {
  /** Its place, such as `layers.0`. */
  readonly path: string;
  /** Such as `Linear`. */
  readonly kind: string;
  readonly parameters: readonly { readonly name: string; readonly shape: readonly Axis[] }[];
  /** The shapes that it gave, where it was called. */
  readonly outputs: readonly (readonly Axis[])[];
}

/** A class made from `nn.Module`, or a name that holds such a module. */
export interface ModuleReport {
  readonly name: string;
  /** The class in the file; of an `nn.Sequential` the assignment. */
  readonly range: Range;
  readonly kind: 'class' | 'instance';
  readonly layers: readonly LayerReport[];
  /** How many numbers it learns; absent where a size is not known. */
  readonly parameterCount?: number;
  /** The shapes that `forward` was given first, and what it gave. */
  readonly inputs: readonly (readonly Axis[])[];
  readonly outputs: readonly (readonly Axis[])[];
}

/** What a reading finds. */
export interface Analysis {
  readonly occurrences: readonly Occurrence[];
  readonly diagnostics: readonly Diagnostic[];
  readonly modules: readonly ModuleReport[];
  /** False where time or memory ran out before the end. */
  readonly complete: boolean;
}
