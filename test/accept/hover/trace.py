"""Runs a Python file under PyTorch and records the shape of every tensor-valued variable at every place.

The file is rewritten before it runs: each name and each chain such as `self.w` is passed through a function that looks
at its value and gives it back. Each file is run twice, with different seeds; NAME.0.json and NAME.1.json in FOLDER
hold for each place (line, column, endLine, endColumn, text) the distinct shapes that stood there.
Usage: trace.py FOLDER FILE... torchvision and what draws are replaced by stand-ins, and
the file runs in an empty folder.
"""

import ast
import json
import os
import random
import sys
import tempfile
import traceback
import types

here = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(here, "stand-ins"))

import numpy
import torch


class Anything(types.ModuleType):
    """A module of which everything can be asked for and called: what draws, and what reports."""

    def __getattr__(self, name):
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Anything(name)

    def __call__(self, *args, **kwargs):
        return Anything("result")

    def __iter__(self):
        return iter([Anything("a"), Anything("b")])

    def __getitem__(self, key):
        return Anything("item")


for name in ["matplotlib", "matplotlib.pyplot", "seaborn", "torch.utils.tensorboard"]:
    sys.modules[name] = Anything(name)

tqdm_module = types.ModuleType("tqdm")
tqdm_module.tqdm = lambda iterable, *args, **kwargs: iterable
tqdm_module.trange = lambda *args, **kwargs: range(*args)
sys.modules["tqdm"] = tqdm_module

class FewBatches:
    """Goes through the first two batches of a loader and its last one: the others have the first one's shapes."""

    def __init__(self, loader):
        self.loader = loader

    def __iter__(self):
        batches = list(self.loader.batch_sampler)
        for batch in batches[:2] + batches[2:][-1:]:
            yield self.loader.collate_fn([self.loader.dataset[i] for i in batch])


whole = torch.utils.data.DataLoader.__iter__
torch.utils.data.DataLoader.__iter__ = lambda self: iter(FewBatches(self)) if self.batch_sampler is not None and not isinstance(
    self.dataset, torch.utils.data.IterableDataset
) else whole(self)

seen = {}


def look(place, value):
    if isinstance(value, torch.Tensor):
        seen.setdefault(place, set()).add(tuple(value.shape))
    return value


def chain(node):
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


