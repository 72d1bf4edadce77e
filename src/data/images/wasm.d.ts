/** A WebAssembly program as bytes: the build puts it into the bundle. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** What is used of WebAssembly: Node's types leave it to those of browsers. */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Instance {
    readonly exports: object;
    constructor(module: Module, imports: object);
  }
}

/** What is used of Emscripten that jSquash's types leave out. */
declare namespace EmscriptenWasm {
  interface ModuleOpts {
    /** Makes an instance of the program, in place of fetching it. */
    instantiateWasm?: (imports: object, done: (instance: WebAssembly.Instance) => void) => object;
    /** Called with each line that the program writes to its standard error. */
    printErr?: (text: string) => void;
  }
}
