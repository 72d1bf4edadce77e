/** From the parser's tree to expressions. */
import type { SyntaxNode } from '@lezer/common';
import type { Argument, Clause, Expression, Parameter, Span } from './ast';
import { Children, splitAtCommas } from './cursor';
import { literalNumber, literalText, unescaped } from './strings';

const comparisons = new Set(['<', '>', '<=', '>=', '==', '!=', '<>', 'in', 'not in', 'is', 'is not']);

/** Expressions that are nested deeper are not read: nobody writes them, and the call stack has an end. */
const deepest = 150;

/** Reads expressions of one text. */
export class ExpressionReader {
  #depth = 0;

  constructor(protected readonly text: string) {}

  protected source({ from, to }: Span): string {
    return this.text.slice(from, to);
  }

  /** A list of nodes as one expression: several at commas are a tuple. */
  list(nodes: readonly SyntaxNode[]): Expression {
    const [first] = nodes;
    const last = nodes.at(-1);
    if (first === undefined || last === undefined) return { kind: 'bad', from: 0, to: 0 };
    const parts = splitAtCommas(nodes);
    if (parts.length === 1 && last.name !== ',') return this.part(parts[0] ?? []);
    const items = parts.map(part => this.part(part));
    return { kind: 'tuple', items, from: first.from, to: last.to };
  }

  /** The nodes between two commas. */
  protected part(nodes: readonly SyntaxNode[]): Expression {
    const [first, second] = nodes;
    if (first === undefined) return { kind: 'bad', from: 0, to: 0 };
    if (first.name === '*' && second !== undefined)
      return { kind: 'starred', value: this.read(second), from: first.from, to: second.to };
    return this.read(first);
  }

