#!/usr/bin/env python3
"""What torchvision makes of small images, for `test/data/transforms/torchvision.test.ts`.

Run with Debian's python3-torchvision (0.14.1) and python3-pil: `/usr/bin/python3 test/golden/make_transforms.py`.
Each case is a transform as a person writes it, with ranges of one value where it is a random one, and the pixels after it.
"""
import hashlib
import json
import pathlib

import numpy as np
from PIL import Image
from torchvision import transforms as T
from torchvision.transforms import functional as F
from torchvision.transforms import InterpolationMode

MODES = {'nearest': InterpolationMode.NEAREST, 'bilinear': InterpolationMode.BILINEAR}


def picture(channels, height, width):
    """Pixels by a formula that the test has, too."""
    c, y, x = np.meshgrid(np.arange(channels), np.arange(height), np.arange(width), indexing='ij')
    return ((c * 71 + y * 37 + x * 91 + y * x * 13 + (x * x * 7) % 31) % 256).astype(np.uint8)


def to_pil(planes):
    return Image.fromarray(planes[0] if len(planes) == 1 else np.moveaxis(planes, 0, 2))


def from_pil(image):
    array = np.asarray(image)
    return array[None] if array.ndim == 2 else np.moveaxis(array, 2, 0)


def written(planes):
    digest = hashlib.sha256(np.ascontiguousarray(planes).tobytes()).hexdigest()[:16]
    return {'shape': list(planes.shape), 'sha256': digest}


SHAPES = [(1, 28, 28), (1, 9, 13), (3, 12, 10)]

# What is written in Descent, and what torchvision does then. It draws in float32: the scales are numbers that this holds exactly.
TRANSFORMS = {
    'Resize(7)': T.Resize(7),
    'Resize(31)': T.Resize(31),
    'Resize((5, 8))': T.Resize((5, 8)),
    'CenterCrop(7)': T.CenterCrop(7),
    'CenterCrop((6, 5))': T.CenterCrop((6, 5)),
    'CenterCrop(33)': T.CenterCrop(33),
    'Pad(2)': T.Pad(2),
    'Pad((1, 3), fill=9)': T.Pad((1, 3), fill=9),
    "Pad([1, 2, 3, 4], padding_mode='edge')": T.Pad([1, 2, 3, 4], padding_mode='edge'),
    "Pad([1, 2, 3, 4], padding_mode='reflect')": T.Pad([1, 2, 3, 4], padding_mode='reflect'),
    "Pad([4, 3, 2, 1], padding_mode='symmetric')": T.Pad([4, 3, 2, 1], padding_mode='symmetric'),
    'Grayscale()': T.Grayscale(),
    'Grayscale(3)': T.Grayscale(3),
    'RandomHorizontalFlip(1)': T.RandomHorizontalFlip(1),
    'RandomVerticalFlip(p=1)': T.RandomVerticalFlip(p=1),
    'RandomHorizontalFlip(0)': T.RandomHorizontalFlip(0),
}
for angle in (0, 17, -33.5, 90, 180, 270, 301.25):
    for mode, interpolation in MODES.items():
        TRANSFORMS[f"RandomRotation(({angle}, {angle}), '{mode}')"] = T.RandomRotation((angle, angle), interpolation)
        TRANSFORMS[f"RandomRotation(({angle}, {angle}), '{mode}', fill=200, center=(3, 4))"] = T.RandomRotation(
            (angle, angle), interpolation, fill=200, center=(3, 4)
        )
for degrees, scale, shear in [(0, 1, None), (0, 0.75, None), (25, 1.25, None), (-60, 0.875, (12, 12)), (10, 1.125, (9, 9, -14, -14))]:
    for mode, interpolation in MODES.items():
        sheared = '' if shear is None else f', shear={shear}'
        text = f"RandomAffine(({degrees}, {degrees}), scale=({scale}, {scale}){sheared}, interpolation='{mode}', fill=50)"
        TRANSFORMS[text] = T.RandomAffine((degrees, degrees), None, (scale, scale), shear, interpolation, 50)


def maps():
    """Affine maps with translations, whose draws are whole pixels."""
    for angle, translate, scale, shear in [(0, (3, -2), 1, (0, 0)), (31, (-1, 4), 1.2, (5, -8)), (200, (2, 2), 0.6, (0, 30))]:
        for mode, interpolation in MODES.items():
            for shape in SHAPES:
                moved = F.affine(to_pil(picture(*shape)), angle, translate, scale, shear, interpolation, 7)
                yield {
                    'map': {'angle': angle, 'translate': translate, 'scale': scale, 'shear': shear},
                    'interpolation': mode,
                    'from': shape,
                    **written(from_pil(moved)),
                }


def main():
    cases = []
    for shape in SHAPES:
        for text, transform in TRANSFORMS.items():
            cases.append({'text': text, 'from': shape, **written(from_pil(transform(to_pil(picture(*shape)))))})
    tensor = T.Compose([T.ToTensor(), T.Normalize([0.1307], [0.3081])])(to_pil(picture(1, 9, 13)))
    normalized = {'from': [1, 9, 13], 'values': [float(value) for value in tensor.flatten()[:40]]}
    target = pathlib.Path(__file__).with_name('transforms.json')
    target.write_text(json.dumps({'transforms': cases, 'maps': list(maps()), 'normalized': normalized}, indent=1) + '\n')


main()
