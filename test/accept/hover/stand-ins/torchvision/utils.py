"""Grids of images."""

import torch


def make_grid(tensor, nrow=8, padding=2, normalize=False):
    if tensor.size(1) == 1:
        tensor = torch.cat((tensor, tensor, tensor), 1)
    count, channels, height, width = tensor.shape
    across = min(nrow, count)
    down = (count + across - 1) // across
    return torch.zeros(channels, (height + padding) * down + padding, (width + padding) * across + padding)
