/** Devices, named as PyTorch names them. A tensor lives on exactly one. */

/** All devices that tensors can live on. */
export const devices = ['cpu', 'webgpu'] as const;

/** The name of a device. */
export type Device = (typeof devices)[number];
