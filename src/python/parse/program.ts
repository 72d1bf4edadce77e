/** From the parser's tree to statements. */
import type { SyntaxNode } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Expression, ImportedName, Program, Statement } from './ast';
import { Children, splitAtCommas } from './cursor';
import { ExpressionReader } from './expressions';

/** Reads a file. It never fails: what cannot be read becomes `bad` nodes. */
export function parse(text: string): Program {
  const reader = new StatementReader(text);
  return { body: reader.block(parser.parse(withFloats(text)).topNode), text };
}

/**
 * The parser takes `1.` for an attribute without a name. It is given another number of the same length there; what is
 * read is the text itself.
 */
function withFloats(text: string): string {
  return text
    .replace(/(?<![\w.])(\d[\d_]*)\.(?![\w.])/g, '$1j')
    .replace(/(?<![\w.])(\d[\d_]*)\.(?=[eE][+-]?\d)/g, '$10');
}

/** True if a body yields, functions inside it not counted. */
function yields(node: SyntaxNode, depth = 0): boolean {
  if (depth > 400) return false;
  for (let child = node.firstChild; child !== null; child = child.nextSibling) {
    if (child.name === 'YieldStatement' || child.name === 'YieldExpression') return true;
    const own = child.name !== 'FunctionDefinition' && child.name !== 'LambdaExpression';
    if (own && child.name !== 'ClassDefinition' && yields(child, depth + 1)) return true;
  }
  return false;
}

/** Statements that are nested deeper are not read. */
const deepest = 60;

class StatementReader extends ExpressionReader {
  #depth = 0;

  /** The statements of a body or of the whole file. */
  block(node: SyntaxNode | undefined): Statement[] {
    if (node === undefined) return [];
    const statements: Statement[] = [];
    for (const child of new Children(node).rest()) {
      if (child.name === 'StatementGroup') statements.push(...this.block(child));
      else if (child.name !== ':' && child.name !== ';' && !child.type.isError)
        statements.push(this.statement(child));
    }
    return statements;
  }

  statement(node: SyntaxNode): Statement {
    if (this.#depth >= deepest) return { kind: 'bad', from: node.from, to: node.to };
    this.#depth++;
    try {
      return this.#statement(node);
    } finally {
      this.#depth--;
    }
  }

  #statement(node: SyntaxNode): Statement {
    const { from, to } = node;
    const at = { from, to };
    const children = new Children(node);
    switch (node.name) {
      case 'ExpressionStatement':
        return { kind: 'expression', value: this.list(children.rest()), ...at };
      case 'AssignStatement':
        return this.#assign(node);
      case 'UpdateStatement': {
        const target = this.read(children.take());
        const op = children.take();
        const value = this.list(children.rest());
        return {
          kind: 'update',
          target,
          op: op === undefined ? '' : this.source(op).slice(0, -1),
          value,
          ...at,
        };
      }
      case 'ReturnStatement': {
        children.skip('return');
        const rest = children.rest();
        return { kind: 'return', value: rest.length === 0 ? undefined : this.list(rest), ...at };
      }
      case 'YieldStatement':
        return { kind: 'expression', value: this.read(node), ...at };
      case 'PassStatement':
        return { kind: 'pass', ...at };
      case 'BreakStatement':
        return { kind: 'break', ...at };
      case 'ContinueStatement':
        return { kind: 'continue', ...at };
      case 'DeleteStatement':
        children.skip('del');
        return {
          kind: 'delete',
          targets: splitAtCommas(children.rest()).map(part => this.part(part)),
          ...at,
        };
      case 'RaiseStatement': {
        children.skip('raise');
        const raised = children.until('from');
        return { kind: 'raise', value: raised.length === 0 ? undefined : this.list(raised), ...at };
      }
      case 'AssertStatement':
        children.skip('assert');
        return { kind: 'assert', test: this.list(children.until(',')), ...at };
      case 'ScopeStatement': {
        const what = children.take()?.name === 'global' ? 'global' : 'nonlocal';
        const names = splitAtCommas(children.rest()).flatMap(part => part.map(one => this.source(one)));
        return { kind: 'scope', what, names, ...at };
      }
      case 'ImportStatement':
        return this.#import(node);
      case 'IfStatement':
        return this.#if(children, at);
      case 'WhileStatement': {
        children.skip('while');
        const test = this.list(children.until('Body', 'else'));
        const body = this.block(children.skip('Body'));
        return { kind: 'while', test, body, otherwise: this.#else(children), ...at };
      }
      case 'ForStatement': {
        children.skip('async');
        children.skip('for');
        const target = this.list(children.until('in', 'Body'));
        children.skip('in');
        const iterable = this.list(children.until('Body'));
        const body = this.block(children.skip('Body'));
        return { kind: 'for', target, iterable, body, otherwise: this.#else(children), ...at };
      }
      case 'WithStatement':
        return this.#with(children, at);
      case 'TryStatement':
        return this.#try(children, at);
      case 'MatchStatement':
        return this.#match(node);
      case 'FunctionDefinition':
      case 'ClassDefinition':
        return this.#definition(node, []);
      case 'DecoratedStatement': {
        const decorators: Expression[] = [];
        while (children.peek?.name === 'Decorator') {
          const decorator = children.take();
          if (decorator !== undefined) decorators.push(this.#decorator(decorator));
        }
        const defined = children.take();
        return defined === undefined ? { kind: 'bad', ...at } : this.#definition(defined, decorators);
      }
      default:
        return { kind: 'bad', ...at };
    }
  }

  #else(children: Children): Statement[] {
    return children.skip('else') === undefined ? [] : this.block(children.skip('Body'));
  }

  #assign(node: SyntaxNode): Statement {
    const { from, to } = node;
    const children = new Children(node);
    const sides: SyntaxNode[][] = [children.until('AssignOp', 'TypeDef')];
    const type = children.skip('TypeDef');
    while (children.skip('AssignOp') !== undefined) sides.push(children.until('AssignOp'));
    const read = sides.map(side => this.list(side.filter(one => !one.type.isError)));
    if (type !== undefined) {
      const [target, value] = read;
      const annotation = this.read(type.lastChild ?? undefined);
      return target === undefined
        ? { kind: 'bad', from, to }
        : { kind: 'annotate', target, annotation, value, from, to };
    }
    const value = read.at(-1);
    return value === undefined || read.length < 2
      ? { kind: 'bad', from, to }
      : { kind: 'assign', targets: read.slice(0, -1), value, from, to };
  }

  #import(node: SyntaxNode): Statement {
    const { from, to } = node;
    const children = new Children(node);
    if (children.skip('import') !== undefined)
      return {
        kind: 'import',
        names: splitAtCommas(children.rest()).flatMap(part => this.#imported(part)),
        from,
        to,
      };
    children.skip('from');
    const module = children
      .until('import')
      .map(part => this.source(part))
      .join('');
    children.skip('import');
    const rest = children.rest().filter(part => part.name !== '(' && part.name !== ')');
    const everything = rest[0]?.name === '*';
    const names = everything ? [] : splitAtCommas(rest).flatMap(part => this.#imported(part));
    return { kind: 'importFrom', module, names, everything, from, to };
  }

  #imported(nodes: readonly SyntaxNode[]): ImportedName[] {
    const as = nodes.findIndex(node => node.name === 'as');
    const path = as === -1 ? nodes : nodes.slice(0, as);
    const alias = as === -1 ? undefined : nodes[as + 1];
    const [first] = path;
    if (first === undefined) return [];
    const name = path.map(node => this.source(node)).join('');
    return [
      {
        name,
        ...(alias && { alias: this.source(alias) }),
        from: first.from,
        to: nodes.at(-1)?.to ?? first.to,
      },
    ];
  }

  #if(children: Children, at: { from: number; to: number }): Statement {
    children.take();
    const test = this.list(children.until('Body', 'elif', 'else'));
    const body = this.block(children.skip('Body'));
    const otherwise = children.peek?.name === 'elif' ? [this.#if(children, at)] : this.#else(children);
    return { kind: 'if', test, body, otherwise, ...at };
  }

  #with(children: Children, at: { from: number; to: number }): Statement {
    children.skip('async');
    children.skip('with');
    const nodes = children.until('Body').filter(one => one.name !== '(' && one.name !== ')');
    const items = splitAtCommas(nodes).map(part => {
      const as = part.findIndex(one => one.name === 'as');
      const target = as === -1 ? undefined : part[as + 1];
      return { value: this.read(part[0]), target: target && this.read(target) };
    });
    return { kind: 'with', items, body: this.block(children.skip('Body')), ...at };
  }

