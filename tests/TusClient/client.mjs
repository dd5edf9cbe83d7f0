// Uploads with tus-js-client: aborted in the middle of a request and gone on with by another client; in parts, with the first of them in the
// creation; and given up. Says a line "result id" for each upload that is complete, in the order of its arguments.
import { readFileSync } from "node:fs";
import net from "node:net";
import * as tus from "tus-js-client";

const server = new URL(process.env.SERVER);
const files = process.argv.slice(2).map((name) => readFileSync(name));
const headers = { Authorization: "Bearer anna" };

// A proxy that lets so many bytes through to the server, and then none.
let allowed = Infinity;
let stalled = () => {};
const proxy = net.createServer((client) => {
  const upstream = net.connect(server.port, server.hostname);
  client.on("data", (data) => {
    const part = data.subarray(0, Math.min(data.length, allowed));
    allowed -= part.length;
    const whole = part.length === data.length;
    upstream.write(part, () => whole || stalled());
    if (!whole) client.pause();
  });
  upstream.on("data", (data) => client.write(data));
  for (const [one, other] of [[client, upstream], [upstream, client]]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.destroy());
  }
});
await new Promise((listening) => proxy.listen(0, "127.0.0.1", listening));
const endpoint = `http://127.0.0.1:${proxy.address().port}/v1/uploads/things`;

function begin(file, options) {
  let upload;
  const done = new Promise((succeeded, failed) => {
    upload = new tus.Upload(file, {
      endpoint, headers, retryDelays: [0, 50, 200], metadata: { filename: "Größe.bin" }, onSuccess: succeeded, onError: failed, ...options,
    });
    upload.start();
  });
  return { upload, done };
}

const stateOf = (upload) => fetch(upload.url, { method: "HEAD", headers: { ...headers, "Tus-Resumable": "1.0.0" } });

async function resultOf(upload) {
  const response = await stateOf(upload);
  if (response.headers.get("upload-offset") !== response.headers.get("upload-length")) throw new Error("The upload is not complete.");
  return response.headers.get("upload-result");
}

// In one request, which stalls in the middle: aborted there, and gone on with by its address alone. Where the server had not begun with it yet: once more.
let first;
do {
  const stall = new Promise((resolve) => (stalled = resolve));
  first = begin(files[0], { onUploadUrlAvailable: () => (allowed = Math.floor(files[0].length / 2)) });
  await stall;
  await first.upload.abort();
  allowed = Infinity;
} while ((await stateOf(first.upload)).headers.get("upload-offset") === "0");
const starts = [];
const second = begin(files[0], {
  uploadUrl: first.upload.url,
  onBeforeRequest: (request) => request.getMethod() === "PATCH" && starts.push(Number(request.getHeader("Upload-Offset"))),
});
await second.done;
if (starts.length !== 1 || starts[0] === 0 || starts[0] > files[0].length / 2) throw new Error(`It went on at ${starts}.`);
console.log(await resultOf(second.upload));

// In parts, the first of them in the creation.
const parts = begin(files[1], { chunkSize: 300_000, uploadDataDuringCreation: true });
await parts.done;
console.log(await resultOf(parts.upload));

// Without PATCH and DELETE, as behind some proxies.
const overridden = begin(files[1], { overridePatchMethod: true });
await overridden.done;
console.log(await resultOf(overridden.upload));

// Given up: gone.
const given = begin(files[1], { chunkSize: 300_000, onChunkComplete: () => given.upload.abort(true).then(() => ended()) });
let ended;
await new Promise((resolve) => (ended = resolve));
const gone = await stateOf(given.upload);
if (gone.status !== 404) throw new Error(`What was given up answers ${gone.status}.`);
process.exit(0);
