// A web server with one file for each name: bytes that follow from the name. Prints its port; ends with its standard input.
import { createHash } from "node:crypto";
import { createServer } from "node:http";

function bytesOf(name) {
  const blocks = [];
  for (let block = createHash("sha256").update(name).digest(), length = 0; length < 300_000; length += block.length) {
    block = createHash("sha256").update(block).digest();
    blocks.push(block);
  }
  return Buffer.concat(blocks);
}

const server = createServer((request, response) => {
  const bytes = bytesOf(request.url ?? "/");
  response.setHeader("Content-Type", "application/x-film");
  response.setHeader("ETag", '"1"');
  response.setHeader("Content-Length", bytes.length);
  response.end(request.method === "HEAD" ? undefined : bytes);
});
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
process.stdin.on("end", () => process.exit(0)).resume();
