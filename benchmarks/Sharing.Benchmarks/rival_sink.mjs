// Takes statuses as Mastodon's API has it, once for each key, answers them whole (docs.joinmastodon.org/entities/Status), and is otherwise as quick as it can be: rival_sink.mjs; prints its address, ends with
// its standard input.
import http from 'node:http';

const keys = new Map();
const account = {
  id: '109000000000000001', username: 'anna', acct: 'anna', display_name: 'Anna', locked: false, bot: false, discoverable: true, indexable: false, group: false, created_at: '2022-11-05T00:00:00.000Z',
  note: '<p>Films, mostly.</p>', url: 'https://mastodon.example/@anna', uri: 'https://mastodon.example/users/anna', avatar: 'https://mastodon.example/avatars/original/missing.png',
  avatar_static: 'https://mastodon.example/avatars/original/missing.png', header: 'https://mastodon.example/headers/original/missing.png', header_static: 'https://mastodon.example/headers/original/missing.png',
  followers_count: 321, following_count: 123, statuses_count: 4711, last_status_at: '2026-11-29', hide_collections: null, noindex: false, emojis: [], roles: [],
  fields: [{ name: 'Web', value: '<a href="https://anna.example">anna.example</a>', verified_at: '2023-01-01T00:00:00.000+00:00' }],
};
const whole = (id) => JSON.stringify({
  id, created_at: '2026-11-29T12:00:00.000Z', in_reply_to_id: null, in_reply_to_account_id: null, sensitive: false, spoiler_text: '', visibility: 'public', language: 'en',
  uri: `https://mastodon.example/users/anna/statuses/${id}`, url: `https://mastodon.example/@anna/${id}`, replies_count: 0, reblogs_count: 0, favourites_count: 0, edited_at: null, favourited: false,
  reblogged: false, muted: false, bookmarked: false, pinned: false, content: '<p>film</p><p><a href="https://share.example.org/d/1" target="_blank" rel="nofollow noopener noreferrer"><span class="invisible">https://</span><span class="">share.example.org/d/1</span><span class="invisible"></span></a></p>',
  filtered: [], reblog: null, application: { name: 'Sharing', website: null }, account, media_attachments: [], mentions: [], tags: [], emojis: [], card: null, poll: null,
});
const answers = { '/api/v1/accounts/verify_credentials': account, '/api/v1/instance/': { version: '4.3.0', uri: 'mastodon.example' }, '/api/v1/instance': { version: '4.3.0', uri: 'mastodon.example' } };
http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk)).on('end', () => {
    const key = request.headers['idempotency-key'];
    if (key && !keys.has(key)) keys.set(key, `${115000000000000000n + BigInt(keys.size)}`);
    const body = key ? whole(keys.get(key)) : JSON.stringify(answers[request.url.split('?')[0]] ?? {});
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
}).listen(0, '127.0.0.1', function listening() { console.log(`READY http://127.0.0.1:${this.address().port}`); });
process.stdin.resume().on('end', () => process.exit(0));
