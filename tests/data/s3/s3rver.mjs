// s3rver.mjs FOLDER: prints "ready http://127.0.0.1:PORT" once it takes requests; ends when its standard input does.
import S3rver from 's3rver';

const server = new S3rver({ address: '127.0.0.1', port: 0, silent: true, directory: process.argv[2], vhostBuckets: false });
const { port } = await server.run();
console.log(`ready http://127.0.0.1:${port}`);
process.stdin.on('end', () => process.exit(0)).resume();
// A client that breaks off in the middle ends s3rver otherwise.
process.on('uncaughtException', (fault) => console.error('s3rver:', fault));
