/** What is used of omggif, which comes without types. */
declare module 'omggif' {
  export class GifReader {
    readonly width: number;
    readonly height: number;
    constructor(bytes: Uint8Array);
    numFrames(): number;
    /** Where a frame lies on the screen. */
    frameInfo(frame: number): {
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    };
    /** Draws a frame onto pixels of 4 bytes; transparent ones are left as they are. */
    decodeAndBlitFrameRGBA(frame: number, pixels: Uint8Array): void;
  }
}
