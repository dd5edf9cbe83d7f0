#!/usr/bin/env python3
"""make.py FOLDER: damages signed APKs in the ways that fool readers."""
import struct
import sys
from pathlib import Path

V2, V3, V31 = 0x7109871A, 0xF05368C0, 0x1B93AD61
MAGIC = b"APK Sig Block 42"
folder = Path(sys.argv[1])


def parts(data):
    """(entries, [(id, value)], directory, end record)"""
    end = data.rindex(b"PK\5\6")
    (directory,) = struct.unpack_from("<I", data, end + 16)
    if data[directory - 16:directory] != MAGIC:
        return data[:directory], [], data[directory:end], data[end:]
    (size,) = struct.unpack_from("<Q", data, directory - 24)
    start = directory - size - 8
    pairs, at = [], start + 8
    while at < directory - 24:
        length, key = struct.unpack_from("<QI", data, at)
        pairs.append((key, data[at + 12:at + 8 + length]))
        at += 8 + length
    return data[:start], pairs, data[directory:end], data[end:]


def join(entries, pairs, directory, end):
    block = b"".join(struct.pack("<QI", len(value) + 4, key) + value for key, value in pairs)
    block = struct.pack("<Q", len(block) + 24) + block + struct.pack("<Q", len(block) + 24) + MAGIC if pairs else b""
    start = len(entries) + len(block)
    return entries + block + directory + end[:16] + struct.pack("<I", start) + end[20:]


def read(name):
    return (folder / f"{name}.apk").read_bytes()


def write(name, data):
    (folder / f"{name}.apk").write_bytes(data)


def change(source, name, edit):
    entries, pairs, directory, end = parts(read(source))
    write(name, join(entries, edit(pairs), directory, end))


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def value(name, key):
    return dict(parts(read(name))[1])[key]


data = read("v2only")
write("v2-tampered", flip(data, data.index(b"libmade.so") + 5000))
data = read("v3only")
write("v3-tampered", flip(data, data.index(b"libmade.so") + 5000))
data = read("v1only")
write("v1-tampered", flip(data, data.index(b"libmade.so") + 5000))
change("v123", "v123-stripped", lambda pairs: [])
change("v123", "v3-stripped", lambda pairs: [p for p in pairs if p[0] != V3])
other = value("other", V2)
change("v2only", "dup-v2-last", lambda pairs: pairs + [(V2, other)])
change("v2only", "dup-v2-first", lambda pairs: [(V2, other)] + pairs)
change("v2only", "v2-of-another", lambda pairs: [(V2, other)])
change("v2only", "foreign-block", lambda pairs: [(0x504B4453, b"anything")] + pairs)
change("v3only", "v31", lambda pairs: [(V31 if k == V3 else k, v) for k, v in pairs])
# JAR files' signature of one key beside an APK signature of another.
entries, _, directory, end = parts(read("other"))
write("fake-v1", read("v1only"))  # its own archive, so v2 of "other" cannot cover it
fake = parts(read("v1only"))
write("fake-v1", join(fake[0], [(V2, other)], fake[2], fake[3]))
write("truncated", read("v123")[:-1000])
write("janus", b"dex\n035\0" + read("v1only"))
