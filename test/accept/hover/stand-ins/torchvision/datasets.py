"""Datasets of the true sizes; every image is one of a few."""

import numpy
import torch
from torch.utils.data import Dataset


class Image:
    def __init__(self, array):
        self.array = array

    @property
    def size(self):
        return self.array.shape[1], self.array.shape[0]


class Fake(Dataset):
    shape, counts, channels = (28, 28), (60000, 10000), 1

    def __init__(self, root, train=True, transform=None, target_transform=None, download=False):
        self.transform, self.target_transform = transform, target_transform
        count = self.counts[0 if train else 1]
        extra = () if self.channels == 1 else (self.channels,)
        pixels = numpy.random.randint(0, 256, (64, *self.shape, *extra), dtype=numpy.uint8)
        self.few = [Image(one) for one in pixels]
        labels = torch.arange(count) % 10
        self.labels = labels.tolist()
        if self.channels == 1:
            self.data = torch.from_numpy(pixels).repeat(count // 64 + 1, 1, 1)[:count]
            self.targets = labels
        else:
            self.data = numpy.zeros((count, *self.shape, *extra), dtype=numpy.uint8)
            self.targets = self.labels
        self.classes = [str(i) for i in range(10)]

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image, label = self.few[index % 64], self.labels[index]
        if self.transform is not None:
            image = self.transform(image)
        if self.target_transform is not None:
            label = self.target_transform(label)
        return image, label


class MNIST(Fake):
    pass


class FashionMNIST(Fake):
    pass


class CIFAR10(Fake):
    shape, counts, channels = (32, 32), (50000, 10000), 3
