"""PyTorch's side of torch.test.ts: writes files for us to read, and reads files that we wrote.

    torch_peer.py write FOLDER   writes samples and FOLDER/expected.json, a description of each
    torch_peer.py check FOLDER   reads every .pt file in FOLDER as PyTorch does and prints descriptions
"""
import collections
import inspect
import json
import os
import pickle
import pickletools
import struct
import sys
import warnings
import zipfile

import torch
from torch import nn

warnings.filterwarnings("ignore")

WIDENED = {
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.int16: torch.int32,
    torch.int8: torch.int32,
}


def describe(value):
    """The same as describeValue in support.ts."""
    if value is None:
        return ["none"]
    if isinstance(value, bool):
        return ["bool", value]
    if isinstance(value, int):
        return ["int", str(value)]
    if isinstance(value, float):
        return ["float", struct.pack(">d", value).hex()]
    if isinstance(value, str):
        return ["str", value]
    if isinstance(value, (bytes, bytearray)):
        return ["bytes", value.hex()]
    if isinstance(value, list):
        return ["list", [describe(item) for item in value]]
    if isinstance(value, tuple):
        return ["tuple", [describe(item) for item in value]]
    if isinstance(value, (set, frozenset)):
        return ["set", sorted((describe(item) for item in value), key=lambda item: json.dumps(item))]
    if isinstance(value, torch.Tensor):
        return describe_tensor(value.detach())
    entries = [[describe(key), describe(item)] for key, item in value.items()]
    if isinstance(value, collections.OrderedDict):
        return ["ordered", entries, describe(dict(vars(value)))]
    return ["dict", entries]


def describe_tensor(tensor):
    if tensor.is_complex():
        tensor = torch.view_as_real(tensor)
    tensor = tensor.to(WIDENED.get(tensor.dtype, tensor.dtype)).contiguous()
    data = tensor.numpy().tobytes().hex()
    return ["tensor", str(tensor.dtype).replace("torch.", ""), list(tensor.shape), data]


def network():
    torch.manual_seed(1)
    return nn.Sequential(nn.Conv2d(1, 3, 3), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(12, 2))


def trained():
    """A network and optimizers after one step, as a training script saves them."""
    model = network()
    adam = torch.optim.Adam(model.parameters(), lr=1.0)
    sgd = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9, nesterov=True)
    model(torch.randn(4, 1, 4, 4)).sum().backward()
    adam.step()
    sgd.step()
    return {
        "model": model.state_dict(),
        "adam": adam.state_dict(),
        "sgd": sgd.state_dict(),
        "epoch": 3,
        "best": None,
        "done": False,
        "lr": 1.0,
        "history": [[0.5, 1], (2.0, ("a", None)), []],
        "random": torch.get_rng_state(),
    }


def all_types():
    values = [[0, 1], [3, 100]]
    types = [torch.float32, torch.float64, torch.int64, torch.int32, torch.uint8, torch.bool]
    types += [torch.float16, torch.bfloat16, torch.int16, torch.int8, torch.complex64, torch.complex128]
    tensors = {str(type): torch.tensor(values).to(type) for type in types}
    for type in types:
        tensors[f"scalar {type}"] = torch.tensor(1).to(type)
        tensors[f"empty {type}"] = torch.empty(0, 3, dtype=type)
    # Every bit pattern of the 16-bit floats, but for NaNs, whose payloads may differ.
    patterns = torch.arange(-(2**15), 2**15).to(torch.int16)
    for type in (torch.float16, torch.bfloat16):
        all_values = patterns.view(type)
        tensors[f"all {type}"] = all_values[~torch.isnan(all_values)]
    tensors["extreme"] = torch.tensor([2**63 - 1, -(2**63)])
    tensors["special"] = torch.tensor([float("inf"), -float("inf"), -0.0, 1e-45])
    return tensors


