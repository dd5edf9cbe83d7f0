// What a product's own client does, in the types that the API document gives: share, read the feed, comment, follow the link, watch, be refused.
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./generated/api.js";

declare const process: { env: Record<string, string | undefined> };

type Schemas = components["schemas"];

function setting(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`Not so: ${what}`);
  console.log(`ok  ${what}`);
}

const baseUrl = setting("SERVER");
const origin = setting("ORIGIN");

function as(token?: string): Client<paths> {
  return createClient<paths>({ baseUrl, headers: token === undefined ? {} : { Authorization: `Bearer ${token}` } });
}

const [anna, ben, carl, nobody] = [as(setting("ANNA")), as(setting("BEN")), as(setting("CARL")), as()];

async function eventually<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  for (const end = Date.now() + 20_000; Date.now() < end; await new Promise((go) => setTimeout(go, 50))) {
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error(`It did not happen: ${what}`);
}

/** The data of the server-sent events of a kind, each as the type that the document gives. */
async function* events<T>(stream: ReadableStream<Uint8Array>, kind: string): AsyncGenerator<T> {
  const reader = stream.pipeThrough(new TextDecoderStream() as unknown as ReadableWritablePair<string, Uint8Array>).getReader();
  try {
    for (let text = ""; ; ) {
      const { done, value } = await reader.read();
      if (done) return;
      text += value;
      for (let end = text.indexOf("\n\n"); end >= 0; end = text.indexOf("\n\n")) {
        const lines = text.slice(0, end).split("\n");
        text = text.slice(end + 2);
        const data = lines.filter((line) => line.startsWith("data: ")).map((line) => line.slice(6)).join("\n");
        if (lines.includes(`event: ${kind}`)) yield JSON.parse(data) as T;
      }
    }
  } finally {
    await reader.cancel();
  }
}

async function share(kind: Schemas["AudienceKind"], name: string, key: string): Promise<Schemas["SharedPost"]> {
  const { data, error } = await anna.POST("/v1/posts", {
    params: { header: { "Idempotency-Key": key } },
    body: { resource: { address: `${origin}/${name}`, name }, audience: { kind }, text: "A film" },
  });
  if (data === undefined) throw new Error(`Refused: ${error.type} ${error.detail}`);
  return data;
}

for (const [who, other] of [[anna, "ben"], [ben, "anna"]] as const) {
  const { response } = await who.PUT("/v1/relationships/{person}/friend", { params: { path: { person: other } } });
  check(response.status === 204, `a friend is ${other}`);
}

const key = crypto.randomUUID();
const post = await share("everyone", "film.bin", key);
check((await share("everyone", "film.bin", key)).id === post.id, "shared twice with one key, it is one post");
check(post.resource.length === undefined || typeof post.resource.length === "number", "a length is a number");

const reused = await anna.POST("/v1/posts", {
  params: { header: { "Idempotency-Key": key } },
  body: { resource: { address: `${origin}/other.bin`, name: "other.bin" }, audience: { kind: "everyone" } },
});
check(reused.error?.type === "urn:sharing:problem:idempotency-key-reused" && reused.error.status === 422, "a key that was used for something else is refused");

const seen = await eventually("the post is in the feed", async () => {
  const { data } = await ben.GET("/v1/feed", { params: { query: { count: 10 } } });
  return data?.posts.find((one) => one.link === post.link);
});
check(seen.author === "anna" && seen.authorName === "Anna" && seen.audience === "everyone", "the friend reads in his feed who shared it first");

const said = await ben.POST("/v1/network/posts/{id}/comments", { params: { path: { id: seen.id } }, body: { text: "Good." } });
check(said.response.status === 201 && said.data?.author === "ben", "the friend comments");
const thread = await nobody.GET("/v1/network/posts/{id}", { params: { path: { id: seen.id } } });
check(thread.data?.comments.length === 1 && thread.data.comments[0]?.text === "Good.", "anybody reads the comment");

const expected = new Uint8Array(await (await fetch(`${origin}/film.bin`)).arrayBuffer());
const same = (bytes: ArrayBuffer | undefined) => bytes?.byteLength === expected.length && new Uint8Array(bytes).every((byte, at) => byte === expected[at]);
check(post.link === `${baseUrl}/d/${post.id}`, "the link leads to the download server");
const link = await nobody.GET("/d/{id}", { params: { path: { id: post.id } }, parseAs: "arrayBuffer" });
check(link.response.status === 200 && same(link.data), "the link gives the origin's bytes");

const watched = await ben.GET("/v1/posts/{id}/events", { params: { path: { id: post.id } }, parseAs: "stream" });
check(watched.data != null, "the library can be watched");
let stored: Schemas["ContentInfo"] | null | undefined;
for await (const state of events<Schemas["PostContentState"]>(watched.data, "state")) {
  check(state.state !== "failed", `the library is ${state.state}`);
  if (state.state === "stored") {
    stored = state.content;
    break;
  }
}
check(stored != null && stored.length === expected.length && /^[0-9a-f]{64}$/.test(stored.id), "the library has it, and says under which content id");

const again = await nobody.GET("/d/{id}", { params: { path: { id: post.id } }, parseAs: "arrayBuffer" });
check(again.response.headers.get("etag") === `"${stored.id}"` && same(again.data), "now the link gives the library's bytes, the same");
const range = await nobody.GET("/v1/posts/{id}/content", {
  params: { path: { id: post.id } },
  headers: { Range: "bytes=5-9", "If-Range": `"${stored.id}"` },
  parseAs: "arrayBuffer",
});
check(range.response.status === 206 && range.data?.byteLength === 5, "a range is a range");

const secret = await share("friends", "secret.bin", crypto.randomUUID());
check((await ben.GET("/v1/posts/{id}", { params: { path: { id: secret.id } } })).data?.audience.kind === "friends", "a friend sees a post for friends");
const refused = await carl.GET("/v1/posts/{id}", { params: { path: { id: secret.id } } });
check(
  refused.response.status === 404 && refused.error?.type === "urn:sharing:problem:not-found" && refused.error.status === 404,
  "to a stranger it is not there",
);
const stranger = await nobody.GET("/v1/posts/{id}", { params: { path: { id: secret.id } } });
check(stranger.error?.type === "urn:sharing:problem:sign-in-required", "who has not signed in is told to");