  #try(children: Children, at: { from: number; to: number }): Statement {
    children.skip('try');
    const body = this.block(children.skip('Body'));
    const handlers: { name: string | undefined; body: Statement[] }[] = [];
    while (children.skip('except') !== undefined) {
      const head = children.until('Body', 'except', 'else', 'finally');
      const as = head.findIndex(one => one.name === 'as');
      const name = as === -1 ? undefined : head[as + 1];
      handlers.push({ name: name && this.source(name), body: this.block(children.skip('Body')) });
    }
    const otherwise = this.#else(children);
    const final = children.skip('finally') === undefined ? [] : this.block(children.skip('Body'));
    return { kind: 'try', body, handlers, otherwise, final, ...at };
  }

  #match(node: SyntaxNode): Statement {
    const children = new Children(node);
    children.skip('match');
    const subject = this.list(children.until('MatchBody'));
    const body = children.skip('MatchBody');
    const cases =
      body === undefined
        ? []
        : body.getChildren('MatchClause').map(one => this.block(one.getChild('Body') ?? undefined));
    return { kind: 'match', subject, cases, from: node.from, to: node.to };
  }

  #decorator(node: SyntaxNode): Expression {
    const children = new Children(node);
    children.skip('At');
    let expression = this.read(children.take());
    while (!children.done) {
      const next = children.take();
      if (next?.name === 'VariableName' || next?.name === 'PropertyName') {
        const { from } = expression;
        expression = { kind: 'attribute', value: expression, name: this.source(next), from, to: next.to };
      } else if (next?.name === 'ArgList') {
        const { from } = expression;
        expression = { kind: 'call', callee: expression, args: this.args(next), from, to: next.to };
      }
    }
    return expression;
  }

  #definition(node: SyntaxNode, decorators: Expression[]): Statement {
    const { from, to } = node;
    const name = node.getChild('VariableName');
    const bodyNode = node.getChild('Body') ?? undefined;
    if (name === null) return { kind: 'bad', from, to };
    const body = this.block(bodyNode);
    const named = { name: this.source(name), nameSpan: { from: name.from, to: name.to } };
    const first = body[0];
    const docstring =
      first?.kind === 'expression' && first.value.kind === 'literal' && first.value.literal.type === 'string'
        ? { docstring: first.value.literal.value }
        : {};
    if (node.name === 'ClassDefinition') {
      const list = node.getChild('ArgList');
      const bases = list === null ? [] : this.args(list);
      return { kind: 'class', ...named, bases, body, decorators, ...docstring, from, to };
    }
    const list = node.getChild('ParamList');
    const parameters = list === null ? [] : this.parameters(list);
    const generator = bodyNode !== undefined && yields(bodyNode);
    return { kind: 'function', ...named, parameters, body, decorators, generator, ...docstring, from, to };
  }
}
