"""libtorrent as a side of the comparisons, with its own settings but for what would leave the machine.

make FILE TORRENT URL...   writes a torrent of one file, pieces of 256 KiB, with web seeds
web TORRENT FOLDER         says "ready", waits for a line, fetches, says how many seconds that took
swarm TORRENT FOLDER ADDRESS PORT seed|leech PEER...   the same among peers; goes on giving until its input ends
"""
import hashlib
import sys
import time

import libtorrent as lt

SETTINGS = {"enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False}


def make(path, torrent, *urls):
    files = lt.file_storage()
    lt.add_files(files, path)
    files.rename_file(0, "file")
    files.set_name("file")
    creator = lt.create_torrent(files, 256 * 1024, flags=lt.create_torrent.v1_only)
    for url in urls:
        creator.add_url_seed(url)
    with open(path, "rb") as data:
        for piece in range(files.num_pieces()):
            creator.set_hash(piece, hashlib.sha1(data.read(files.piece_size(piece))).digest())
    with open(torrent, "wb") as out:
        out.write(lt.bencode(creator.generate()))


def fetch(session, torrent, folder, peers):
    print("ready", flush=True)
    sys.stdin.readline()
    started = time.monotonic()
    params = lt.add_torrent_params()
    params.ti = lt.torrent_info(torrent)
    params.save_path = folder
    handle = session.add_torrent(params)
    for host, port in peers:
        handle.connect_peer((host, port))
    while not handle.status().is_seeding:
        time.sleep(0.005)
    status = handle.status()
    print("%.3f %d %d" % (time.monotonic() - started, status.total_payload_upload, status.total_payload_download), flush=True)
    return handle


def main():
    command, arguments = sys.argv[1], sys.argv[2:]
    if command == "make":
        make(*arguments)
    elif command == "web":
        session = lt.session(dict(SETTINGS, listen_interfaces="0.0.0.0:0"))
        fetch(session, arguments[0], arguments[1], [])
    elif command == "swarm":
        torrent, folder, address, port, role = arguments[:5]
        peers = [(peer.rsplit(":", 1)[0], int(peer.rsplit(":", 1)[1])) for peer in arguments[5:]]
        session = lt.session(dict(SETTINGS, listen_interfaces=address + ":" + port, allow_multiple_connections_per_ip=False))
        if role == "seed":
            params = lt.add_torrent_params()
            params.ti = lt.torrent_info(torrent)
            params.save_path = folder
            params.flags |= lt.torrent_flags.seed_mode
            handle = session.add_torrent(params)
            print("ready", flush=True)
            sys.stdin.readline()
            print("0 %d 0" % handle.status().total_payload_upload, flush=True)
        else:
            fetch(session, torrent, folder, peers)
            sys.stdin.readline()


main()
