"""Colours by name, and the ways in which lights tell them."""

import colorsys
import math

NAMES: dict[str, tuple[int, int, int]] = {
    "red": (255, 0, 0),
    "orange": (255, 140, 0),
    "yellow": (255, 235, 0),
    "lime": (160, 255, 0),
    "green": (0, 255, 0),
    "turquoise": (0, 255, 170),
    "cyan": (0, 255, 255),
    "blue": (0, 0, 255),
    "purple": (140, 0, 255),
    "magenta": (255, 0, 255),
    "pink": (255, 105, 180),
    "gold": (255, 200, 40),
    "brown": (165, 80, 30),
    "teal": (0, 170, 170),
    "white": (255, 255, 255),
}
ALIASES = {"violet": "purple", "fuchsia": "magenta", "aqua": "cyan", "black": "", "navy": "blue"}


def rgb_of(name: str) -> tuple[int, int, int] | None:
    """Red, green and blue of a name or of #rrggbb, 0..255; None for one that is not known."""
    name = name.strip().casefold()
    if len(name) == 7 and name.startswith("#"):
        try:
            return int(name[1:3], 16), int(name[3:5], 16), int(name[5:7], 16)
        except ValueError:
            return None
    return NAMES.get(ALIASES.get(name, name))


def name_of(rgb: tuple[float, float, float]) -> str:
    """The nearest name."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))

    def distance(name: str) -> float:
        h, s, _ = colorsys.rgb_to_hsv(*(part / 255 for part in NAMES[name]))
        return math.dist(_point(hue, saturation), _point(h, s))

    return min(NAMES, key=distance)


def near(one: str, two: str) -> bool:
    """Whether two names may be one colour as a light can show it."""
    first, second = rgb_of(one), rgb_of(two)
    if first is None or second is None:
        return False
    points = []
    for rgb in (first, second):
        hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
        points.append(_point(hue, saturation))
    return math.dist(*points) < 0.5


def hs_of(rgb: tuple[float, float, float]) -> tuple[float, float]:
    """Hue in degrees and saturation in per cent."""
    hue, saturation, _ = colorsys.rgb_to_hsv(*(part / 255 for part in rgb))
    return round(hue * 360, 1), round(saturation * 100, 1)


def rgb_of_hs(hue: float, saturation: float) -> tuple[float, float, float]:
    """The other way."""
    red, green, blue = colorsys.hsv_to_rgb(hue % 360 / 360, max(0.0, min(1.0, saturation / 100)), 1.0)
    return red * 255, green * 255, blue * 255


def xy_of(rgb: tuple[float, float, float]) -> tuple[float, float]:
    """The chromaticity (CIE 1931) of an sRGB colour."""
    red, green, blue = (_linear(part / 255) for part in rgb)
    x = 0.4124 * red + 0.3576 * green + 0.1805 * blue
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    total = x + y + 0.0193 * red + 0.1192 * green + 0.9505 * blue
    return (round(x / total, 4), round(y / total, 4)) if total else (0.3127, 0.329)


def rgb_of_xy(x: float, y: float) -> tuple[float, float, float]:
    """The sRGB colour of a chromaticity, as bright as it can be."""
    if not 0 < y <= 1 or not 0 <= x <= 1:
        return 255, 255, 255
    tall, deep = x / y, (1 - x - y) / y
    linear = (
        3.2406 * tall - 1.5372 - 0.4986 * deep,
        -0.9689 * tall + 1.8758 + 0.0415 * deep,
        0.0557 * tall - 0.2040 + 1.0570 * deep,
    )
    most = max(*linear, 1e-6)
    red, green, blue = (255 * _curved(max(0.0, part) / most) for part in linear)
    return red, green, blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _curved(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _point(hue: float, saturation: float) -> tuple[float, float]:
    return saturation * math.cos(2 * math.pi * hue), saturation * math.sin(2 * math.pi * hue)
