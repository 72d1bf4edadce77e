import torch
from torch import nn
from torch.utils.data import DataLoader
from torchvision import datasets
from torchvision import transforms as T

tf = T.Compose([T.Resize((32, 32)), T.ToTensor(), T.Lambda(lambda t: t * 2 - 1)])
loader = DataLoader(datasets.FashionMNIST('data', train=False, transform=tf), batch_size=96)

encoder = nn.Sequential(
    nn.Conv2d(1, 8, 3, stride=2, padding=1),
    nn.ReLU(),
    nn.Conv2d(8, 16, 3, stride=2, padding=1),
    nn.Flatten(),
    nn.Linear(16 * 8 * 8, 24),
)
decoder = nn.Sequential(
    nn.Linear(24, 16 * 8 * 8),
    nn.Unflatten(1, (16, 8, 8)),
    nn.Upsample(scale_factor=2),
    nn.Conv2d(16, 8, 3, padding=1),
    nn.ReLU(),
    nn.ConvTranspose2d(8, 1, 4, stride=2, padding=1),
)
opt = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
codes = []
for step, (img, _) in enumerate(loader):
    code = encoder(img)
    rec = decoder(code)
    loss = nn.functional.mse_loss(rec, img)
    per_image = ((rec - img) ** 2).flatten(1).mean(1)
    opt.zero_grad()
    loss.backward()
    opt.step()
    codes.append(code.detach())
    if step == 5:
        break
batch, targets = next(iter(loader))
codes = codes[0]
centre = codes.mean(0, keepdim=True)
u, s, vt = torch.linalg.svd(codes - centre, full_matrices=False)
plane = (codes - centre) @ vt[:2].T
