import torch
import torch.nn.functional as F
from torch.autograd import Variable

torch.manual_seed(1)
x = torch.unsqueeze(torch.linspace(-1, 1, 100), dim=1)
y = x.pow(2) + 0.2 * torch.rand(x.size())
x, y = Variable(x), Variable(y)


class Net(torch.nn.Module):
    def __init__(self, n_feature, n_hidden, n_output):
        super(Net, self).__init__()
        self.hidden = torch.nn.Linear(n_feature, n_hidden)
        self.predict = torch.nn.Linear(n_hidden, n_output)

    def forward(self, x):
        x = F.relu(self.hidden(x))
        x = self.predict(x)
        return x


net = Net(n_feature=1, n_hidden=10, n_output=1)
optimizer = torch.optim.SGD(net.parameters(), lr=0.2)
loss_func = torch.nn.MSELoss()
for t in range(200):
    prediction = net(x)
    loss = loss_func(prediction, y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if t % 5 == 0:
        print('Loss=%.4f' % loss.data.numpy())
net_SGD, net_Adam = Net(1, 20, 1), Net(1, 20, 1)
nets = [net_SGD, net_Adam]
opts = [torch.optim.SGD(net_SGD.parameters(), lr=0.01), torch.optim.Adam(net_Adam.parameters(), lr=0.01)]
losses_his = [[], []]
dataset = torch.utils.data.TensorDataset(x, y)
loader = torch.utils.data.DataLoader(dataset=dataset, batch_size=32, shuffle=True, num_workers=0)
for epoch in range(2):
    for step, (b_x, b_y) in enumerate(loader):
        for net, opt, l_his in zip(nets, opts, losses_his):
            output = net(b_x)
            loss = loss_func(output, b_y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            l_his.append(loss.item())
n_data = torch.ones(100, 2)
x0 = torch.normal(2 * n_data, 1)
y0 = torch.zeros(100)
x1 = torch.normal(-2 * n_data, 1)
both = torch.cat((x0, x1), 0).type(torch.FloatTensor)
