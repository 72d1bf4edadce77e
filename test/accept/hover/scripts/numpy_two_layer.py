import numpy as np
import torch
from torch.autograd import Variable

N, D_in, H, D_out = 64, 1000, 100, 10
dtype = torch.FloatTensor
x = Variable(torch.randn(N, D_in).type(dtype), requires_grad=False)
y = Variable(torch.randn(N, D_out).type(dtype), requires_grad=False)
w1 = torch.randn(D_in, H)
w2 = torch.randn(H, D_out)
learning_rate = 1e-6
for t in range(500):
    h = x.mm(w1)
    h_relu = h.clamp(min=0)
    y_pred = h_relu.mm(w2)
    loss = (y_pred - y).pow(2).sum()
    grad_y_pred = 2.0 * (y_pred - y)
    grad_w2 = h_relu.t().mm(grad_y_pred)
    grad_h_relu = grad_y_pred.mm(w2.t())
    grad_h = grad_h_relu.clone()
    grad_h[h < 0] = 0
    grad_w1 = x.t().mm(grad_h)
    w1 -= learning_rate * grad_w1
    w2 -= learning_rate * grad_w2

rng = np.random.RandomState(0)
points = rng.rand(50, 2)
classes = (points[:, 0] > points[:, 1]).astype(np.int64)
points_t = torch.tensor(points, dtype=torch.float32)
classes_t = torch.LongTensor(classes)
means = np.vstack([points[classes == k].mean(axis=0) for k in range(2)])
means_t = torch.from_numpy(means)
dist = torch.cdist(points_t.double(), means_t)
nearest = dist.argmin(dim=1)
agree = (nearest == classes_t).sum()