class Rewriter(ast.NodeTransformer):
    """Puts `__look__(place, value)` around loads, and statements behind whatever binds a name."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.places = []

    def place(self, node):
        if node.lineno != node.end_lineno:
            return None
        line = self.lines[node.lineno - 1].encode()
        text = line[node.col_offset : node.end_col_offset].decode()
        # Inside of f-strings Python tells other places than where things stand.
        if ast.unparse(node).replace(" ", "") != text.replace(" ", ""):
            return None
        column = len(line[: node.col_offset].decode())
        self.places.append([node.lineno, column, node.lineno, column + len(text), text])
        return len(self.places) - 1

    def looking(self, node, at):
        place = self.place(at)
        if place is None:
            return node
        call = ast.Call(ast.Name("__look__", ast.Load()), [ast.Constant(place), node], [])
        return ast.copy_location(call, node)

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Load) or node.id == "super":
            return node
        return self.looking(node, node)

    def visit_Attribute(self, node):
        at = node if chain(node) else None
        made = ast.Attribute(self.visit(node.value), node.attr, node.ctx)
        ast.copy_location(made, node)
        return self.looking(made, at) if at is not None and isinstance(node.ctx, ast.Load) else made

    def visit_JoinedStr(self, node):
        return self.generic_visit(node)

    def visit_AnnAssign(self, node):
        if node.value is not None:
            node.value = self.visit(node.value)
        return [node, *self.after([node.target])] if node.value is not None else node

    def visit_arguments(self, node):
        for group in (node.args, node.posonlyargs, node.kwonlyargs):
            for one in group:
                one.annotation = None
        node.defaults = [self.visit(one) for one in node.defaults]
        node.kw_defaults = [one and self.visit(one) for one in node.kw_defaults]
        return node

    def stores(self, target):
        if isinstance(target, (ast.Tuple, ast.List)):
            return [one for part in target.elts for one in self.stores(part)]
        if isinstance(target, ast.Starred):
            return self.stores(target.value)
        return [target] if isinstance(target, ast.Name) or (isinstance(target, ast.Attribute) and chain(target)) else []

    def after(self, targets):
        """Statements that look at what was just bound."""
        made = []
        for target in [one for part in targets for one in self.stores(part)]:
            place = self.place(target)
            if place is None:
                continue
            load = ast.parse(ast.unparse(target), mode="eval").body
            call = ast.Call(ast.Name("__look__", ast.Load()), [ast.Constant(place), load], [])
            made.append(ast.fix_missing_locations(ast.copy_location(ast.Expr(call), target)))
        return made

    def visit_Assign(self, node):
        self.generic_visit(node)
        return [node, *self.after(node.targets)]

    def visit_AugAssign(self, node):
        before = self.after([node.target])
        node.value = self.visit(node.value)
        node.target = self.visit(node.target)
        return [*before, node, *self.after([node.target])]

    def visit_For(self, node):
        looks = self.after([node.target])
        self.generic_visit(node)
        node.body = [*looks, *node.body]
        return node

    def visit_With(self, node):
        looks = self.after([one.optional_vars for one in node.items if one.optional_vars is not None])
        self.generic_visit(node)
        node.body = [*looks, *node.body]
        return node

    def visit_FunctionDef(self, node):
        node.returns = None
        everything = node.args.posonlyargs + node.args.args + node.args.kwonlyargs
        looks = []
        for one in everything:
            line = self.lines[one.lineno - 1].encode()
            column = len(line[: one.col_offset].decode())
            self.places.append([one.lineno, column, one.lineno, column + len(one.arg), one.arg])
            call = ast.Call(ast.Name("__look__", ast.Load()), [ast.Constant(len(self.places) - 1), ast.Name(one.arg, ast.Load())], [])
            looks.append(ast.fix_missing_locations(ast.copy_location(ast.Expr(call), node.body[0])))
        self.generic_visit(node)
        docstring = node.body[:1] if isinstance(node.body[0], ast.Expr) and isinstance(node.body[0].value, ast.Constant) else []
        node.body = [*docstring, *looks, *node.body[len(docstring) :]]
        return node


def record(path, seed, out):
    """Runs one file in this process, which is not fit for another one afterwards."""
    text = open(path).read()
    rewriter = Rewriter(text)
    tree = ast.fix_missing_locations(rewriter.visit(ast.parse(text)))
    plain = torch.manual_seed
    torch.manual_seed = lambda value: plain(value + seed)
    plain(seed)
    random.seed(seed)
    numpy.random.seed(seed)
    sys.argv = [path]
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    os.chdir(tempfile.mkdtemp())
    sys.stdout = open(os.devnull, "w")
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    module.__dict__.update({"__look__": look, "__name__": "__main__", "__file__": path})
    exec(compile(tree, path, "exec"), module.__dict__)
    places = [[*rewriter.places[place], sorted(map(list, shapes))] for place, shapes in sorted(seen.items())]
    with open(out, "w") as file:
        json.dump(places, file)


def main():
    folder = os.path.abspath(sys.argv[1])
    for path in map(os.path.abspath, sys.argv[2:]):
        name = os.path.splitext(os.path.basename(path))[0]
        for run, seed in enumerate([0, 1000]):
            out = os.path.join(folder, f"{name}.{run}.json")
            # PyTorch takes long to import; a copy of this process has it already.
            child = os.fork()
            if child == 0:
                try:
                    record(path, seed, out)
                except BaseException:
                    sys.stdout = sys.__stdout__
                    print(name, traceback.format_exc(), flush=True)
                os._exit(0)
            os.waitpid(child, 0)


if __name__ == "__main__":
    main()
