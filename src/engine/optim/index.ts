/** Optimizers and schedules of the learning rate, named as in `torch.optim`. */
export * from './adadelta';
export * from './adagrad';
export * from './adam';
export * from './adamax';
export * as lrScheduler from './lr-scheduler';
export * from './nadam';
export * from './optimizer';
export * from './radam';
export * from './rmsprop';
export * from './sgd';
