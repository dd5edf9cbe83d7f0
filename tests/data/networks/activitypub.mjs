// A server of the fediverse with one person, on loopback, made with Fedify: node activitypub.mjs NAME; prints "READY ADDRESS", ends with its standard input.
// It is driven by GET /do/WHAT?…, and tells what has come to its inbox at /seen.
import http from 'node:http';
import net from 'node:net';
import { generateKeyPairSync, webcrypto } from 'node:crypto';
import {
  Accept, Announce, Create, createFederation, Delete, Endpoints, Follow, Like, MemoryKvStore, Note, Person, PUBLIC_COLLECTION, Tombstone, Undo, Update,
} from '@fedify/fedify';

const [name] = process.argv.slice(2);
const seen = [];
const notes = new Map();
let followers = new Map();

// Node's own key is there in a moment; the library's takes seconds.
const pair = async () => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'der' }, privateKeyEncoding: { type: 'pkcs8', format: 'der' } });
  const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' };
  return {
    publicKey: await webcrypto.subtle.importKey('spki', publicKey, algorithm, true, ['verify']),
    privateKey: await webcrypto.subtle.importKey('pkcs8', privateKey, algorithm, true, ['sign']),
  };
};
let keys = await pair();

const federation = createFederation({ kv: new MemoryKvStore(), allowPrivateAddress: true, signatureTimeWindow: { hours: 1 } });

federation.setActorDispatcher('/users/{identifier}', async (context, identifier) => {
  if (identifier !== name) return null;
  const [key] = await context.getActorKeyPairs(identifier);
  return new Person({
    id: context.getActorUri(identifier), preferredUsername: identifier, name: identifier, inbox: context.getInboxUri(identifier),
    endpoints: new Endpoints({ sharedInbox: context.getInboxUri() }), publicKey: key.cryptographicKey,
  });
}).setKeyPairsDispatcher((_, identifier) => (identifier === name ? [keys] : []));

federation.setObjectDispatcher(Note, '/notes/{id}', (_, { id }) => notes.get(id) ?? null);

const keep = (kind) => async (context, activity) => {
  seen.push({ kind, actor: activity.actorId?.href, object: activity.objectId?.href, json: await activity.toJsonLd({ contextLoader: context.contextLoader }) });
};
federation.setInboxListeners('/users/{identifier}/inbox', '/inbox')
  .on(Follow, async (context, follow) => {
    followers.set(follow.actorId.href, await follow.getActor(context));
    await keep('Follow')(context, follow);
    await context.sendActivity({ identifier: name }, followers.get(follow.actorId.href), new Accept({ id: new URL(`#accept/${seen.length}`, context.getActorUri(name)), actor: context.getActorUri(name), object: follow }));
  })
  .on(Accept, keep('Accept')).on(Create, keep('Create')).on(Update, keep('Update')).on(Delete, keep('Delete')).on(Announce, keep('Announce')).on(Undo, keep('Undo'));

const activities = {
  follow: (context, { actor }) => new Follow({ id: new URL('#follow', context.getActorUri(name)), actor: context.getActorUri(name), object: new URL(actor) }),
  unfollow: (context, { actor }) => new Undo({ id: new URL('#unfollow', context.getActorUri(name)), actor: context.getActorUri(name), object: activities.follow(context, { actor }) }),
  reply: (context, { note, text, id }) => {
    notes.set(id, new Note({
      id: new URL(`/notes/${id}`, context.origin), attribution: context.getActorUri(name), to: PUBLIC_COLLECTION, content: text, replyTarget: new URL(note),
    }));
    return new Create({ id: new URL(`/notes/${id}/create`, context.origin), actor: context.getActorUri(name), to: PUBLIC_COLLECTION, object: notes.get(id) });
  },
  post: (context, { text, id }) => {
    notes.set(id, new Note({ id: new URL(`/notes/${id}`, context.origin), attribution: context.getActorUri(name), to: PUBLIC_COLLECTION, content: text }));
    return null;
  },
  unreply: (context, { id }) => new Delete({ id: new URL(`/notes/${id}/delete`, context.origin), actor: context.getActorUri(name), to: PUBLIC_COLLECTION, object: new Tombstone({ id: new URL(`/notes/${id}`, context.origin) }) }),
  boost: (context, { note }) => new Announce({ id: new URL(`#boost/${encodeURIComponent(note)}`, context.getActorUri(name)), actor: context.getActorUri(name), to: PUBLIC_COLLECTION, object: new URL(note) }),
  unboost: (context, { note }) => new Undo({ id: new URL(`#unboost/${encodeURIComponent(note)}`, context.getActorUri(name)), actor: context.getActorUri(name), to: PUBLIC_COLLECTION, object: activities.boost(context, { note }) }),
  like: (context, { note }) => new Like({ id: new URL(`#like/${encodeURIComponent(note)}`, context.getActorUri(name)), actor: context.getActorUri(name), object: new URL(note) }),
};

async function act(context, what, given) {
  if (what === 'rotate') {
    keys = await pair();
    return { done: what };
  }
  const activity = activities[what](context, given);
  if (activity) {
    const target = await context.lookupObject(given.to ?? given.actor);
    if (!target) throw new Error(`${given.to ?? given.actor} is not found.`);
    await context.sendActivity({ identifier: name }, target, activity, { immediate: true });
  }
  return { done: what, id: activity?.id?.href };
}

const free = () => new Promise((done) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); });
});
const port = await free();
const address = `http://localhost:${port}`;

http.createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const url = new URL(request.url, address);
  try {
    if (url.pathname === '/seen') return response.end(JSON.stringify(seen));
    if (url.pathname.startsWith('/do/')) {
      const context = federation.createContext(new URL(address), undefined);
      return response.end(JSON.stringify(await act(context, url.pathname.slice(4), Object.fromEntries(url.searchParams))));
    }
    const body = request.method === 'GET' || request.method === 'HEAD' ? undefined : Buffer.concat(chunks);
    const answer = await federation.fetch(new Request(url, { method: request.method, headers: request.headers, body }), { contextData: undefined });
    response.writeHead(answer.status, Object.fromEntries(answer.headers));
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch (fault) {
    response.writeHead(500);
    response.end(String(fault?.stack ?? fault));
  }
}).listen(port, '127.0.0.1', () => console.log(`READY ${address}`));
process.stdin.resume().on('end', () => process.exit(0));
