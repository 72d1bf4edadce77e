/** What can be chosen is said in a few words, and is the same everywhere. */
import { describe, expect, it } from 'vitest';
import { learningWords, modelNames, optimizerNames, usualTraining } from '../../src/protocol/choices';
import { completeConfig } from '../../src/training';

describe('how a run learns', () => {
  it('is said in a few words, without what was not chosen', () => {
    const nothing = {
      l1: 0,
      maxNorm: null,
      dropout: 0,
      labelSmoothing: 0,
      patience: null,
      scheduler: 'none',
    };
    expect(learningWords({ optimizer: 'adam', momentum: 0, weightDecay: 0, ...nothing })).toEqual(['adam']);
    expect(learningWords({})).toEqual([]);
    const all = { weightDecay: 1e-4, l1: 1e-5, maxNorm: 3, dropout: 0.3, labelSmoothing: 0.1, patience: 1 };
    expect(learningWords({ optimizer: 'sgd', momentum: 0.9, scheduler: 'cosine', ...all })).toEqual([
      'sgd with momentum 0.9',
      'cosine schedule',
      'L1 0.00001',
      'L2 0.0001',
      'max-norm 3',
      'dropout 0.3',
      'label smoothing 0.1',
      'early stopping after 1 epoch',
    ]);
  });
});

describe('what is usual', () => {
  it.each(modelNames)('for %s is what the editor offers', model => {
    const { epochs, batchSize } = completeConfig({ model });
    expect({ epochs, batchSize }).toEqual({ epochs: 5, batchSize: 64, ...usualTraining[model] });
  });

  it.each(optimizerNames)(
    'a preset that learns with another optimizer learns with %s as usual',
    optimizer => {
      const own = completeConfig({ model: 'notes-mlp' });
      const { lr, scheduler } = completeConfig({ model: 'notes-mlp', optimizer });
      const usual = completeConfig({ optimizer });
      const expected = optimizer === own.optimizer ? own : usual;
      expect({ lr, scheduler }).toEqual({ lr: expected.lr, scheduler: expected.scheduler });
    },
  );
});
