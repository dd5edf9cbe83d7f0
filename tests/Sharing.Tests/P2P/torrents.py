# Drives libtorrent, the engine of qBittorrent, for the tests.
#   torrents.py hashes FILE PIECE_LENGTH TORRENT...  prints the info-hashes that libtorrent gives the file (v1, v2, hybrid), then those of the torrents
#   torrents.py fetch TORRENT FOLDER                 downloads by web seeds alone, and ends when all of it is there and was checked
import os
import sys
import time

import libtorrent as lt


def name(info):
    hashes = info.info_hashes()
    return " ".join(str(value) if known else "-" for known, value in ((hashes.has_v1(), hashes.v1), (hashes.has_v2(), hashes.v2)))


def hashes(path, piece_length, torrents):
    for flags in (lt.create_torrent.v1_only, lt.create_torrent.v2_only, 0):
        files = lt.file_storage()
        files.add_file(os.path.basename(path), os.path.getsize(path))
        torrent = lt.create_torrent(files, piece_length, flags)
        lt.set_piece_hashes(torrent, os.path.dirname(path))
        print(name(lt.torrent_info(torrent.generate())))
    for torrent in torrents:
        print(name(lt.torrent_info(torrent)))


def fetch(torrent, folder):
    session = lt.session({
        "listen_interfaces": "127.0.0.1:0", "enable_dht": False, "enable_lsd": False, "enable_upnp": False, "enable_natpmp": False,
        "alert_mask": lt.alert.category_t.status_notification | lt.alert.category_t.error_notification,
    })
    handle = session.add_torrent({"ti": lt.torrent_info(torrent), "save_path": folder})
    deadline = time.monotonic() + 100
    while not handle.status().is_seeding:
        if time.monotonic() > deadline:
            sys.exit("It did not end: %s" % handle.status().progress)
        session.wait_for_alert(100)
        for alert in session.pop_alerts():
            print(alert.message())
            if isinstance(alert, lt.torrent_error_alert):
                sys.exit("It failed.")


if sys.argv[1] == "hashes":
    hashes(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
else:
    fetch(sys.argv[2], sys.argv[3])