  /** One node as an expression. */
  read(node: SyntaxNode | undefined): Expression {
    if (node === undefined) return { kind: 'bad', from: 0, to: 0 };
    if (this.#depth >= deepest) return { kind: 'bad', from: node.from, to: node.to };
    this.#depth++;
    try {
      return this.#read(node);
    } finally {
      this.#depth--;
    }
  }

  #read(node: SyntaxNode): Expression {
    const { from, to } = node;
    const at = { from, to };
    switch (node.name) {
      case 'VariableName':
        return { kind: 'name', name: this.source(node), ...at };
      case 'Number': {
        const number = literalNumber(this.source(node));
        return { kind: 'literal', literal: number ?? { type: 'other' }, ...at };
      }
      case 'String': {
        const { text, bytes } = literalText(this.source(node));
        return {
          kind: 'literal',
          literal: bytes ? { type: 'other' } : { type: 'string', value: text },
          ...at,
        };
      }
      case 'Boolean':
        return { kind: 'literal', literal: { type: 'bool', value: this.source(node) === 'True' }, ...at };
      case 'None':
        return { kind: 'literal', literal: { type: 'none' }, ...at };
      case 'Ellipsis':
        return { kind: 'literal', literal: { type: 'ellipsis' }, ...at };
      case 'FormatString':
        return { kind: 'fstring', parts: this.#formatParts(node), ...at };
      case 'ContinuedString':
        return this.#joined(node);
      case 'ParenthesizedExpression': {
        const inner = new Children(node);
        inner.skip('(');
        return this.list(inner.until(')'));
      }
      case 'TupleExpression':
        return { kind: 'tuple', items: this.#items(node, '(', ')'), ...at };
      case 'ArrayExpression':
        return { kind: 'list', items: this.#items(node, '[', ']'), ...at };
      case 'SetExpression':
        return { kind: 'set', items: this.#items(node, '{', '}'), ...at };
      case 'DictionaryExpression':
        return this.#dict(node);
      case 'ArrayComprehensionExpression':
        return this.#comprehension(node, 'list');
      case 'SetComprehensionExpression':
        return this.#comprehension(node, 'set');
      case 'DictionaryComprehensionExpression':
        return this.#comprehension(node, 'dict');
      case 'ComprehensionExpression':
        return this.#comprehension(node, 'generator');
      case 'MemberExpression':
        return this.#member(node);
      case 'CallExpression': {
        const children = new Children(node);
        const callee = this.read(children.take());
        const list = children.take();
        return { kind: 'call', callee, args: list === undefined ? [] : this.args(list), ...at };
      }
      case 'UnaryExpression':
        return this.#unary(node);
      case 'BinaryExpression':
        return this.#binary(node);
      case 'ConditionalExpression': {
        const children = new Children(node);
        const body = this.list(children.until('if'));
        children.take();
        const test = this.list(children.until('else'));
        children.take();
        return { kind: 'conditional', test, body, otherwise: this.list(children.rest()), ...at };
      }
      case 'LambdaExpression': {
        const children = new Children(node);
        children.skip('lambda');
        const list = children.skip('ParamList');
        children.skip(':');
        const parameters = list === undefined ? [] : this.parameters(list);
        return { kind: 'lambda', parameters, body: this.list(children.rest()), ...at };
      }
      case 'NamedExpression': {
        const children = new Children(node);
        const target = this.read(children.take());
        children.skip('AssignOp');
        return { kind: 'walrus', target, value: this.list(children.rest()), ...at };
      }
      case 'AwaitExpression':
        return { kind: 'await', value: this.read(node.lastChild ?? undefined), ...at };
      case 'YieldExpression':
      case 'YieldStatement': {
        const children = new Children(node);
        children.skip('yield');
        const each = children.skip('from') !== undefined;
        const rest = children.rest().filter(child => !child.type.isError);
        return { kind: 'yield', value: rest.length === 0 ? undefined : this.list(rest), each, ...at };
      }
      default:
        return { kind: 'bad', ...at };
    }
  }

  #items(node: SyntaxNode, open: string, close: string): Expression[] {
    const children = new Children(node);
    children.skip(open);
    return splitAtCommas(children.until(close)).map(part => this.part(part));
  }

  #joined(node: SyntaxNode): Expression {
    const parts = new Children(node).rest().map(child => this.read(child));
    const { from, to } = node;
    const texts = parts.map(part =>
      part.kind === 'literal' && part.literal.type === 'string' ? part.literal.value : undefined,
    );
    if (texts.every(text => text !== undefined))
      return { kind: 'literal', literal: { type: 'string', value: texts.join('') }, from, to };
    return { kind: 'fstring', parts, from, to };
  }

  #formatParts(node: SyntaxNode): (string | Expression)[] {
    const parts: (string | Expression)[] = [];
    const source = this.source(node);
    const open = node.from + (/^[a-zA-Z]*('''|"""|'|")/.exec(source)?.[0].length ?? 1);
    let at = open;
    for (const child of new Children(node).rest()) {
      if (child.name !== 'FormatReplacement') continue;
      if (child.from > at) parts.push(unescaped(this.text.slice(at, child.from)));
      at = child.to;
      const inner = new Children(child);
      inner.skip('{');
      const formatted = inner.until('FormatSpec', 'FormatConversion', 'FormatSelfDoc', '}');
      const value = this.list(formatted);
      const spec = inner.peek?.name === '}' ? undefined : inner.peek;
      // With a format the text depends on more than the value.
      parts.push(
        spec === undefined
          ? value
          : {
              kind: 'fstring',
              parts: [value, { kind: 'bad', from: spec.from, to: spec.from }],
              from: child.from,
              to: child.to,
            },
      );
    }
    const close = source.endsWith('"""') || source.endsWith("'''") ? 3 : 1;
    if (node.to - close > at) parts.push(unescaped(this.text.slice(at, node.to - close)));
    return parts;
  }

  #dict(node: SyntaxNode): Expression {
    const children = new Children(node);
    children.skip('{');
    const entries = splitAtCommas(children.until('}')).map(part => {
      if (part[0]?.name === '**') return { key: undefined, value: this.read(part[1]) };
      const colon = part.findIndex(child => child.name === ':');
      return { key: this.read(part[0]), value: this.read(colon === -1 ? undefined : part[colon + 1]) };
    });
    return { kind: 'dict', entries, from: node.from, to: node.to };
  }

  #comprehension(node: SyntaxNode, makes: 'list' | 'set' | 'dict' | 'generator'): Expression {
    const children = new Children(node);
    children.take();
    const element = children.until('for', 'async', ':');
    const value = children.skip(':') === undefined ? undefined : this.list(children.until('for', 'async'));
    const clauses = this.#clauses(children);
    return {
      kind: 'comprehension',
      makes,
      element: this.list(element),
      ...(value && { value }),
      clauses,
      from: node.from,
      to: node.to,
    };
  }

  #clauses(children: Children): Clause[] {
    const ends = ['for', 'async', 'if', ']', '}', ')'];
    const clauses: Clause[] = [];
    while (children.skip('async') !== undefined || children.peek?.name === 'for') {
      if (children.skip('for') === undefined) break;
      const target = this.list(children.until('in', ...ends));
      children.skip('in');
      const iterable = this.list(children.until(...ends));
      const conditions: Expression[] = [];
      while (children.skip('if') !== undefined) conditions.push(this.list(children.until(...ends)));
      clauses.push({ target, iterable, conditions });
    }
    return clauses;
  }

  #member(node: SyntaxNode): Expression {
    const { from, to } = node;
    const children = new Children(node);
    const value = this.read(children.take());
    if (children.skip('.') !== undefined) {
      const name = children.take();
      if (name?.name !== 'PropertyName') return { kind: 'bad', from, to };
      return { kind: 'attribute', value, name: this.source(name), from, to };
    }
    children.skip('[');
    const inside = children.until(']');
    const parts = splitAtCommas(inside).map(part => this.#indexPart(part));
    const [only] = parts;
    const span = { from: inside[0]?.from ?? from, to: inside.at(-1)?.to ?? to };
    const index: Expression =
      parts.length === 1 && only !== undefined && inside.at(-1)?.name !== ','
        ? only
        : { kind: 'tuple', items: parts, ...span };
    return { kind: 'subscript', value, index, from, to };
  }

