import torch
import torch.nn as nn
import torch.nn.functional as F
from collections import deque, namedtuple
from torch.distributions import Categorical, Normal

Step = namedtuple('Step', ['log_prob', 'reward'])


class Policy(nn.Module):
    def __init__(self):
        super(Policy, self).__init__()
        self.affine1 = nn.Linear(4, 128)
        self.affine2 = nn.Linear(128, 2)
        self.saved = []

    def forward(self, x):
        x = F.relu(self.affine1(x))
        scores = self.affine2(x)
        return F.softmax(scores, dim=1)


policy = Policy()
optimizer = torch.optim.Adam(policy.parameters(), lr=1e-2)


def select_action(state):
    state = state.float().unsqueeze(0)
    probs = policy(state)
    m = Categorical(probs)
    action = m.sample()
    policy.saved.append(Step(m.log_prob(action), 1.0))
    return action.item()


def finish_episode(gamma=0.99):
    R = 0
    returns = deque()
    for step in policy.saved[::-1]:
        R = step.reward + gamma * R
        returns.appendleft(R)
    returns = torch.tensor(returns)
    returns = (returns - returns.mean()) / (returns.std() + 1e-8)
    losses = []
    for step, value in zip(policy.saved, returns):
        losses.append(-step.log_prob * value)
    optimizer.zero_grad()
    loss = torch.cat(losses).sum()
    loss.backward()
    optimizer.step()
    del policy.saved[:]


for episode in range(2):
    for t in range(5):
        state = torch.rand(4)
        action = select_action(state)
    finish_episode()
noise = Normal(torch.zeros(3), torch.ones(3)).sample((2,))
