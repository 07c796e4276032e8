"""A small corpus made up for whole runs: three honest documents in three languages, and others that try to get out of their place.

    write_seeds(folder)                 # some 12 files of a few lines
    write_seeds(folder, long_line=True)   # and one of a single line of 10 MB

Whatever of it were taken for markup, script, template or formula would set `window.PWNED`, open a dialog, ask 203.0.113.1 or print 62615533.
"""

from pathlib import Path

SCRIPT = "<script>window.PWNED=1;alert(1)</script>"
BREAKOUT = f"</script></style></textarea></title>--></q></td>{SCRIPT}<img src=x onerror=\"window.PWNED=2\"><svg onload=window.PWNED=3>'\"<!--"
TEMPLATE = "{{ 7919 * 7907 }} {% raw %} {{ config }} {% include 'index.html.j2' %} ${7919*7907} <%= 7919*7907 %>"
FORMULAS = ('=HYPERLINK("http://203.0.113.1/x","open")', "+1+1", "-2+3", "@SUM(1)", "\t=1+1", "\uff1d1+1", "=cmd|' /C calc'!A0")
BIDI = "\u202egnp.exe\u202c \u2066\u200f\ufeff\u2069"

ORCHARD = """Orchard letter

Published on 4 March 2022

In 2021 the Larkspur Foundation planted 12,400 trees along the river with 320 volunteers.
Bellweather Foods gave 3.5 million yuan to rural schools in 2021. It donated 40 tonnes of grain to flood victims in July 2021.
By the end of 2020 the Larkspur Foundation had planted more than 9,000 trees; in 2019 it had planted 6,100 trees.
Bellweather Foods lent 120 million yuan to 2,300 small shops in 2021, and waived 4.2 million yuan of fees for them.
The Larkspur Foundation will plant 50,000 trees by 2025. By 2024 Bellweather Foods plans to reach 900 villages.
The programme Two Lanterns taught 18,000 rural pupils online in 2021 and 11,000 pupils in 2020.
Its workshops trained 1,450 teachers in 61 villages. About 73% of the pupils were girls.
A gift of 10 million yuan (1.57 million US dollars) went to hospitals in February 2021.
"""
MEADOW = """草地基金会致合作伙伴的信

2022年3月8日

2021年，云雀基金会沿河种植了1.3万棵树，有320名志愿者参加。
贝尔食品向乡村学校捐赠350万元，并于2021年7月向灾区捐赠40吨粮食。
截至2020年底，云雀基金会累计种树超过9000棵；2019年为6100棵。
“双灯计划”在2021年为1.8万名乡村学生提供在线课程，培训教师1450名，覆盖61个村。
贝尔食品计划到2024年覆盖900个村庄，到2025年种植5万棵树。
2021年2月向医院捐款1000万元。
"""
MILL = """Письмо с мельницы

10 марта 2022

В 2021 году фонд «Жаворонок» высадил 12,4 тыс. деревьев вдоль реки, помогали 320 волонтеров.
Компания «Белл» передала сельским школам 3,5 млн юаней, а в июле 2021 года отправила пострадавшим 40 тонн зерна.
К концу 2020 года было высажено свыше 9000 деревьев, в 2019 году 6100 деревьев.
В 2021 году онлайн-уроки посещали почти 18 тыс. сельских школьников; подготовлено 1450 учителей в 61 деревне.
К 2025 году фонд намерен высадить 50 тыс. деревьев.
В феврале 2021 года больницам передано 10 млн юаней.
"""
EVIL = f"""{BREAKOUT}

In 2021 {SCRIPT} the Larkspur Foundation gave 77 wheelchairs{BREAKOUT} to two hospitals.
{TEMPLATE} and Bellweather Foods donated 88 tonnes {TEMPLATE} of grain in 2021.
The Larkspur Foundation {BIDI} planted 1,300 trees\u202e and 44 hedges\x07\x1b[31m with volunteers in 2021.
]]> &lt;script&gt; &amp; \u2028 and \u2029 taught 555 pupils \U0001f333\U0001f333 \u05e9\u05dc\u05d5\u05dd in 2020.
"""
CELLS = "Ledger of the mill, 2021\n\n" + "\n".join(f"{one} gave {number} trees to schools in 2021.\n=2+5 trees were planted in 2021." for number, one in enumerate(FORMULAS, 21))
MARKDOWN = f"""# Links <i>of</i> the orchard {SCRIPT}

In 2021 the [Larkspur Foundation](javascript:window.PWNED=4) planted [910 trees](javascript:alert(2)) for schools.
![a picture](http://203.0.113.1/x.png) It gave [66 books](data:text/html,<script>parent.PWNED=5</script>) <b onmouseover="window.PWNED=6">to pupils</b> in 2021.
<iframe src="http://203.0.113.1/"></iframe> Bellweather Foods sent **31 tents** to {TEMPLATE} villages in 2021.
"""
HTML = f"""<!doctype html><html lang="en"><head><title>A page {SCRIPT} of 2021</title><meta http-equiv="refresh" content="0; url=http://203.0.113.1/">
<base href="http://203.0.113.1/"><link rel="stylesheet" href="http://203.0.113.1/x.css"><style>* {{ display: none }}</style></head>
<body onload="window.PWNED=7"><h1>The mill and its town</h1>
<p>In 2021 the Larkspur Foundation planted <a href="javascript:window.PWNED=8">815 trees</a> along the road, and &lt;script&gt;window.PWNED=9&lt;/script&gt; gave 23 bicycles to pupils in the town of the mill.</p>
<svg xmlns="http://www.w3.org/2000/svg" onload="window.PWNED=10"><script>window.PWNED=11</script><text>9 owls</text></svg>
<p onclick="alert(3)">Bellweather Foods donated 17 tonnes of apples to the hospital of the town in 2021 &lt;img src=x onerror=alert(4)&gt; and nobody else gave anything there.</p>
<form action="http://203.0.113.1/"><input autofocus onfocus="window.PWNED=12"></form><script>window.PWNED=13</script></body></html>
"""
NUMBERED = "In 2021 the Larkspur Foundation planted {} trees by the road to the mill.\n"
NAMED = (  # names of files that mean something to a browser, a shell, a template, a spreadsheet or a static host
    "it's \"a&b<i>\" 100% #1?x=y {{ 7*7 }} $(id);`id`.html.txt", "=1+a..b.html.md", "-%2e%2e%2f \u05e9\u05dc\u05d5\u05dd \U0001f333.txt", "\u202etxt.exe.txt",
)  # fmt: skip
MANIFEST = """
[[document]]
file = "evil' onclick=alert(1) \\"><svg onload=alert(2)>.txt"
title = '''{BREAKOUT} {TEMPLATE}\u202e title'''
publisher = '''=HYPERLINK("http://203.0.113.1/","{SCRIPT}")'''
date = "2022-01-05"
language = "en"
kind = '''"><b onclick=alert(5)>'''

[[document]]
file = "cells.txt"
id = ".."
title = "@SUM(1)"
publisher = "+1+1"
date = "2022-02-05"
language = "en"
"""
NAMES = """
actor = [ { name = '''<b onclick="alert(6)">Larkspur</b>''', forms = ["Larkspur Foundation"] } ]
programme = [ { name = '''=1+1 {{ 7*7 }} <i>Two Lanterns</i>''', forms = ["Two Lanterns"] } ]
"""
CORRECTIONS = [
    "doc,quotation,before,after,field,expect,value,who,when,why,signed_by,signed_on",
    "orchard,61 villages,teachers in ,. About,value,61,63,<b onclick=alert(7)>Ann</b>,2022-05-02,\"'=1+1 </script><img src=x onerror=alert(8)>\",,",
]


