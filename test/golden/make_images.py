"""Makes images.json: small images of every kind with the pixels that PIL gives for them, and resized as torchvision does.

Run with Debian's python3-pil and python3-numpy: python3 test/golden/make_images.py > test/golden/images.json
"""
import base64
import hashlib
import io
import json
import struct

import numpy as np
from PIL import Image

WIDTH, HEIGHT = 13, 9
rng = np.random.default_rng(0)
y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
smooth = np.stack([x * 19, y * 28, (x + y) * 11], -1) % 256
rgb = Image.fromarray(((smooth + rng.integers(0, 40, smooth.shape)) % 256).astype(np.uint8))
grey = rgb.convert("L")
alpha = Image.fromarray(rng.integers(0, 256, (HEIGHT, WIDTH), dtype=np.uint8))
rgba, la = rgb.copy(), Image.merge("LA", [grey, alpha])
rgba.putalpha(alpha)
deep = Image.fromarray(rng.integers(0, 65536, (HEIGHT, WIDTH), dtype=np.uint16))


def save(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def white_is_zero(tiff):
    """The same file with its pixels to be read the other way round."""
    black = struct.pack("<HHIHH", 262, 3, 1, 1, 0)
    assert tiff.count(black) == 1
    return tiff.replace(black, struct.pack("<HHIHH", 262, 3, 1, 0, 0))


FILES = {
    "grey.png": save(grey, "PNG"),
    "rgb.png": save(rgb, "PNG"),
    "rgba.png": save(rgba, "PNG"),
    "grey-alpha.png": save(la, "PNG"),
    "palette.png": save(rgb.quantize(16), "PNG"),
    "bits-1.png": save(grey.convert("1"), "PNG"),
    "bits-16.png": save(deep, "PNG"),
    "grey.jpg": save(grey, "JPEG"),
    "rgb.jpg": save(rgb, "JPEG"),
    "rgb-444.jpg": save(rgb, "JPEG", subsampling=0, quality=95),
    "progressive.jpeg": save(rgb, "JPEG", progressive=True),
    "grey.gif": save(grey, "GIF"),
    "palette.gif": save(rgb.quantize(32), "GIF"),
    "animated.gif": save(grey.convert("P"), "GIF", save_all=True, append_images=[grey.rotate(180).convert("P")]),
    "grey.bmp": save(grey, "BMP"),
    "rgb.bmp": save(rgb, "BMP"),
    "palette.bmp": save(rgb.quantize(16), "BMP"),
    "grey.tif": save(grey, "TIFF"),
    "rgb.tiff": save(rgb, "TIFF"),
    "lzw.tif": save(rgb, "TIFF", compression="tiff_lzw"),
    "deflate.tif": save(rgb, "TIFF", compression="tiff_adobe_deflate"),
    "bits-16.tif": save(deep, "TIFF"),
    "white-is-zero.tif": white_is_zero(save(grey, "TIFF")),
    "white-is-zero-lzw.tif": white_is_zero(save(grey, "TIFF", compression="tiff_lzw")),
    "lossless.webp": save(rgb, "WEBP", lossless=True),
    "lossy.webp": save(rgb, "WEBP", quality=80),
}


def digest(image):
    return hashlib.sha256(np.asarray(image).tobytes()).hexdigest()[:16]


def entry(name, data):
    image = Image.open(io.BytesIO(data))
    if image.mode.startswith("I"):
        image = Image.fromarray((np.asarray(image).astype(np.uint16) >> 8).astype(np.uint8))
    forms = {}
    for mode, form in (("L", "grey"), ("RGB", "rgb")):
        pixels = image.convert(mode)
        forms[form] = digest(pixels)
        forms[form + "-5x4"] = digest(pixels.resize((5, 4), Image.BILINEAR))
        forms[form + "-20x21"] = digest(pixels.resize((20, 21), Image.BILINEAR))
    return {"name": name, "bytes": base64.b64encode(data).decode(), **forms}


print(json.dumps([entry(name, data) for name, data in FILES.items()], indent=1))
