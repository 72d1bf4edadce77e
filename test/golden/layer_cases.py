"""Modules that take or give several tensors, and activations: what they compute, what they keep, what they print."""
import zlib

import torch
from nn_cases import build, numbers, randomise, state_of, write_lines
from recorder import encode_tensor

bool_mask = {"dtype": "bool", "shape": [3, 3], "data": [0, 1, 1, 0, 0, 1, 0, 0, 0]}
padding = {"dtype": "bool", "shape": [2, 3], "data": [0, 0, 1, 0, 0, 0]}

# A module, the shapes of its inputs (a list for a tuple of tensors), and options of the call.
RECURRENT = [
    (kind, options)
    for kind in ("RNN", "LSTM", "GRU")
    for options in ({}, {"num_layers": 2}, {"bidirectional": True}, {"batch_first": True, "num_layers": 2, "bidirectional": True}, {"bias": False}, {"num_layers": 2, "dropout": 0.5})
]  # fmt: skip


def state_shapes(kind, options, batch):
    count = options.get("num_layers", 1) * (2 if options.get("bidirectional") else 1)
    shape = (count, *batch, 4)
    return [shape, shape] if kind == "LSTM" else shape


def layers():
    for kind, options in RECURRENT:
        spec = [kind, [3, 4], options] if options else [kind, [3, 4]]
        yield spec, [(2, 5, 3)], {}
        yield spec, [(5, 3)], {}
        yield spec, [(2, 5, 3), state_shapes(kind, options, (2 if options.get("batch_first") else 5,))], {}
    yield ["RNN", [3, 4], {"nonlinearity": "relu"}], [(2, 5, 3)], {}
    for kind in ("RNNCell", "LSTMCell", "GRUCell"):
        state = [(5, 4), (5, 4)] if kind == "LSTMCell" else (5, 4)
        for options in ({}, {"bias": False}):
            yield [kind, [3, 4], options], [(5, 3)], {}
            yield [kind, [3, 4], options], [(5, 3), state], {}
        yield [kind, [3, 4]], [(3,)], {}
    yield ["RNNCell", [3, 4], {"nonlinearity": "relu"}], [(5, 3)], {}
    for options in ({}, {"batch_first": True}, {"bias": False}):
        shape = (2, 3, 4) if options.get("batch_first") else (3, 2, 4)
        for call in ({}, {"attn_mask": bool_mask}, {"key_padding_mask": padding}, {"average_attn_weights": False}, {"attn_mask": bool_mask, "key_padding_mask": padding}):
            yield ["MultiheadAttention", [4, 2], options], [shape, shape, shape], call
    yield ["MultiheadAttention", [4, 1]], [(3, 4), (5, 4), (5, 4)], {}
    yield ["MultiheadAttention", [4, 4]], [(3, 2, 4), (5, 2, 4), (5, 2, 4)], {}
    for options in ({}, {"batch_first": True}, {"norm_first": True}, {"activation": "gelu"}, {"layer_norm_eps": 0.01}):
        given = {"dim_feedforward": 5, "dropout": 0.0, **options}
        for call in ({}, {"src_mask": bool_mask}, {"src_key_padding_mask": padding}):
            yield ["TransformerEncoderLayer", [4, 2], given], [(2, 3, 4) if options.get("batch_first") else (3, 2, 4)], call
    yield ["Bilinear", [3, 4, 2]], [(5, 3), (5, 4)], {}
    yield ["Bilinear", [3, 4, 2], {"bias": False}], [(2, 5, 3), (2, 5, 4)], {}
    yield ["Identity", [1, 2]], [(2, 3)], {}
    yield ["Unflatten", [1, (2, 3)]], [(2, 6)], {}
    for kind, *arguments in (("ELU", [0.5]), ("CELU", [1.5]), ("SELU",), ("SiLU",), ("Mish",), ("LogSigmoid",), ("Softplus", [2, 1]), ("Softsign",), ("Softshrink", [0.3]), ("Hardshrink",), ("Tanhshrink",), ("Hardtanh", [-0.5, 1.5]), ("ReLU6",), ("Hardsigmoid",), ("Hardswish",), ("LeakyReLU", [0.2]), ("PReLU", [3]), ("Threshold", [0.1, 20]), ("GLU", [0]), ("Softmin", [1]), ("ELU",), ("Hardtanh",), ("PReLU",)):
        yield [kind, *(arguments or [[]])], [(2, 3)], {}
    yield ["GELU", [], {"approximate": "tanh"}], [(2, 3)], {}
    yield ["GELU", []], [(2, 3)], {}


def tensors_in(value):
    if isinstance(value, torch.Tensor):
        return [value]
    return [tensor for item in value or () for tensor in tensors_in(item)]


def draw(shape, generator):
    if isinstance(shape, list):
        return tuple(draw(one, generator) for one in shape)
    return numbers(generator, *shape).requires_grad_()


def as_tensor(value):
    if isinstance(value, dict):
        return torch.tensor(value["data"]).reshape(value["shape"]).bool()
    return value


def case(spec, shapes, call):
    generator = torch.Generator().manual_seed(zlib.crc32(f"{spec} {shapes} {call}".encode()))
    kind, arguments, options = (*spec, {})[:3]
    # What dropout does in training is random.
    training = not options.get("dropout")
    module = build(spec).train(training)
    randomise(module, generator)
    if kind == "TransformerEncoderLayer":
        # Weights as large as the others' would make of every rounding a difference that is seen.
        for tensor in module.state_dict().values():
            tensor.copy_((tensor * 250).round() / 1000)
    inputs = [draw(shape, generator) for shape in shapes]
    output = module(*inputs, **{key: as_tensor(value) for key, value in call.items()})
    outputs = tensors_in(output)
    upstream = [numbers(generator, *one.shape) for one in outputs]
    torch.autograd.backward(outputs, upstream)
    leaves = tensors_in(inputs)
    return {
        "module": spec,
        "training": training,
        "repr": repr(module),
        "state": state_of(module),
        "inputs": [[encode_tensor(x) for x in one] if isinstance(one, tuple) else encode_tensor(one) for one in inputs],
        "call": call,
        "outputs": [encode_tensor(one) for one in outputs],
        "upstream": [encode_tensor(one) for one in upstream],
        "inputGrads": [None if x.grad is None else encode_tensor(x.grad) for x in leaves],
        "grads": [[name, None if x.grad is None else encode_tensor(x.grad)] for name, x in module.named_parameters()],
    }


def write():
    write_lines("layers", [case(*layer) for layer in layers()])