def views():
    """Tensors that lie in their storage in every way there is, many of them in the same one."""
    base = torch.arange(120.0).reshape(4, 5, 6)
    return {
        "base": base,
        "slice": base[1:3],
        "columns": base[:, 1:3],
        "step": base[::2, ::3, 1::2],
        "transposed": base.transpose(0, 2),
        "one row": base[2, 3],
        "scalar": base[1, 2, 3],
        "diagonal": base[0, :5, :5].diagonal(),
        "expanded": base[0, 0, :1].expand(3, 4),
        "strange stride of 1": base.as_strided((1, 4), (77, 1), 3),
        "overlapping": base.as_strided((5, 3), (1, 1), 100),
        "half": torch.arange(12).to(torch.float16).reshape(3, 4).t(),
        "complex": torch.tensor([[1 + 2j, 3], [4j, -1]]).t(),
        "channels last": torch.randn(2, 3, 4, 5).to(memory_format=torch.channels_last),
        "empty": base[:, 5:],
    }


def plain_values():
    ordered = collections.OrderedDict([("b", 1), ("a", 2)])
    ordered.note = [1, "x"]
    shared = ["shared"]
    return {
        "ints": [0, 1, -1, 255, 256, 65535, 65536, 2**31 - 1, 2**31, -(2**31), -(2**31) - 1, 2**63, -(2**63), 10**80],
        "floats": [0.0, -0.0, 1.0, 1e308, 5e-324, float("inf"), float("-inf"), float("nan"), 0.1],
        "strings": ["", "é", "日本", "\U0001f600", "back\\slash", "\n", "x" * 300, "\\u00e9"],
        "bytes": [b"", b"\x00\xff", bytearray(b"abc"), bytes(range(256)) * 2],
        "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), ((), [()])],
        "sets": [set(), {1, 2}, frozenset(["a"])],
        "dicts": [{}, {1: "a", "1": "b", None: 0, (1, 2): 3, 2.5: 4}],
        "ordered": ordered,
        "counter": collections.Counter("aab"),
        "default": collections.defaultdict(list, {"k": [1]}),
        "twice": [shared, shared],
        "many": [f"string {i}" for i in range(600)],
        "big": list(range(3000)),
        "booleans": [True, False, None],
    }


def plain_description(value):
    """Counters and defaultdicts are plain dicts to us."""
    return describe(dict(value, counter=dict(value["counter"]), default=dict(value["default"])))


def write(folder):
    expected = {}

    def save(name, value, description=None, **options):
        torch.save(value, os.path.join(folder, f"{name}.pt"), **options)
        expected[name] = description or describe(value)

    plain = plain_values()
    for name, value in [("trained", trained()), ("types", all_types()), ("views", views())]:
        save(name, value)
        save(f"{name}-legacy", value, _use_new_zipfile_serialization=False)
    save("plain", plain, plain_description(plain))
    model = network()
    parameters = {name: parameter for name, parameter in model.named_parameters()}
    save("parameters", parameters)
    tensors = {}
    for name, tensor in list(model.named_parameters()) + list(model.named_buffers()):
        module, leaf = name.split(".")
        group = "_parameters" if isinstance(tensor, nn.Parameter) else "_buffers"
        tensors[f"_modules/{module}/{group}/{leaf}"] = tensor
    save("module", model, describe(tensors))
    save("module-legacy", model, describe(tensors), _use_new_zipfile_serialization=False)
    save("tensor", torch.arange(3))
    save("parameter", torch.nn.Parameter(torch.ones(2)))
    for protocol in range(6):
        with zipfile.ZipFile(os.path.join(folder, f"protocol-{protocol}.pt"), "w") as archive:
            archive.writestr("data.pkl", pickle.dumps(plain, protocol=protocol))
        expected[f"protocol-{protocol}"] = plain_description(plain)
    # The same archive, packed again by a tool that compresses.
    source = os.path.join(folder, "trained.pt")
    with zipfile.ZipFile(os.path.join(folder, "repacked.pt"), "w", zipfile.ZIP_DEFLATED) as packed:
        with zipfile.ZipFile(source) as archive:
            for name in archive.namelist():
                packed.writestr(name, archive.read(name))
    expected["repacked"] = expected["trained"]
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file)


