"""Normalisation over groups of channels and over single channels, and attention."""
import torch
from recorder import Group, const, f32, f64, lit, t


def norms(group):
    for make in (f32, f64):
        group.case(lambda x, w, b: t.group_norm(x, 2, w, b), make(2, 4, 3), make(4), make(4))
        group.case(lambda x, w, b: t.instance_norm(x, weight=w, bias=b), make(2, 3, 4), make(3), make(3))
    group.case(lambda x, w, b: t.group_norm(x, 3, w, b, eps=0.01), f32(2, 6, 2, 3), f32(6), f32(6))
    group.case(lambda x, w, b: t.group_norm(x, 1, w, b), f32(2, 3), f32(3), f32(3))
    group.case(lambda x, w, b: t.group_norm(x, 3, w, b), f32(2, 3, 2), f32(3), f32(3))
    group.case(lambda x: t.group_norm(x, 2), f32(2, 4, 3))
    group.case(lambda x, w: t.group_norm(x, 2, w), f32(2, 4, 3), f32(4))
    group.case(lambda x, g, w, b: t.grad(t.group_norm(x, 2, w, b), [x], g)[0], f64(2, 4, 3), f64(2, 4, 3), f64(4), f64(4), chain=False)  # fmt: skip
    group.case(lambda x: t.group_norm(x, 2), const(2, 3, 4))
    group.case(lambda x, w: t.group_norm(x, 2, w), const(2, 4, 3), const(2))
    group.case(lambda x: t.group_norm(x, 2), const(4))
    group.case(lambda x: t.instance_norm(x), f32(2, 3, 4))
    group.case(lambda x: t.instance_norm(x, eps=0.1), f32(2, 3, 4, 2))
    group.case(lambda x: t.instance_norm(x.transpose(1, 2)), f32(2, 4, 3))
    group.case(lambda x, m, v, w: t.instance_norm(x, m, v, w, use_input_stats=False), f32(2, 3, 4), const(3), const(3, kind="positive"), f32(3))  # fmt: skip
    group.case(lambda x: t.instance_norm(x), const(2, 3, 1))


def attention(group):
    q, k, v = f32(2, 3, 4), f32(2, 5, 4), f32(2, 5, 4)
    group.case(lambda q, k, v: t._scaled_dot_product_attention(q, k, v, need_attn_weights=True), q, k, v)
    group.case(lambda q, k, v, m: t._scaled_dot_product_attention(q, k, v, attn_mask=m, need_attn_weights=True), q, k, v, lit([[[True, True, False, True, False]] * 3] * 2, dtype=torch.bool, requires_grad=False))  # fmt: skip
    group.case(lambda q, k, v, m: t._scaled_dot_product_attention(q, k, v, attn_mask=m, need_attn_weights=True), q, k, v, const(2, 3, 5))  # fmt: skip
    group.case(lambda q, k, v: t._scaled_dot_product_attention(q, k, v, is_causal=True, need_attn_weights=True), f32(2, 2, 3, 4), f32(2, 2, 3, 4), f32(2, 2, 3, 4))  # fmt: skip
    group.case(lambda q, k, v: t._scaled_dot_product_attention(q, k, v, need_attn_weights=True), f64(1, 2, 2), f64(1, 3, 2), f64(1, 3, 4))  # fmt: skip
    group.case(lambda q, k, v: t._scaled_dot_product_attention(q, k, v)[0], f32(3, 4), f32(3, 4), f32(3, 4))


def channel_dropout(group):
    for training, p in ((False, 0.5), (True, 0.0), (True, 1.0)):
        group.case(lambda x: t.dropout2d(x, p=p, training=training), f32(2, 3, 2, 2), chain=training and p > 0)
        for name in ("dropout_", "dropout2d_"):
            group.case(lambda x: getattr(t, name)(x.mul(2), p=p, training=training), f32(2, 3, 2, 2), chain=training and p > 0)
    group.case(lambda x: t.dropout2d(x, p=1.5), const(2, 3, 2, 2))


def weights(group):
    for make in (f32, f64):
        group.case(lambda v, g: t._weight_norm(v, g, 0), make(3, 2, 2), make(3, 1, 1))
        group.case(lambda v, g: t._weight_norm(v, g, 1), make(3, 4), make(1, 4))
    group.case(lambda v, g: t._weight_norm(v, g, 1), f32(3, 2, 2), f32(1, 2, 1))
    group.case(lambda v, g: t._weight_norm(v, g, -1), f32(3, 2), f32())


def write():
    for name, cases in (("group-norms", norms), ("attention", attention), ("channel-dropout", channel_dropout), ("weight-norms", weights)):
        group = Group(name)
        cases(group)
        group.write()
