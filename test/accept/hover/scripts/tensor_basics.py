import torch
import numpy as np

data = [[1, 2], [3, 4]]
x_data = torch.tensor(data)
np_array = np.array(data)
x_np = torch.from_numpy(np_array)
x_ones = torch.ones_like(x_data)
x_rand = torch.rand_like(x_data, dtype=torch.float)
shape = (2, 3,)
rand_tensor = torch.rand(shape)
zeros_tensor = torch.zeros(shape)
tensor = torch.ones(4, 4)
row, col = tensor[0], tensor[:, 0]
last = tensor[..., -1]
tensor[:, 1] = 0
t1 = torch.cat([tensor, tensor, tensor], dim=1)
y1 = tensor @ tensor.T
y3 = torch.rand_like(y1)
torch.matmul(tensor, tensor.T, out=y3)
agg = tensor.sum()
agg_item = agg.item()
tensor.add_(5)
n = tensor.numpy()
v = torch.arange(12).reshape(3, 4)
u = v.view(2, -1, 2)
s = u.squeeze().unsqueeze(0)
top = v[v > 5]
few = v[:2, 1:3]
picked = v[[0, 2]]
pairs = v[torch.tensor([0, 1]), torch.tensor([1, 2])]
st = torch.stack((v, v), dim=-1)
a, b = v.split(2, dim=1)
parts = v.chunk(2)
m, i = v.float().max(1)
p = v.permute(1, 0)
e = v.unsqueeze(2).expand(-1, -1, 5)
r = v.repeat(2, 3)
norm = v.float().norm(dim=1, keepdim=True)
outer = torch.outer(torch.arange(3.), torch.ones(4))
ein = torch.einsum('ij,kj->ik', v.float(), v.float())
idx = torch.nonzero(v > 3)
uniq, counts = torch.unique(v % 3, return_counts=True)
sorted_v, order = torch.sort(v, dim=1, descending=True)
best = v.float().topk(2, dim=1).indices
one_hot = torch.nn.functional.one_hot(torch.tensor([0, 2, 1]), num_classes=3)
g = v.gather(1, torch.tensor([[0], [1], [2]]))
lin = torch.linspace(0, 1, steps=5)
eye = torch.eye(3)
half = v.half() if False else v.double()