# What the reader of `torch.load(weights_only=True)` accepts, in the versions that are out (2.0 to 2.13).
ALLOWED_OPCODES = set(
    """APPEND APPENDS BINFLOAT BINGET BININT BININT1 BININT2 BINPERSID BINPUT BINUNICODE BUILD EMPTY_DICT
    EMPTY_LIST EMPTY_SET EMPTY_TUPLE GLOBAL LONG1 LONG_BINGET LONG_BINPUT MARK NEWFALSE NEWOBJ NEWTRUE NONE
    PROTO REDUCE SETITEM SETITEMS SHORT_BINSTRING STOP TUPLE TUPLE1 TUPLE2 TUPLE3""".split()
)
ALLOWED_GLOBALS = {
    "collections OrderedDict",
    "torch._utils _rebuild_tensor_v2",
    "_codecs encode",
    "__builtin__ set",
} | {f"torch {name}Storage" for name in ("Float", "Double", "Long", "Int", "Byte", "Bool")}


def strict_problems(path):
    """What a strict reader would refuse in a file; an empty list where all is well."""
    problems = []
    with zipfile.ZipFile(path) as archive:
        if archive.testzip() is not None:
            problems.append("checksum")
        for info in archive.infolist():
            with open(path, "rb") as file:
                file.seek(info.header_offset + 26)
                name_length, extra_length = struct.unpack("<HH", file.read(4))
            start = info.header_offset + 30 + name_length + extra_length
            if start % 64 != 0 or info.compress_type != zipfile.ZIP_STORED:
                problems.append(f"{info.filename} is not aligned or not stored")
        for opcode, argument, _ in pickletools.genops(archive.read("archive/data.pkl")):
            if opcode.name not in ALLOWED_OPCODES:
                problems.append(f"opcode {opcode.name}")
            if opcode.name == "GLOBAL" and argument not in ALLOWED_GLOBALS:
                problems.append(f"global {argument}")
    return problems


def knows_floats():
    """Teaches the reader of PyTorch 1.13 the one opcode for floats, in the words of PyTorch 2.0."""
    reader = torch._weights_only_unpickler
    source = inspect.getsource(reader)
    if "BINFLOAT" in source:
        return
    floats = 'elif key[0] == b"G"[0]:\n                self.append(unpack(">d", self.read(8))[0])\n            '
    before = "elif key[0] == BININT[0]:"
    assert source.count(before) == 1
    exec(compile(source.replace(before, floats + before), reader.__file__, "exec"), vars(reader))


def check(folder):
    """The reader of weights first as it is, then with floats; bytes and sets need a newer PyTorch."""
    names = sorted(name[:-3] for name in os.listdir(folder) if name.endswith(".pt"))
    results = {}
    modern = int(torch.__version__.split(".")[0]) >= 2

    def load(name):
        path = os.path.join(folder, f"{name}.pt")
        value = torch.load(path, weights_only=modern or not name.startswith("plain"))
        results[name] = {"value": describe(value), "problems": strict_problems(path)}
        return value

    for name in names:
        if name.startswith("weights"):
            network().load_state_dict(load(name))
    knows_floats()
    for name in names:
        if not name.startswith("weights"):
            value = load(name)
            if name == "trained":
                resume(value, results)
    shared = load("tied")
    results["tied"]["shared"] = shared["a"].data_ptr() == shared["b"].data_ptr()
    print(json.dumps(results))


def resume(saved, results):
    """Goes on training with what was saved, and says whether that does what it does without the detour."""
    weights = []
    for state in (saved, trained()):
        model = network()
        model.load_state_dict(state["model"])
        adam = torch.optim.Adam(model.parameters())
        adam.load_state_dict(state["adam"])
        torch.manual_seed(2)
        model(torch.randn(4, 1, 4, 4)).sum().backward()
        adam.step()
        weights.append([describe(parameter) for parameter in model.parameters()])
    results["resumed"] = {"equal": weights[0] == weights[1]}


if __name__ == "__main__":
    command, target = sys.argv[1:]
    if command == "write":
        write(target)
    else:
        check(target)