  #indexPart(nodes: readonly SyntaxNode[]): Expression {
    if (!nodes.some(node => node.name === ':')) return this.part(nodes);
    const bounds: (Expression | undefined)[] = [undefined, undefined, undefined];
    let place = 0;
    for (const node of nodes) {
      if (node.name === ':') place++;
      else bounds[place] = this.read(node);
    }
    const [lower, upper, step] = bounds;
    return { kind: 'slice', lower, upper, step, from: nodes[0]?.from ?? 0, to: nodes.at(-1)?.to ?? 0 };
  }

  /** The arguments of a call. */
  args(list: SyntaxNode): Argument[] {
    const children = new Children(list);
    children.skip('(');
    const inside = children.until(')');
    const isComprehension = inside.some(node => node.name === 'for');
    if (isComprehension) {
      const again = new Children(list);
      again.skip('(');
      const element = this.list(again.until('for', 'async'));
      const clauses = this.#clauses(again);
      const span = { from: inside[0]?.from ?? list.from, to: inside.at(-1)?.to ?? list.to };
      const value: Expression = { kind: 'comprehension', makes: 'generator', element, clauses, ...span };
      return [{ kind: 'positional', value, ...span }];
    }
    return splitAtCommas(inside)
      .filter(part => part.some(node => !node.type.isError))
      .map(part => this.#argument(part));
  }

  #argument(nodes: readonly SyntaxNode[]): Argument {
    const [first, second, third] = nodes;
    const span = { from: first?.from ?? 0, to: nodes.at(-1)?.to ?? 0 };
    if (first?.name === '*') return { kind: 'star', value: this.read(second), ...span };
    if (first?.name === '**') return { kind: 'doubleStar', value: this.read(second), ...span };
    if (second?.name === 'AssignOp' && first !== undefined)
      return { kind: 'keyword', name: this.source(first), value: this.read(third), ...span };
    return { kind: 'positional', value: this.read(first), ...span };
  }

  /** The parameters of a function or of a lambda. */
  parameters(list: SyntaxNode): Parameter[] {
    const children = new Children(list);
    children.skip('(');
    const parameters: Parameter[] = [];
    let kind: Parameter['kind'] = 'plain';
    for (const part of splitAtCommas(children.until(')'))) {
      const star = part.find(node => node.name === '*' || node.name === '**')?.name;
      const name = part.find(node => node.name === 'VariableName');
      if (name === undefined) {
        if (star === '*') kind = 'keywordOnly';
        continue;
      }
      const type = part.find(node => node.name === 'TypeDef');
      const equals = part.findIndex(node => node.name === 'AssignOp');
      const annotation = type?.lastChild ?? undefined;
      parameters.push({
        kind: star === '**' ? 'doubleStar' : star === '*' ? 'star' : kind,
        name: this.source(name),
        ...(annotation && { annotation: this.read(annotation) }),
        ...(equals !== -1 && { default: this.read(part[equals + 1]) }),
        from: name.from,
        to: name.to,
      });
      if (star === '*') kind = 'keywordOnly';
    }
    return parameters;
  }

  #unary(node: SyntaxNode): Expression {
    const { from, to } = node;
    const children = new Children(node);
    const sign = children.take();
    const op = sign === undefined ? '' : this.source(sign);
    const inner = children.take();
    const operand = this.read(inner);
    // The parser lets `not` take in all of `not a and b`; in Python it binds tighter than `and` and `or`.
    if (op === 'not' && operand.kind === 'logic' && inner?.name === 'BinaryExpression')
      return this.#negateFirst(operand, from);
    return { kind: 'unary', op, operand, from, to };
  }

  #negateFirst(logic: Extract<Expression, { kind: 'logic' }>, from: number): Expression {
    const { left } = logic;
    const parenthesized = this.text.slice(from, left.from).includes('(');
    const negated: Expression =
      left.kind === 'logic' && !parenthesized
        ? this.#negateFirst(left, from)
        : { kind: 'unary', op: 'not', operand: left, from, to: left.to };
    return { ...logic, left: negated, from };
  }

  #binary(node: SyntaxNode): Expression {
    const { from, to } = node;
    const children = new Children(node);
    const first = children.take();
    const left = this.read(first);
    const words: string[] = [];
    const operators = new Set(['ArithOp', 'BitOp', 'CompareOp', 'and', 'or', 'not', 'in', 'is']);
    while (children.peek !== undefined && operators.has(children.peek.name)) {
      const word = children.take();
      if (word !== undefined) words.push(this.source(word));
    }
    const op = words.join(' ');
    const right = this.list(children.rest());
    if (op === 'and' || op === 'or') return { kind: 'logic', op, left, right, from, to };
    if (!comparisons.has(op)) return { kind: 'binary', op, left, right, from, to };
    if (left.kind === 'compare' && first?.name === 'BinaryExpression')
      return {
        kind: 'compare',
        ops: [...left.ops, op],
        operands: [...left.operands, right],
        from,
        to,
      };
    return { kind: 'compare', ops: [op], operands: [left, right], from, to };
  }
}
