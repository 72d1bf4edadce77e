/** Schedules of the learning rate, named as in `torch.optim.lr_scheduler`. */
export * from './cosine';
export * from './lambda';
export * from './linear';
export * from './one-cycle';
export * from './plateau';
export * from './scheduler';
export * from './sequential';
export * from './steps';
