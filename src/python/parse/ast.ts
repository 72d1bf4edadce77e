/**
 * Python's syntax as the interpreter wants it: one kind of node for each thing that is evaluated or executed
 * differently, with its place in the text. What could not be read is a `bad` node, which evaluates to unknown.
 */

/** A place in the text: offsets from its beginning. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** An argument of a call. */
export interface Argument extends Span {
  readonly kind: 'positional' | 'keyword' | 'star' | 'doubleStar';
  readonly name?: string;
  readonly value: Expression;
}

/** A parameter of a function. */
export interface Parameter extends Span {
  readonly kind: 'plain' | 'keywordOnly' | 'star' | 'doubleStar';
  readonly name: string;
  readonly annotation?: Expression;
  readonly default?: Expression;
}

/** One `for … in … if …` of a comprehension. */
export interface Clause {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly conditions: readonly Expression[];
}

/** A literal. */
export type Literal =
  | { readonly type: 'int' | 'float'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'none' | 'ellipsis' | 'other' };

/** An expression. */
export type Expression = Span &
  (
    | { readonly kind: 'name'; readonly name: string }
    | { readonly kind: 'literal'; readonly literal: Literal }
    | { readonly kind: 'fstring'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'tuple' | 'list' | 'set'; readonly items: readonly Expression[] }
    | {
        readonly kind: 'dict';
        readonly entries: readonly { readonly key: Expression | undefined; readonly value: Expression }[];
      }
    | { readonly kind: 'starred'; readonly value: Expression }
    | { readonly kind: 'attribute'; readonly value: Expression; readonly name: string }
    | { readonly kind: 'subscript'; readonly value: Expression; readonly index: Expression }
    | {
        readonly kind: 'slice';
        readonly lower: Expression | undefined;
        readonly upper: Expression | undefined;
        readonly step: Expression | undefined;
      }
    | { readonly kind: 'call'; readonly callee: Expression; readonly args: readonly Argument[] }
    | { readonly kind: 'unary'; readonly op: string; readonly operand: Expression }
    | { readonly kind: 'binary'; readonly op: string; readonly left: Expression; readonly right: Expression }
    | {
        readonly kind: 'logic';
        readonly op: 'and' | 'or';
        readonly left: Expression;
        readonly right: Expression;
      }
    | { readonly kind: 'compare'; readonly ops: readonly string[]; readonly operands: readonly Expression[] }
    | {
        readonly kind: 'conditional';
        readonly test: Expression;
        readonly body: Expression;
        readonly otherwise: Expression;
      }
    | { readonly kind: 'lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    | {
        readonly kind: 'comprehension';
        readonly makes: 'list' | 'set' | 'dict' | 'generator';
        readonly element: Expression;
        /** The value of an entry, where `element` is its key. */
        readonly value?: Expression;
        readonly clauses: readonly Clause[];
      }
    | { readonly kind: 'walrus'; readonly target: Expression; readonly value: Expression }
    | { readonly kind: 'yield'; readonly value: Expression | undefined; readonly each: boolean }
    | { readonly kind: 'await'; readonly value: Expression }
    | { readonly kind: 'bad' }
  );

/** An expression of one kind. */
export type ExpressionOf<K extends Expression['kind']> = Extract<Expression, { kind: K }>;

/** A name that an import binds. */
export interface ImportedName extends Span {
  readonly name: string;
  readonly alias?: string;
}

/** What a function and a lambda have in common. */
export interface FunctionDefinition extends Span {
  readonly kind: 'function';
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  /** True if it yields. */
  readonly generator: boolean;
  readonly docstring?: string;
}

/** A class. */
export interface ClassDefinition extends Span {
  readonly kind: 'class';
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly Argument[];
  readonly body: readonly Statement[];
  readonly decorators: readonly Expression[];
  readonly docstring?: string;
}

/** A statement. */
export type Statement =
  | FunctionDefinition
  | ClassDefinition
  | (Span &
      (
        | { readonly kind: 'expression'; readonly value: Expression }
        | { readonly kind: 'assign'; readonly targets: readonly Expression[]; readonly value: Expression }
        | {
            readonly kind: 'annotate';
            readonly target: Expression;
            readonly annotation: Expression;
            readonly value: Expression | undefined;
          }
        | {
            readonly kind: 'update';
            readonly target: Expression;
            readonly op: string;
            readonly value: Expression;
          }
        | { readonly kind: 'return'; readonly value: Expression | undefined }
        | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
        | { readonly kind: 'pass' | 'break' | 'continue' }
        | { readonly kind: 'raise'; readonly value: Expression | undefined }
        | { readonly kind: 'assert'; readonly test: Expression }
        | { readonly kind: 'scope'; readonly what: 'global' | 'nonlocal'; readonly names: readonly string[] }
        | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
        | {
            readonly kind: 'importFrom';
            readonly module: string;
            /** Empty for `import *`. */
            readonly names: readonly ImportedName[];
            readonly everything: boolean;
          }
        | {
            readonly kind: 'if';
            readonly test: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: 'while';
            readonly test: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: 'for';
            readonly target: Expression;
            readonly iterable: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | {
            readonly kind: 'with';
            readonly items: readonly {
              readonly value: Expression;
              readonly target: Expression | undefined;
            }[];
            readonly body: readonly Statement[];
          }
        | {
            readonly kind: 'try';
            readonly body: readonly Statement[];
            readonly handlers: readonly {
              readonly name: string | undefined;
              readonly body: readonly Statement[];
            }[];
            readonly otherwise: readonly Statement[];
            readonly final: readonly Statement[];
          }
        | {
            readonly kind: 'match';
            readonly subject: Expression;
            readonly cases: readonly (readonly Statement[])[];
          }
        | { readonly kind: 'bad' }
      ));

/** A statement of one kind. */
export type StatementOf<K extends Statement['kind']> = Extract<Statement, { kind: K }>;

/** A file. */
export interface Program {
  readonly body: readonly Statement[];
  readonly text: string;
}
