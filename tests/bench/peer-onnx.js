// ONNX Runtime's side of the comparison: node peer-onnx.js NAME THREADS OUTPUT, where NAME.onnx, NAME.json and NAME.in.f32 are.
// NODE_PATH names the folder that onnxruntime-node is installed in. Speaks as limn-bench serve does.
// SPDX-License-Identifier: GPL-3.0-or-later
const start = process.hrtime.bigint();
const fs = require('fs');
const readline = require('readline');
const ort = require('onnxruntime-node');

const since = (from) => Number(process.hrtime.bigint() - from) / 1e6;

async function main() {
  const [name, threads, output] = process.argv.slice(2);
  const about = JSON.parse(fs.readFileSync(name + '.json'));
  const raw = fs.readFileSync(name + '.in.f32');
  const x = new Float32Array(raw.buffer, raw.byteOffset, raw.length / 4);
  const session = await ort.InferenceSession.create(name + '.onnx', {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
  });
  const feeds = { x: new ort.Tensor('float32', x, about.shape), t: new ort.Tensor('float32', new Float32Array([about.time]), [1]) };
  const ready = since(start);
  const y = (await session.run(feeds)).y.data;
  const [, channels, height, width] = about.out;
  const last = new Float32Array(y.length);
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < height * width; i++)
      last[i * channels + c] = y[c * height * width + i];
  fs.writeFileSync(output, Buffer.from(last.buffer));
  console.log(`ready ${ready.toFixed(2)} 0`);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const from = process.hrtime.bigint();
    await session.run(feeds);
    console.log(since(from).toFixed(4));
  }
}

main().catch((problem) => { console.error(problem.message); process.exit(1); });
