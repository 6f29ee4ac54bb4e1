"""Where people live who set a program to a language, by the language's tag."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

LIKELY_ZONES: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "bg": ("Europe/Sofia",),
        "cs": ("Europe/Prague",),
        "da": ("Europe/Copenhagen",),
        "de": ("Europe/Berlin",),
        "el": ("Europe/Athens",),
        "en-GB": ("Europe/London",),
        "en-US": (
            "America/New_York",
            "America/Chicago",
            "America/Denver",
            "America/Los_Angeles",
        ),
        "es-419": (
            "America/Mexico_City",
            "America/Bogota",
            "America/Argentina/Buenos_Aires",
            "America/Lima",
            "America/Santiago",
        ),
        "es-ES": ("Europe/Madrid",),
        "fi": ("Europe/Helsinki",),
        "fr": ("Europe/Paris",),
        "hi": ("Asia/Kolkata",),
        "hr": ("Europe/Zagreb",),
        "hu": ("Europe/Budapest",),
        "id": ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"),
        "it": ("Europe/Rome",),
        "ja": ("Asia/Tokyo",),
        "ko": ("Asia/Seoul",),
        "lt": ("Europe/Vilnius",),
        "nl": ("Europe/Amsterdam",),
        "no": ("Europe/Oslo",),
        "pl": ("Europe/Warsaw",),
        "pt-BR": ("America/Sao_Paulo",),
        "ro": ("Europe/Bucharest",),
        "ru": ("Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"),
        "sv-SE": ("Europe/Stockholm",),
        "th": ("Asia/Bangkok",),
        "tr": ("Europe/Istanbul",),
        "uk": ("Europe/Kyiv",),
        "vi": ("Asia/Ho_Chi_Minh",),
        "zh-CN": ("Asia/Shanghai",),
        "zh-TW": ("Asia/Taipei",),
    }
)
"""Where most who set a program to a language live, the most people first; several zones where one
is an unsure guess."""
