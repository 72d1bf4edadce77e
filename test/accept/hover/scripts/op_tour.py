import torch
import torch.nn.functional as F
a = torch.randn(4, 5)
b = torch.randint(5, (4,))
c = torch.randint(0, 3, size=(2, 5))
d = torch.empty(3, 4).uniform_(0, 1)
e = torch.full((2, 2), 7)
f = torch.arange(0, 1, 0.1)
g = a.t()
h = a.sum(1, keepdim=True)
i = a.std(dim=0)
j = torch.var(a, 1, unbiased=False)
k = a.argsort(descending=True)
l = a.cumsum(dim=0)
m = torch.masked_select(a, a > 0)
n = a.masked_fill(a < 0, 0.)
o = torch.clamp(a, -1, 1)
p = a.flatten()
q = a.unsqueeze(-1).squeeze(-1)
r = a[None, :, None]
s = a[1:, ::2]
t = a[a.sum(1) > 0]
u = a[:, b[:2]]
v = a.new_zeros(3, 3)
w = a.index_select(1, torch.tensor([0, 2]))
x = torch.where(a > 0, a, torch.zeros_like(a))
y = torch.bmm(torch.randn(3, 4, 5), torch.randn(3, 5, 6))
z = F.pad(a, (1, 1, 2, 2))
aa = torch.tril(torch.ones(5, 5)).bool()
bb = a.log_softmax(1).exp()
cc = F.cosine_similarity(a, a)
dd = F.normalize(a, dim=1)
ee = torch.logsumexp(a, dim=1)
ff = a.kthvalue(2)[0]
gg = a.median(dim=1)[1]
hh = torch.dot(a[0], a[1])
ii = torch.mv(torch.randn(3, 5), a[0])
jj = torch.einsum('bi,bj->bij', a, a)
kk = a.repeat_interleave(2, dim=0)
ll = torch.roll(a, 1, 0)
mm = a.view(a.size()[0], -1)
nn = a.reshape(2, 2, 5).mean((0, 1))
oo = torch.meshgrid(torch.arange(3), torch.arange(4), indexing='ij')[0]
pp = torch.unbind(a, 1)[0]
qq = a.type(torch.LongTensor)
rr = a.int() % 2
ss = -a + +a
tt = ~(a > 0)
uu = (a > 0) & (a < 1)
vv = 2 ** a
ww = 1 / (1 + torch.exp(-a))
xx = a.pow(2).sum().sqrt()
yy = torch.nn.functional.one_hot(b)
zz = torch.zeros(5, dtype=torch.int8)
ab = a.max()
ac = a.max(dim=-1, keepdim=True)[0]
ad = torch.min(a, dim=0).values
ae = torch.max(a, torch.zeros(5))
af = a.to(torch.float64).numpy()
ag = torch.from_numpy(af).float()
ah = torch.as_tensor([1.5, 2])
ai = F.softplus(a)
aj = F.leaky_relu(a, 0.1)
ak = F.conv1d(torch.randn(2, 3, 10), torch.randn(4, 3, 3), padding=1)
al = F.avg_pool2d(torch.randn(1, 2, 8, 8), 2)
am = F.adaptive_avg_pool2d(torch.randn(1, 2, 8, 8), (1, 1))
an = F.interpolate(torch.randn(1, 2, 8, 8), scale_factor=2)
ao = F.embedding(torch.tensor([1, 2]), torch.randn(10, 3))
ap = F.unfold(torch.randn(1, 3, 8, 8), 3)
aq = a.T @ a
ar = torch.linalg.inv(torch.eye(3))
at = a.diagonal()
au = torch.bernoulli(torch.rand(3))
av = a.clone().detach().requires_grad_(True)
aw = torch.lerp(a, a + 1, 0.5)
ax = a.mul(2).add(1).div(3).sub(1)
ay = torch.chunk(a, 2, dim=0)[1]
az = torch.topk(a, 3)
ba, bc = az
bd = a.sum(-1).unsqueeze(1).expand_as(a)
be = torch.cat((a, a), -1)[:, :7]
bf = a.scatter(1, torch.tensor([[0], [1], [2], [3]]), 0.0)
bg = torch.tensor(3.14)
bh = torch.tensor([])
bi = torch.allclose(a, a)
bj = a.tolist()[0]
bk = torch.tensor(bj)
bl = a[-1][-1]
bm = [x.shape for x in (a, b)]
bn = torch.stack([torch.tensor([1., 2.]), torch.tensor([3., 4.])])
bo = a.mean(0, True)
bp = torch.prod(torch.tensor(a.shape))
bq = a.movedim(0, 1)
br = a.unfold(1, 3, 1)
bs = a.ne(0).sum()
bt = torch.quantile(a, 0.5, dim=1)
bu = torch.eye(4)[b % 4]
bv = F.mse_loss(a, a, reduction='none')
bw = F.cross_entropy(a, b % 5, reduction='none')
bx = torch.randn(())
by = torch.isnan(a).any()
bz = torch.cdist(a, a).fill_diagonal_(0)
