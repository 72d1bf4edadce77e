"""Writes and reads arrays with NumPy, and .safetensors with nothing but struct and json, for the tests of formats.

    formats_peer.py write FOLDER     arrays of every type and order, and what is in them (expected.json)
    formats_peer.py read FILE…       what is in .safetensors, .npy and .npz files, as JSON
"""
import json
import os
import struct
import sys

import numpy as np

# The types of .safetensors that NumPy has.
TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "u1", "BOOL": "?", "C64": "<c8",
}
NAMES = {
    "float64": "float64", "float32": "float32", "float16": "float16", "int64": "int64", "int32": "int32",
    "int16": "int16", "int8": "int8", "uint64": "uint64", "uint32": "uint32", "uint16": "uint16", "uint8": "uint8",
    "bool": "bool", "complex64": "complex64", "complex128": "complex128",
}


def described(array):
    """Type, shape, and all elements in row-major order; complex ones as pairs."""
    flat = array.ravel(order="C")
    if np.iscomplexobj(flat):
        flat = np.stack([flat.real, flat.imag], axis=1).ravel()
    values = [float(value) for value in flat]
    return [NAMES[array.dtype.name], list(array.shape), values]


def read_safetensors(path):
    """All checks that the format's description names, and the arrays."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    text = data[8 : 8 + length].decode("utf-8")
    assert text[0] == "{"
    header = json.loads(text, object_pairs_hook=lambda pairs: pairs_of(pairs))
    metadata = header.pop("__metadata__", {})
    assert all(isinstance(value, str) for value in metadata.values())
    body = data[8 + length :]
    at = 0
    arrays = {}
    for name, entry in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
        start, end = entry["data_offsets"]
        assert start == at and set(entry) == {"dtype", "shape", "data_offsets"}
        at = end
        arrays[name] = np.frombuffer(body[start:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    assert at == len(body)
    return arrays, metadata


def pairs_of(pairs):
    keys = [key for key, _ in pairs]
    assert len(keys) == len(set(keys)), "a key twice"
    return dict(pairs)


def write_safetensors(path, arrays, metadata):
    header = {"__metadata__": metadata}
    at = 0
    for name, array in arrays.items():
        code = next(code for code, type in TYPES.items() if np.dtype(type) == array.dtype)
        header[name] = {"dtype": code, "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


def samples():
    arrays = {}
    for name in NAMES:
        base = np.array([[0, 1, 2], [100, 1, 0]]).astype(name)
        arrays[name] = base
        arrays[f"{name}-scalar"] = np.array(3).astype(name)
        arrays[f"{name}-empty"] = np.zeros((0, 4), name)
    return arrays


def write(folder):
    expected = {}
    for name, array in samples().items():
        for variant, stored in {
            name: array,
            f"{name}-fortran": np.array(array, order="F"),
            f"{name}-big": array.astype(array.dtype.newbyteorder(">")),
        }.items():
            np.save(os.path.join(folder, f"{variant}.npy"), stored)
            expected[f"{variant}.npy"] = {"array": described(array)}
    several = {"weight": np.arange(6.0).reshape(2, 3), "layer/bias": np.arange(3, dtype="f4")}
    np.savez(os.path.join(folder, "stored.npz"), **several)
    np.savez_compressed(os.path.join(folder, "packed.npz"), **several)
    for name in ("stored.npz", "packed.npz"):
        expected[name] = {key: described(array) for key, array in several.items()}
    plain = {name: array for name, array in samples().items() if array.dtype != np.complex128}
    write_safetensors(os.path.join(folder, "all.safetensors"), plain, {"format": "pt", "note": "é"})
    expected["all.safetensors"] = {name: described(array) for name, array in plain.items()}
    np.save(os.path.join(folder, "objects.npy"), np.array([{}, 1], dtype=object), allow_pickle=True)
    np.save(os.path.join(folder, "text.npy"), np.array(["a", "bc"]))
    np.save(os.path.join(folder, "records.npy"), np.zeros(2, dtype=[("a", "f4"), ("b", "i4")]))
    np.save(os.path.join(folder, "dates.npy"), np.array(["2020-01-01"], dtype="datetime64[D]"))
    with open(os.path.join(folder, "expected.json"), "w") as file:
        json.dump(expected, file)


def read(paths):
    found = {}
    for path in paths:
        if path.endswith(".safetensors"):
            arrays = read_safetensors(path)[0]
        else:
            loaded = np.load(path)
            arrays = dict(loaded) if path.endswith(".npz") else {"array": loaded}
        found[path] = {name: described(array) for name, array in arrays.items()}
    print(json.dumps(found))


if __name__ == "__main__":
    command, *rest = sys.argv[1:]
    if command == "write":
        write(*rest)
    else:
        read(rest)
