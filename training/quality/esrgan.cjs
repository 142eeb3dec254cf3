// Enlarges a picture 4 times by a network of UpscalerJS (npm: @upscalerjs/esrgan-*) on TensorFlow.js, its WebAssembly backend, one thread.
// esrgan.cjs NODE_MODULES MODEL_FOLDER IN.rgb WIDTH HEIGHT OUT.rgb: raw RGB bytes, row by row; OUT is 4 WIDTH x 4 HEIGHT.
// SPDX-License-Identifier: GPL-3.0-or-later
const fs = require('fs');
const path = require('path');

const [modules, folder, input, width, height, output] = process.argv.slice(2);
const tf = require(path.join(modules, '@tensorflow/tfjs'));
const wasm = require(path.join(modules, '@tensorflow/tfjs-backend-wasm'));

// The model's file and its weights, read from the disk.
function load() {
  const { modelTopology, weightsManifest } = JSON.parse(fs.readFileSync(path.join(folder, 'model.json')));
  const [{ paths, weights }] = weightsManifest;
  const blob = Buffer.concat(paths.map((name) => fs.readFileSync(path.join(folder, name))));
  const weightData = blob.buffer.slice(blob.byteOffset, blob.byteOffset + blob.length);
  return tf.loadLayersModel({ load: async () => ({ modelTopology, weightSpecs: weights, weightData }) });
}

async function main() {
  wasm.setThreadsCount(1);
  wasm.setWasmPaths(path.join(modules, '@tensorflow/tfjs-backend-wasm/dist/'));
  if (!await tf.setBackend('wasm')) throw new Error('TensorFlow.js has no WebAssembly here');
  const model = await load();
  const picture = tf.tensor(new Float32Array(fs.readFileSync(input)), [1, Number(height), Number(width), 3]);
  const made = await model.predict(picture).clipByValue(0, 255).round().data();
  fs.writeFileSync(output, Uint8Array.from(made));
}

main().catch((problem) => {
  console.error(problem.message);
  process.exit(1);
});
