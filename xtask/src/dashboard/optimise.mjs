// What `wasm-opt -Oz` does, of many modules: one process for each would spend most of its time on starting.
// Arguments: Binaryen's index.js, and the files, which are written over.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [library, ...files] = process.argv.slice(1);
const { default: binaryen } = await import(pathToFileURL(library));

binaryen.setOptimizeLevel(2);
binaryen.setShrinkLevel(2);
binaryen.setGenerateStackIR(true);
binaryen.setOptimizeStackIR(true);
for (const file of files) {
  const module = binaryen.readBinary(readFileSync(file));
  module.optimize();
  writeFileSync(file, module.emitBinary());
  module.dispose();
}
