// A BitTorrent tracker over HTTP, as its package's README sets one up. Argument: the port. Stands where its package was installed.
import Server from 'bittorrent-tracker/server'

const server = new Server({ udp: false, http: true, ws: false, stats: false })
server.on('error', error => { console.error(error); process.exit(1) })
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('ready'))
