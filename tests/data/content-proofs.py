#!/usr/bin/env python3
"""Writes content-proofs.json: group hashes and proofs, made from the BLAKE3 paper alone and by none of the code that they check.

Byte i of each content is i mod 251. A proof lists the chaining values beside the way from a group up to the root, the lowest first.
"""
import json
import struct

IV = [0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19]
ORDER = [2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8]
START, END, PARENT, ROOT = 1, 2, 4, 8
GROUP = 65536
M = 0xFFFFFFFF


def turn(x, n):
    return (x >> n | x << (32 - n)) & M


def compress(h, words, counter, length, flags):
    v = h + IV[:4] + [counter & M, counter >> 32, length, flags]
    def mix(a, b, c, d, x, y):
        v[a] = (v[a] + v[b] + x) & M; v[d] = turn(v[d] ^ v[a], 16); v[c] = (v[c] + v[d]) & M; v[b] = turn(v[b] ^ v[c], 12)
        v[a] = (v[a] + v[b] + y) & M; v[d] = turn(v[d] ^ v[a], 8); v[c] = (v[c] + v[d]) & M; v[b] = turn(v[b] ^ v[c], 7)
    for _ in range(7):
        for i, (a, b, c, d) in enumerate([(0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15), (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)]):
            mix(a, b, c, d, words[2 * i], words[2 * i + 1])
        words = [words[i] for i in ORDER]
    return [v[i] ^ v[i + 8] for i in range(8)]


def words(block):
    return list(struct.unpack("<16I", block.ljust(64, b"\0")))


def chunk(data, number, root):
    h, blocks = IV[:], [data[i:i + 64] for i in range(0, max(1, len(data)), 64)]
    for i, block in enumerate(blocks):
        last = i == len(blocks) - 1
        h = compress(h, words(block), number, len(block), (START if i == 0 else 0) | (END | root if last else 0))
    return h


def parent(left, right, root):
    return compress(IV[:], left + right, 0, 64, PARENT | root)


def left_of(n):
    return 1 << (n - 1).bit_length() - 1  # the largest power of two below n


def subtree(data, number, root):
    n = max(1, -(-len(data) // 1024))
    if n == 1:
        return chunk(data, number, root)
    cut = left_of(n)
    return parent(subtree(data[:cut * 1024], number, 0), subtree(data[cut * 1024:], number + cut, 0), root)


def fold(hashes, root):
    if len(hashes) == 1:
        return hashes[0]
    cut = left_of(len(hashes))
    return parent(fold(hashes[:cut], 0), fold(hashes[cut:], 0), root)


def proof(hashes, group):
    if len(hashes) == 1:
        return []
    cut = left_of(len(hashes))
    return proof(hashes[:cut], group) + [fold(hashes[cut:], 0)] if group < cut else proof(hashes[cut:], group - cut) + [fold(hashes[:cut], 0)]


def text(h):
    return struct.pack("<8I", *h).hex()


def content(length):
    data = bytes(i % 251 for i in range(length))
    groups = [data[i:i + GROUP] for i in range(0, max(1, length), GROUP)]
    only = ROOT if len(groups) == 1 else 0
    hashes = [subtree(bytes_, i * 64, only) for i, bytes_ in enumerate(groups)]
    return {
        "length": length,
        "id": text(fold(hashes, ROOT)),
        "groups": [text(h) for h in hashes],
        "proofs": [[text(h) for h in proof(hashes, i)] for i in range(len(hashes))],
    }


lengths = [0, 1, 65535, 65536, 65537, 131072, 131073, 196608, 200000, 262144, 262145, 458752, 589825]
with open("content-proofs.json", "w", encoding="ascii") as file:
    json.dump([content(length) for length in lengths], file, indent=1)
    file.write("\n")
