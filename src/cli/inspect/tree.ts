/** The tensors of a file as lines of a tree: each module once, with what is in it below. */
import type { CheckpointContent, CheckpointTensor } from '../../protocol/checkpoint';

/** A line: a module, or a tensor. */
export interface TreeLine {
  /** The name, indented by its depth. */
  readonly label: string;
  readonly tensor?: CheckpointTensor;
  /** Of a module: its class, where the file says it, and how many elements all that is in it has. */
  readonly className?: string;
  readonly elements?: number;
}

interface Branch {
  readonly children: Map<string, Branch>;
  readonly tensors: { readonly label: string; readonly tensor: CheckpointTensor }[];
  elements: number;
}

const newBranch = (): Branch => ({ children: new Map(), tensors: [], elements: 0 });

/** Lines in the order of the file. A module that holds nothing but one other is on one line with it. */
export function treeLines({ tensors, modules = [] }: CheckpointContent): TreeLine[] {
  const root = newBranch();
  for (const tensor of tensors) {
    let branch = root;
    branch.elements += tensor.elements;
    for (const step of tensor.path.slice(0, -1)) {
      const child = branch.children.get(step) ?? newBranch();
      branch.children.set(step, child);
      child.elements += tensor.elements;
      branch = child;
    }
    branch.tensors.push({ label: tensor.path.at(-1) ?? tensor.name, tensor });
  }
  const classes = new Map(modules.map(({ path, className }) => [path.join('\n'), className]));
  const lines: TreeLine[] = [];
  addLines(lines, root, [], 0, classes);
  return lines;
}

function addLines(
  lines: TreeLine[],
  { children, tensors }: Branch,
  path: readonly string[],
  depth: number,
  classes: ReadonlyMap<string, string>,
): void {
  const indent = '  '.repeat(depth);
  for (const { label, tensor } of tensors) lines.push({ label: `${indent}${label}`, tensor });
  for (const [name, first] of children) {
    let [branch, own, label] = [first, [...path, name], name];
    for (
      let only = onlyChild(branch);
      only !== undefined && !classes.has(own.join('\n'));
      only = onlyChild(branch)
    ) {
      [branch, own, label] = [only[1], [...own, only[0]], `${label}.${only[0]}`];
    }
    const className = classes.get(own.join('\n'))?.replace(/^torch\.nn\.modules\.\w+\./, '');
    lines.push({ label: `${indent}${label}`, elements: branch.elements, ...(className && { className }) });
    addLines(lines, branch, own, depth + 1, classes);
  }
}

function onlyChild({ children, tensors }: Branch): readonly [string, Branch] | undefined {
  if (children.size !== 1 || tensors.length > 0) return undefined;
  const [child] = children;
  return child;
}
