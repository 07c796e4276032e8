"""Names: the table's, the text's own, and who acts."""

import pytest
from test_claims import make_document, read_marked

from csrbook.candidates import find_candidates
from csrbook.claims import attach
from csrbook.scenes import read_document_text
from csrbook.lexicon import load_lexicons


def actor_of(marked, language="en", units=("book",)):
    text, mentions = read_marked(marked, list(units))
    return attach(make_document(text, language), mentions, lexicons=load_lexicons())[-1].actor


def found_in(text, language):
    reading = read_document_text(make_document(text, language), load_lexicons())
    return {h.row["name"] for kind in ("actor", "programme") for h in reading.text.hits.get(kind, ()) if h.row.get("found")}


@pytest.mark.parametrize(
    ("marked", "language", "actor"),
    [
        ("Huawei and Tencent gave [5 books] to a school.", "en", "Huawei"),
        ("Huawei met Tencent. Tencent gave [5 books] to a school.", "en", "Tencent"),
        ("Huawei sold phones. The company gave [5 books] to a school.", "en", "Huawei"),
        ("Huawei gave, through Tencent, [5 books] to a school.", "en", "Huawei"),
        ("A school got [5 books] donated by Tencent, said Huawei.", "en", "Tencent"),
        ("华为、腾讯捐赠[5册]图书。", "zh", "Huawei"),
        ("华为通过腾讯平台捐赠[5册]图书。", "zh", "Huawei"),
        ("Яндекс и Сбербанк передали школе [5 книг].", "ru", "Yandex"),
        ("Через Сбербанк компания Яндекс передала школе [5 книг].", "ru", "Yandex"),
    ],
)
def test_who_acts(marked, language, actor):
    assert actor_of(marked, language) == actor


@pytest.mark.parametrize(
    ("text", "language", "names"),
    [
        ("The Rainbow Valley Foundation gave the books.", "en", {"Rainbow Valley Foundation"}),
        ("It began the “Two Wheels” programme for nurses.", "en", {"Two Wheels"}),
        ("Компания «Белый кит» открыла программу «Две реки».", "ru", {"Белый кит", "Две реки"}),
        ("白帆集团成立。白帆集团启动“清风书屋”项目。", "zh", {"白帆集团", "清风书屋"}),
        ("He said “never again” and left the town.", "en", set()),
        ("МСП и ООН названы здесь.", "ru", set()),
        ("Красная звезда упала.", "ru", set()),
    ],
)
def test_names_of_the_text_alone(text, language, names):
    assert found_in(text, language) == names


@pytest.mark.parametrize(
    ("marked", "language", "actor"),
    [
        ("Okoro Ridge Bank opened in 1990. Its clients are farmers.\n\nThe bank gave [5 books] to a school.", "en", "Okoro Ridge Bank"),
        ("Calder Vale Foods Limited sells bread. Calder Vale Foods gave [5 books] to a school.", "en", "Calder Vale Foods"),
        ("«Лысьва Металл» основана давно.\n\nКомпания «Лысьва Металл» передала школе [5 книг].", "ru", "Лысьва Металл"),
        ("青屿水泥集团成立于1990年。去年，青屿水泥集团向学校捐赠图书[5册]。", "zh", "青屿水泥集团"),
        ("青嶼水泥集團成立於1990年。去年,青嶼水泥集團向學校捐贈圖書[5冊]。", "zh", "青嶼水泥集團"),
    ],
)
def test_actor_that_no_table_knows(marked, language, actor):
    assert actor_of(marked, language) == actor


@pytest.mark.parametrize(
    ("text", "language", "name", "form"),
    [
        ("The Harrow Lea Trust Bank lends. Harrow Lea Trust Bank is old.", "en", "Harrow Lea Trust Bank", "harrow lea trust bank"),
        ("Сети «Берёзовка» сто лет. Сеть «Берёзовка» велика.", "ru", "Берёзовка", "березовка"),
    ],
)
def test_candidates_of_a_text(text, language, name, form):
    reading = read_document_text(make_document(text, language), load_lexicons())
    found = {c.name: " ".join(c.key) for c in find_candidates(reading.text, reading.traits)}
    assert found.get(name) == form


@pytest.mark.parametrize("text", ["Вчера упала красная звезда.", "красная звезда упала.", ""])
def test_text_without_a_name_has_no_candidate(text):
    reading = read_document_text(make_document(text, "ru"), load_lexicons())
    found = list(find_candidates(reading.text, reading.traits))
    assert found == []


def test_number_takes_the_programme_told_right_before():
    text, mentions = read_marked("Компания «Белый кит» ведёт программу «Две реки». В прошлом году по ней роздано [5 книг].", ["book"])
    assert attach(make_document(text, "ru"), mentions, lexicons=load_lexicons())[0].programme == "Две реки"


def test_short_form_of_a_found_name_is_the_same_actor():
    assert actor_of("Redleaf Group is old. In town, Redleaf gave [5 books] to a school.") == "Redleaf Group"


def test_chapter_of_a_subsidiary_speaks_of_it():
    head = "WHAT WE DID\n\n"
    fill = "The people of the town were glad, and wrote many a letter to say so, which all of us read. " * 12
    parts = [f"{head}{name} works here. {name} is known. {fill}" for name in ("Fliggy", "Amap", "Youku")]
    text = "\n\n".join(parts)
    text, mentions = read_marked(text.replace("Amap is known.", "Amap is known.\n\nOf all, [5 books] came free.\n\n"), ["book"])
    assert attach(make_document(text, "en"), mentions, lexicons=load_lexicons())[0].actor == "Amap"


def test_every_form_of_the_table_names_one_actor():
    owners = {}
    for actor in load_lexicons().tables["names"]["actor"]:
        for form in actor["forms"]:
            assert owners.setdefault(form.lower(), actor["name"]) == actor["name"], form
