"""Activations that overwrite their input."""
from recorder import Group, f32, f64, t


def overwriting(group):
    for name, *settings in (("relu_",), ("elu_",), ("elu_", 0.5), ("selu_",), ("celu_",), ("celu_", 0.7), ("leaky_relu_",), ("leaky_relu_", 0.2), ("hardtanh_",), ("hardtanh_", -0.5, 0.3), ("threshold_", 0.1, 2.0), ("silu_",), ("mish_",), ("hardsigmoid_",)):
        for make in (f32, f64):
            group.case(lambda a: getattr(t, name)(a.mul(1), *settings), make(3, 4))
            group.case(lambda a: getattr(t, name)(a.mul(2), *settings).mul(3), make())
        group.case(lambda a: getattr(t, name)(a, *settings), f32(3))
        group.case(lambda a: (lambda b: (getattr(t, name)(b[0], *settings), b)[1])(a.mul(2)), f32(3, 4))


def write():
    group = Group("in-place-activations")
    overwriting(group)
    group.write()
