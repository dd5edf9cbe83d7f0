"""make.py PICTURES HOSTILE: pictures with metadata, made from those that are there, and files that cost a careless decoder gigabytes or minutes."""
import struct
import sys
import zlib
from pathlib import Path

pictures, hostile = Path(sys.argv[1]), Path(sys.argv[2])


def exif(orientation=6, gps=True, taken=b"2026:05:17 14:03:09"):
    """A TIFF structure of the greater byte first: orientation, camera, time, place."""
    entries = [(0x10F, 2, b"Example Works\0"), (0x112, 3, struct.pack(">HH", orientation, 0))]
    head = 8
    count = len(entries) + 1 + (1 if gps else 0)
    after = head + 2 + 12 * count + 4
    data = b""
    rows = b""

    def place(payload):
        nonlocal data
        at = after + len(data)
        data += payload + b"\0" * (len(payload) % 2)
        return at

    for tag, kind, value in entries:
        if kind == 3:
            rows += struct.pack(">HHI", tag, kind, 1) + value
        else:
            rows += struct.pack(">HHII", tag, kind, len(value), place(value))
    stamp = taken + b"\0"
    inner = after + len(data)
    place(struct.pack(">H", 1) + struct.pack(">HHII", 0x9003, 2, len(stamp), inner + 2 + 12 + 4) + struct.pack(">I", 0) + stamp)
    rows += struct.pack(">HHII", 0x8769, 4, 1, inner)
    if gps:
        at = after + len(data)
        degrees = struct.pack(">IIIIII", 48, 1, 8, 1, 1234, 100)
        place(struct.pack(">H", 2) + struct.pack(">HHI", 1, 2, 2) + b"N\0\0\0" + struct.pack(">HHII", 2, 5, 3, at + 2 + 24 + 4) + struct.pack(">I", 0) + degrees)
        rows += struct.pack(">HHII", 0x8825, 4, 1, at)
    return b"MM\0*" + struct.pack(">I", head) + struct.pack(">H", count) + rows + struct.pack(">I", 0) + data


def segment(marker, payload):
    return bytes([0xFF, marker]) + struct.pack(">H", len(payload) + 2) + payload


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" exif:GPSLatitude="48,8.2N"/></rdf:RDF></x:xmpmeta>'
plain = (pictures / "plain.jpg").read_bytes()


def photo(**how):
    return plain[:2] + segment(0xE1, b"Exif\0\0" + exif(**how)) + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP) + segment(0xED, b"Photoshop 3.0\x008BIM Secret Street") \
        + segment(0xFE, b"A comment about Secret Street") + plain[2:]


(pictures / "photo.jpg").write_bytes(photo())
(pictures / "photo-nogps.jpg").write_bytes(photo(gps=False))
(pictures / "motion.jpg").write_bytes(photo() + b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40)
for turn in range(1, 9):
    (pictures / f"turn{turn}.jpg").write_bytes(plain[:2] + segment(0xE1, b"Exif\0\0" + exif(orientation=turn, gps=False)) + plain[2:])
png = (pictures / "plain.png").read_bytes()
(pictures / "photo.png").write_bytes(png[:33] + chunk(b"eXIf", exif()) + chunk(b"tEXt", b"Comment\0Secret Street") + chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP) + png[33:])
webp = (pictures / "plain.webp").read_bytes()
start = webp.index(b"VP8 ")
length = struct.unpack("<I", webp[start + 4:start + 8])[0]
body = webp[start:start + 8 + length + length % 2]
extended = b"VP8X" + struct.pack("<I", 10) + bytes([0x0C, 0, 0, 0]) + struct.pack("<I", 1199)[:3] + struct.pack("<I", 799)[:3]
meta = exif()
tail = b"EXIF" + struct.pack("<I", len(meta)) + meta + b"\0" * (len(meta) % 2) + b"XMP " + struct.pack("<I", len(XMP)) + XMP + b"\0" * (len(XMP) % 2)
whole = b"WEBP" + extended + body + tail
(pictures / "photo.webp").write_bytes(b"RIFF" + struct.pack("<I", len(whole)) + whole)
gif = (pictures / "plain.gif").read_bytes()
table = 13 + (3 << ((gif[10] & 7) + 1) if gif[10] & 0x80 else 0)
comment = b"\x21\xfe\x0dSecret Street\x00"
xmp = b"\x21\xff\x0bXMP DataXMP" + XMP + b"\x01" + bytes(range(255, -1, -1)) + b"\x00"
loop = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"
(pictures / "photo.gif").write_bytes(gif[:table] + comment + xmp + loop + gif[table:] + b"behind the end, Secret Street")


