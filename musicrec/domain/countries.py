"""Codes of countries: which there are, and what an ISRC's prefix says about a song's country."""

from types import MappingProxyType
from typing import Final

_CODES: Final = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS
BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE
EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM
HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC
LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA
NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW
SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW
"""
COUNTRY_CODES: Final = frozenset(_CODES.split())
"""ISO 3166-1 alpha-2, and XK for Kosovo."""

_OTHER_PREFIXES: Final = MappingProxyType({"UK": "GB", "FX": "FR", "BX": "BR"})
"""Prefixes that an agency was given beside its country's code."""

_OF_ANYWHERE: Final = frozenset({"TC"})
"""A country's code that a distributor for musicians of all countries was given."""


def country_of_prefix(prefix: str) -> str | None:
    """Return the country of the agency that gave out an ISRC; None where it may be any.

    It is where the recording was registered, most often the artist's home, sometimes only their
    label's. The prefixes QM, QZ and QT of the agency of the United States go to distributors whose
    musicians live everywhere, and those of the international agency (CP, DG, ZZ) belong to no
    country: none of them is a country's code.

    Args:
        prefix: The first two letters, upper case.

    Sources:
        ISRC Handbook; International ISRC Agency, Bulletin 2015/01; usisrc.org.
    """
    if prefix in _OF_ANYWHERE:
        return None
    code = _OTHER_PREFIXES.get(prefix, prefix)
    return code if code in COUNTRY_CODES else None