def write_seeds(folder: Path, *, long_line: bool = False) -> Path:
    """Write the corpus into a folder and return the folder."""
    folder.mkdir(parents=True)
    texts = {
        "orchard.txt": ORCHARD, "\u8349\u5730.txt": MEADOW, "\u043c\u0435\u043b\u044c\u043d\u0438\u0446\u0430.txt": MILL,
        "evil' onclick=alert(1) \"><svg onload=alert(2)>.txt": EVIL, "cells.txt": CELLS, "links.md": MARKDOWN, "page.html": HTML,
        "nul.txt": "In 2021 the mill gave \x00 19 books to schools.\n",
    }  # fmt: skip
    texts |= {name: NUMBERED.format(200 + number) for number, name in enumerate(NAMED)}
    if long_line:
        texts["line.txt"] = f"{NUMBERED.format(301).strip()} {'owl' * 3_333_333}. {NUMBERED.format(302)}"
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode("utf-8"))
    filled = MANIFEST.replace("{BREAKOUT}", BREAKOUT).replace("{TEMPLATE}", TEMPLATE).replace("{SCRIPT}", SCRIPT)
    (folder / "manifest.toml").write_text(filled, encoding="utf-8")
    (folder / "names.toml").write_text(NAMES, encoding="utf-8")
    (folder / "corrections.csv").write_text("\n".join(CORRECTIONS) + "\n", encoding="utf-8")
    return folder