def png_of(width, height, bits, colours, interlace, rows):
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colours, 0, 0, interlace))
    packer = zlib.compressobj(9)
    data = b""
    line = b"\0" * ((width * bits * {0: 1, 2: 3, 6: 4}[colours] + 7) // 8 + 1)
    for _ in range(rows):
        data += packer.compress(line)
    return head, data + packer.flush()


def write(name, head, data, between=b""):
    (hostile / name).write_bytes(head + between + chunk(b"IDAT", data) + chunk(b"IEND", b""))


write("grey60000.png", *png_of(60000, 60000, 8, 0, 0, 2000))
write("bits60000.png", *png_of(60000, 60000, 1, 0, 0, 60000))
write("adam20000.png", *png_of(20000, 20000, 8, 2, 1, 300))
write("endless.png", *png_of(0x7FFFFFFF, 0x7FFFFFFF, 8, 0, 0, 0))
small = png_of(64, 64, 8, 2, 0, 64)
packer = zlib.compress(b"\0" * (50 << 20), 9)
write("texts.png", *small, between=b"".join(chunk(b"zTXt", b"Comment\0\0" + packer) for _ in range(20)))
frame = struct.pack(">BHHB", 8, 64250, 64250, 1) + bytes([1, 0x11, 0])
tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC4, b"\0" + bytes([0, 1] + [0] * 14) + b"\0") + segment(0xC4, b"\x10" + bytes([0, 1] + [0] * 14) + b"\0")
scan = segment(0xDA, bytes([1, 1, 0, 0, 63, 0])) + b"\0" * 1000
(hostile / "lottapixel.jpg").write_bytes(b"\xff\xd8" + tables + segment(0xC0, frame) + scan + b"\xff\xd9")
(hostile / "lottapixel-progressive.jpg").write_bytes(b"\xff\xd8" + tables + segment(0xC2, frame) + scan + b"\xff\xd9")
(hostile / "twoframes.jpg").write_bytes(b"\xff\xd8" + segment(0xC0, struct.pack(">BHHB", 8, 8, 8, 1) + bytes([1, 0x11, 0])) + segment(0xC0, frame) + scan)
(hostile / "segments.jpg").write_bytes(b"\xff\xd8" + segment(0xE5, b"\0" * 65000) * 140 + plain[2:])
(hostile / "canvas.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0, 0, 0) + b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0;")
(hostile / "frame.gif").write_bytes(b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0, 0, 0) + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\0;")
(hostile / "huge.tif").write_bytes(b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 2) + struct.pack("<HHII", 0x100, 4, 1, 100000) + struct.pack("<HHII", 0x101, 4, 1, 100000) + struct.pack("<I", 0))
(hostile / "huge.webp").write_bytes(b"RIFF" + struct.pack("<I", 18 + 4) + b"WEBPVP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", 16382 | 16382 << 14) + b"\0" * 5)
(hostile / "canvas.webp").write_bytes(b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8X" + struct.pack("<I", 10) + b"\0\0\0\0" + b"\xff" * 6)


def box(kind, payload):
    return struct.pack(">I", 8 + len(payload)) + kind + payload


def heif(brand, width, height):
    ispe = box(b"ispe", struct.pack(">III", 0, width, height))
    properties = box(b"iprp", box(b"ipco", ispe) + box(b"ipma", struct.pack(">IIHBB", 0, 1, 1, 1, 1)))
    return box(b"ftyp", brand + b"\0\0\0\0mif1" + brand) + box(b"meta", b"\0\0\0\0" + box(b"pitm", struct.pack(">IH", 0, 1)) + properties)


(hostile / "huge.heic").write_bytes(heif(b"heic", 16000, 16000))
(hostile / "huge.avif").write_bytes(heif(b"avif", 16000, 16000))
deep = b""
for _ in range(5000):
    deep = box(b"meta", b"\0\0\0\0" + deep)
(hostile / "deep.heic").write_bytes(box(b"ftyp", b"heic\0\0\0\0mif1") + deep)
(hostile / "boxes.heic").write_bytes(box(b"ftyp", b"heic\0\0\0\0mif1") + box(b"free", b"") * 5000)
(hostile / "loop.jpg").write_bytes(plain[:2] + segment(0xE1, b"Exif\0\0MM\0*" + struct.pack(">I", 8) + struct.pack(">H", 1) + struct.pack(">HHII", 0x8769, 4, 1, 8) + b"\0\0\0\0") + plain[2:])
(hostile / "empty.jpg").write_bytes(b"")
(hostile / "svg.jpg").write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><image href="/etc/passwd"/></svg>')
(hostile / "pdf.png").write_bytes(b"%PDF-1.4\n")
