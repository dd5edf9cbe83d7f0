# Telephone numbers as people write them, with what Google's libphonenumber (Debian: python3-phonenumbers) makes of them.
#   contacts.py SEED COUNT [REGION...]  prints COUNT lines "written TAB region of the owner TAB E.164" of valid numbers
#   contacts.py SEED COUNT rubbish      prints COUNT lines "written TAB region" of what it takes for no possible number
import random
import re
import sys

try:
    import re._parser as parser
except ImportError:
    import sre_parse as parser

import phonenumbers as pn
from phonenumbers.phonemetadata import PhoneMetadata

REGIONS = "DE AT CH FR IT ES GB IE NL PL HU RU UA TR US CA MX BR AR CO JP KR CN IN ID AU ZA EG NG IR".split()
DIGITS = ["０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९"]
KEYS = "22233344455566677778889999"


def word(rng, tokens):
    """A random text that a pattern matches."""
    out = ""
    for kind, value in tokens:
        kind = str(kind)
        if kind == "LITERAL":
            out += chr(value)
        elif kind == "IN":
            choices = []
            for k, v in value:
                k = str(k)
                choices += [chr(v)] if k == "LITERAL" else [chr(c) for c in range(v[0], v[1] + 1)] if k == "RANGE" else list("0123456789")
            out += rng.choice(choices)
        elif kind == "BRANCH":
            out += word(rng, rng.choice(value[1]))
        elif kind == "SUBPATTERN":
            out += word(rng, value[-1])
        elif kind == "MAX_REPEAT":
            out += "".join(word(rng, value[2]) for _ in range(rng.randint(value[0], min(value[1], 15))))
        else:
            raise ValueError(kind)
    return out


def number(rng, region):
    """A valid number: mostly of a person, now and then another one."""
    metadata = PhoneMetadata.metadata_for_region(region)
    while True:
        kind = rng.choices([metadata.mobile, metadata.fixed_line, metadata.toll_free, metadata.voip], [50, 44, 4, 2])[0]
        if kind is None or not kind.national_number_pattern or kind.national_number_pattern == "NA":
            continue
        national = word(rng, parser.parse(kind.national_number_pattern))
        found = pn.PhoneNumber(country_code=pn.country_code_for_region(region), national_number=int(national))
        if national[0] == "0":
            found.italian_leading_zero = True
            found.number_of_leading_zeros = len(national) - len(national.lstrip("0")) if national.startswith("00") else None
        # E.164 ends at 15 digits; the patterns do not.
        if pn.is_valid_number_for_region(found, region) and len(pn.format_number(found, pn.PhoneNumberFormat.E164)) <= 16:
            return found


def separated(rng, text):
    """Other signs between the groups, or other groups."""
    way = rng.randrange(8)
    if way == 0:
        return re.sub(r"[ -]+", rng.choice([".", "-", "/", " - ", "\u00a0", "\u2011", "\u2013", "  ", " / ", "\u2009"]), text)
    if way == 1:
        return re.sub(r"[^\d+]", "", text)
    if way == 2:
        return "".join(c + (" " if c.isdigit() and rng.random() < 0.25 else "") for c in re.sub(r"[^\d+]", "", text)).strip()
    if way == 3 and text.count(" ") >= 2:
        parts = text.split(" ", 2)
        return f"{parts[0]} ({parts[1].strip('()')}) {parts[2]}"
    if way == 4:
        return "\u202a" + text + "\u202c" if rng.random() < 0.5 else text.replace(" ", "\u200e ", 1)
    return text


def written(rng, found, region):
    """Some way to write it, and the region whose owner does."""
    metadata = PhoneMetadata.metadata_for_region(region)
    foreign = rng.choice([r for r in REGIONS if r != region])
    international = pn.format_number(found, pn.PhoneNumberFormat.INTERNATIONAL)
    national = pn.format_number(found, pn.PhoneNumberFormat.NATIONAL)
    trunk = metadata.national_prefix or ""
    way = rng.randrange(12)
    if way <= 3:
        text, owner = national, region
    elif way <= 5:
        text, owner = international, rng.choice([region, foreign])
    elif way == 6:
        text, owner = "00" + international[1:], rng.choice([r for r in REGIONS if PhoneMetadata.metadata_for_region(r).international_prefix == "00"])
    elif way == 7:
        text, owner = pn.format_out_of_country_calling_number(found, foreign), foreign
    elif way == 8:
        text, owner = pn.format_number(found, pn.PhoneNumberFormat.E164), rng.choice([region, foreign])
    elif way == 9 and trunk == "0":
        code, rest = international.split(" ", 1) if " " in international else (international, "")
        text, owner = (f"{code} ({trunk}) {rest}" if rng.random() < 0.5 else f"{code} ({trunk}){rest}") if rest else international, rng.choice([region, foreign])
    elif way == 10:
        text, owner = pn.format_number(found, pn.PhoneNumberFormat.RFC3966), rng.choice([region, foreign])
        return (text if rng.random() < 0.7 else text + ";ext=" + str(rng.randint(1, 9999))), owner
    else:
        text, owner = pn.national_significant_number(found) if rng.random() < 0.3 else national, region
    text = separated(rng, text)
    if region in ("US", "CA") and rng.random() < 0.15:
        text = text[:-4] + "".join(rng.choice([chr(65 + i) for i, k in enumerate(KEYS) if k == c] or ["X"]) if c in "23456789" else c for c in text[-4:])
    elif rng.random() < 0.06:
        text += rng.choice([" ext. ", " x", ";ext=", " ext ", ", ", " #", " Ext: "]) + str(rng.randint(1, 9999))
    if rng.random() < 0.12:
        script = rng.choice(DIGITS)
        text = "".join(script[int(c)] if c in "0123456789" else "＋" if c == "+" and script == DIGITS[0] else c for c in text)
    return text, owner


def parsed(text, region):
    try:
        return pn.parse(text, region)
    except pn.NumberParseException:
        return None


def valid(rng, count, regions):
    while count:
        region = rng.choice(regions)
        text, owner = written(rng, number(rng, region), region)
        found = parsed(text, owner)
        if found and pn.is_valid_number(found):
            print(text, owner, pn.format_number(found, pn.PhoneNumberFormat.E164), sep="\t")
            count -= 1


def rubbish(rng, count):
    while count:
        text = "".join(rng.choice("0123456789") for _ in range(rng.choice([1, 2, 3, 4, 5, 16, 17, 18, 20])))
        text = rng.choice(["", "+", "00", "(", "tel:"]) + text + rng.choice(["", "", " !", "&5", " und"])
        region = rng.choice(REGIONS)
        found = parsed(text, region)
        if not found or not pn.is_possible_number(found):
            print(text, region, sep="\t")
            count -= 1


if __name__ == "__main__":
    rng = random.Random(int(sys.argv[1]))
    if sys.argv[3:] == ["rubbish"]:
        rubbish(rng, int(sys.argv[2]))
    else:
        valid(rng, int(sys.argv[2]), sys.argv[3:] or REGIONS)
