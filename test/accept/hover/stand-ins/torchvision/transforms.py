"""The transforms that the scripts use."""

import numpy
import torch

from .datasets import Image


class Compose:
    def __init__(self, transforms):
        self.transforms = transforms

    def __call__(self, value):
        for transform in self.transforms:
            value = transform(value)
        return value


class ToTensor:
    def __call__(self, image):
        array = image.array if isinstance(image, Image) else image
        if array.ndim == 2:
            array = array[:, :, None]
        return torch.from_numpy(array.transpose(2, 0, 1).astype(numpy.float32) / 255)


class Normalize:
    def __init__(self, mean, std):
        self.mean = torch.tensor(mean).view(-1, 1, 1)
        self.std = torch.tensor(std).view(-1, 1, 1)

    def __call__(self, tensor):
        return (tensor - self.mean) / self.std


class Lambda:
    def __init__(self, function):
        self.function = function

    def __call__(self, value):
        return self.function(value)


class Resize:
    def __init__(self, size):
        self.size = size if isinstance(size, tuple) else (size, size)

    def __call__(self, image):
        rows = numpy.arange(self.size[0]) * image.array.shape[0] // self.size[0]
        columns = numpy.arange(self.size[1]) * image.array.shape[1] // self.size[1]
        return Image(image.array[rows][:, columns])


class Same:
    def __init__(self, *args, **kwargs):
        pass

    def __call__(self, value):
        return value


RandomHorizontalFlip = Same
