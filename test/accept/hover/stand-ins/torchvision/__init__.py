"""Stands in for torchvision, which need not be installed: datasets of the true sizes with made-up pixels."""

from . import datasets, transforms, utils
