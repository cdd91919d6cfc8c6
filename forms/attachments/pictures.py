"""
Pictures drawn anew: what is kept is only what one sees, upright, and no larger than one needs to read it.

EXIF, the place where it was taken, thumbnails, comments, profiles and whatever hangs behind the picture do not survive.
"""

from io import BytesIO

import pi_heif
from PIL import Image, ImageOps

from forms.attachments.refusals import refusal
from register.attachment import Kind

LONGEST_SIDE = 2560
"""Pixels; an A4 page photographed whole can be read."""
MOST_PIXELS = 50_000_000
"""Telephones take up to 48.8 million in HEIC."""
MOST_PIXELS_JPEG = 120_000_000
"""JPEG is made smaller while it is read, so cameras of 108 million pixels may send it."""
LARGEST_PNG = 4_000_000
"""Bytes; a photograph kept as PNG is kept as JPEG from there on."""
_QUALITY = 85
_READERS = {Kind.JPEG: "JPEG", Kind.PNG: "PNG", Kind.WEBP: "WEBP", Kind.HEIC: "HEIF"}
_MODES = {"1": "L", "L": "L", "LA": "RGBA", "PA": "RGBA", "RGBA": "RGBA", "RGBa": "RGBA", "La": "RGBA"}


def redrawn(kind: Kind, data: bytes) -> tuple[Kind, bytes]:
    """
    The picture in JPEG, PNG or WebP.

    Raises: RefusedError (`too_many_pixels`), before anything is decoded; whatever Pillow raises for a picture that is
        broken or cut off.
    """
    most = MOST_PIXELS_JPEG if kind is Kind.JPEG else MOST_PIXELS
    Image.MAX_IMAGE_PIXELS = None  # asked below, and by the kind
    if kind is Kind.HEIC:
        pi_heif.register_heif_opener(thumbnails=False)
    with Image.open(BytesIO(data), formats=[_READERS[kind]]) as image:
        if image.width * image.height > most:
            raise refusal("too_many_pixels", limit=most // 1_000_000)
        image.draft(None, (LONGEST_SIDE, LONGEST_SIDE))
        return _written(kind, _clean(image))


def _clean(image: Image.Image) -> Image.Image:
    """Pixels alone, upright."""
    mode = "RGBA" if "transparency" in image.info else _MODES.get(image.mode, "RGB")
    seen = image if image.mode == mode else image.convert(mode)
    seen.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    ImageOps.exif_transpose(seen, in_place=True)
    clean = Image.new(mode, seen.size)
    clean.paste(seen)
    return clean


def _written(kind: Kind, image: Image.Image) -> tuple[Kind, bytes]:
    if kind is Kind.PNG:
        drawn = _saved(image, "PNG")
        if len(drawn) <= LARGEST_PNG:
            return kind, drawn
    if kind is Kind.WEBP or image.mode == "RGBA":
        return Kind.WEBP, _saved(image, "WEBP", quality=_QUALITY)
    return Kind.JPEG, _saved(image, "JPEG", quality=_QUALITY, optimize=True)


def _saved(image: Image.Image, name: str, **how: int | bool) -> bytes:
    target = BytesIO()
    image.save(target, name, **how)
    return target.getvalue()
