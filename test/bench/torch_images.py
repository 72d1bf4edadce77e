"""How many images a second PyTorch's DataLoader gives from class folders, decoded by PIL as torchvision's ImageFolder
and ToTensor do it: python3 test/bench/torch_images.py FOLDER"""
import os
import sys
import time
import warnings

import numpy as np
import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset

warnings.filterwarnings("ignore")


class ImageFolder(Dataset):
    def __init__(self, root):
        classes = sorted(os.listdir(root))
        self.items = [
            (os.path.join(root, name, file), label)
            for label, name in enumerate(classes)
            for file in sorted(os.listdir(os.path.join(root, name)))
        ]

    def __len__(self):
        return len(self.items)

    def __getitem__(self, index):
        file, label = self.items[index]
        with open(file, "rb") as opened:
            image = Image.open(opened).convert("L")
        pixels = torch.from_numpy(np.array(image, np.uint8, copy=True)).unsqueeze(0)
        return pixels.to(torch.float32).div(255), label


dataset = ImageFolder(sys.argv[1])
for workers in (0, 1, 2):
    began, count = time.time(), 0
    for images, labels in DataLoader(dataset, batch_size=64, shuffle=True, num_workers=workers):
        count += len(labels)
    print(f"torch {torch.__version__}, DataLoader with PIL, {workers} workers".ljust(58), f"{count / (time.time() - began):,.0f} images/s")
