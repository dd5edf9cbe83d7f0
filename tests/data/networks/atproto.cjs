// An AT Protocol network on loopback: directory, personal data server, and, where there is a database for it, the app view that people read through (on PostgreSQL).
// node atproto.cjs [POSTGRES_URL]; takes what it is sent without limit unless RATE_LIMITS=1; prints "READY PDS_ADDRESS", ends with its standard input.
const net = require('node:net');

// The servers of the kit listen at every address unless told otherwise, and they cannot be told.
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (first, ...rest) {
  if (typeof first === 'number' && typeof rest[0] !== 'string') rest.unshift('127.0.0.1');
  else if (first && typeof first === 'object' && first.port !== undefined && !first.host) first.host = '127.0.0.1';
  return listen.call(this, first, ...rest);
};
process.env.NODE_ENV = 'test';
process.env.LOG_ENABLED = 'false';

const { TestPlc, TestBsky, TestPds, mockNetworkUtilities } = require('@atproto/dev-env');

const free = () => new Promise((done) => {
  const probe = net.createServer().listen(0, '127.0.0.1', () => { const { port } = probe.address(); probe.close(() => done(port)); });
});

async function main([postgres]) {
  const plc = await TestPlc.create({ port: await free() });
  const pdsPort = await free();
  const bsky = postgres && await TestBsky.create({
    port: await free(), plcUrl: plc.url, pdsPort, repoProvider: `ws://localhost:${pdsPort}`, dbPostgresSchema: 'appview', dbPostgresUrl: postgres,
  });
  const pds = await TestPds.create({
    port: pdsPort, hostname: 'localhost', didPlcUrl: plc.url, ...(bsky && { bskyAppViewUrl: bsky.url, bskyAppViewDid: bsky.ctx.cfg.serverDid }), inviteRequired: false,
    rateLimitsEnabled: process.env.RATE_LIMITS === '1',
  });
  mockNetworkUtilities(pds, bsky);
  console.log(`READY ${pds.url}`);
  process.stdin.resume().on('end', () => process.exit(0));
}

main(process.argv.slice(2)).catch((fault) => { console.error(fault); process.exit(1); });
