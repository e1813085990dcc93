"""A brand file is read exactly, and every mistake in it is named with its file and key."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from setup_wizard.bootstrap import words_of
from setup_wizard.brand import BrandError, bundled_brands, load_brand
from setup_wizard.domain.life import EventTest, FunctionTest
from setup_wizard.resources import resource

DEFAULT = resource("brands", "default")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A maker's own folder, begun as ours."""
    return shutil.copytree(DEFAULT, tmp_path / "acme")


def change(folder: Path, old: str, new: str) -> Path:
    file = folder / "brand.toml"
    content = file.read_text("utf-8")
    assert old in content
    file.write_text(content.replace(old, new, 1), "utf-8")
    return folder


@pytest.mark.parametrize("name", bundled_brands())
def test_every_bundled_brand_is_right(name):
    brand = load_brand(name)

    assert brand.maker.logo.is_file()
    assert brand.device.picture.is_file()


def test_two_brands_travel_with_the_program():
    assert len(bundled_brands()) == 2


def test_the_default_brand_says_who_and_what():
    brand = load_brand()

    assert (brand.maker.name, brand.device.name) == ("Northlight", "Lumen")
    assert (brand.device.mode_button, brand.device.listening.name) == ("SETUP", "blue")
    assert brand.product.mode
    assert not brand.words


def test_one_brand_proves_life_by_a_light_and_the_other_by_a_button():
    assert load_brand().life_test == FunctionTest("The light of {device} turns on", "led", 1, "on")
    assert load_brand("moss").life_test == EventTest(
        "Press the button on {device} now", "button", 60, "pressed"
    )


def test_a_brand_need_not_have_a_test(copy):
    file = copy / "brand.toml"
    file.write_text(file.read_text("utf-8").partition("[proof]")[0], "utf-8")

    assert load_brand(copy).life_test is None


def test_the_sentence_of_a_test_may_only_name_what_is_known(copy):
    change(copy, "The light of {device}", "The light in {room}")

    with pytest.raises(BrandError, match=r"nobody knows \{room\} here"):
        words_of(load_brand(copy))


FUNCTION = 'kind = "function"\nfunction = "led"\nreturns = 1'


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ("returns = 1", "", "proof.returns", "is missing"),
        ("returns = 1", "returns = 1.5", "proof.returns", "must be a whole number"),
        ("returns = 1", 'returns = "1"', "proof.returns", "must be a number"),
        ("returns = 1", "returns = 3000000000", "proof.returns", "must be from"),
        ('function = "led"', 'function = "a b"', "proof.function", "must be a name"),
        ('function = "led"', "", "proof.function", "is missing"),
        ("returns = 1", "returns = 1\nargument = 7", "proof.argument", "must be a text"),
        ("returns = 1", "returns = 1\nseconds = 7", "proof.seconds", "is not a key"),
    ],
)
def test_a_mistake_in_a_function_test_is_named(copy, old, new, key, problem):
    file = copy / "brand.toml"
    table = FUNCTION.replace(old, new)
    head = file.read_text("utf-8").partition("[proof]")[0]
    file.write_text(f'{head}[proof]\nsentence = "See"\n{table}\n', "utf-8")

    with pytest.raises(BrandError) as caught:
        load_brand(copy)

    assert (caught.value.key, problem in caught.value.problem) == (key, True), caught.value


def test_every_slip_is_named_at_once(copy):
    change(copy, 'name = "Northlight"', 'nmae = "Northlight"')
    change(copy, "[links]", "[lynx]")
    change(copy, "radius = ", "radius = -")

    with pytest.raises(BrandError) as caught:
        load_brand(copy)

    assert str(caught.value).startswith(f"{copy / 'brand.toml'}: maker.name: is missing; ")
    assert [part.partition(":")[0] for part in str(caught.value).split("; ")[1:]] == [
        "maker.nmae",
        "links",
        "shape.radius",
        "lynx",
    ]


def test_a_brand_can_speak_for_itself():
    assert load_brand("moss").words["welcome.primary"] == "Let us begin"


def test_words_cannot_be_changed_after_reading():
    with pytest.raises(TypeError):
        load_brand("moss").words["welcome.primary"] = "Go"  # type: ignore[index]


def test_light_and_dark_have_their_own_colours():
    brand = load_brand()

    assert brand.colours(dark=False) is brand.light
    assert brand.colours(dark=True) is brand.dark
    assert brand.light != brand.dark


def test_a_brand_is_found_by_name_folder_or_file(copy, monkeypatch):
    monkeypatch.chdir(copy.parent)

    assert load_brand("default").folder == DEFAULT
    assert load_brand(copy).folder == copy
    assert load_brand(copy / "brand.toml").folder == copy
    assert load_brand("acme").folder == Path("acme")


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('name = "Northlight"', "", "maker.name", "is missing"),
        ('name = "Northlight"', 'name = " "', "maker.name", "must not be empty"),
        ('name = "Northlight"', "name = 7", "maker.name", "must be a text"),
        ("[links]", "[lynx]", "links", "is missing"),
        ("[maker]", "unicorn = 1\n[maker]", "unicorn", "is not a key"),
        ("[maker]", "[maker]\nunicorn = 1", "maker.unicorn", "is not a key"),
        ("[shape]", "[shape]\nwobble = 1", "shape.wobble", "is not a key"),
        ("[font]", '[font]\nsize = "big"', "font.size", "is not a key"),
        ("[font]", "[colours.sepia]\n[font]", "colours.sepia", "is not a key"),
        ('"https://northlight.example"', '"northlight"', "maker.website", "must be a link"),
        ('"#2f6bff"', '"blue"', "device.listening.colour", "must be a colour like"),
        ('accent = "#0c756f"', 'accent = "#0c7"', "colours.light.accent", "must be a colour"),
        ('focus = "#1659c7"', "", "colours.light.focus", "is missing"),
        ("mode = true", 'mode = "yes"', "product.mode", "must be true or false"),
        ('slug = "demo-product"', 'slug = "My Product"', "product.slug", "must be small letters"),
        ("id = 4711", "", "product.id", "is missing"),
        ("id = 4711", "id = true", "product.id", "must be a number"),
        ("radius = 10", "radius = 99", "shape.radius", "must be from 0 to 24, not 99"),
        ("hold_seconds = 3", "hold_seconds = 0", "device.hold_seconds", "must be from 0.5"),
        ('picture = "device.svg"', 'picture = "no.svg"', "device.picture", "cannot be read"),
        ('picture = "device.svg"', r'picture = "\u0000.svg"', "device.picture", "be printed"),
        ('picture = "device.svg"', 'picture = "../d.svg"', "device.picture", "own folder"),
        ('logo = "logo.svg"', 'logo = "logo.png"', "maker.logo", "must be an .svg"),
        ('kind = "function"', 'kind = "hope"', "proof.kind", "must be one of event|function"),
        ('function = "led"', "", "proof.function", "is missing"),
        ("returns = 1", "", "proof.returns", "is missing"),
        ('sentence = "The light of {device} turns on"', "", "proof.sentence", "is missing"),
        ("[proof]", "[[proof]]", "proof", "must be a table"),
        ("[proof]", "[words]\na = 1\n[proof]", "words.a", "must be a text"),
    ],
)
def test_a_mistake_is_named_with_file_and_key(copy, old, new, key, problem):
    change(copy, old, new)

    with pytest.raises(BrandError) as caught:
        load_brand(copy)

    assert (caught.value.file, caught.value.key) == (copy / "brand.toml", key)
    assert problem in caught.value.problem
    assert str(copy / "brand.toml") in str(caught.value)


PRESS = """[proof]
kind = "event"
sentence = "Press it"
event = "button"
data = "pressed"
seconds = 60
"""


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        ('event = "button"', "", "proof.event", "is missing"),
        ('event = "button"', 'event = " button"', "proof.event", "must be 1 to 64 printable"),
        ("seconds = 60", "", "proof.seconds", "is missing"),
        ("seconds = 60", "seconds = 0", "proof.seconds", "must be from 1"),
        ("seconds = 60", "seconds = 601", "proof.seconds", "must be from 1"),
        ("seconds = 60", "seconds = 60\nreturns = 1", "proof.returns", "is not a key"),
        ('data = "pressed"', "data = 1", "proof.data", "must be a text"),
    ],
)
def test_a_mistake_in_a_test_by_hand_is_named_too(copy, old, new, key, problem):
    brand = copy / "brand.toml"
    head, _, _ = brand.read_text("utf-8").partition("[proof]")
    brand.write_text(head + PRESS.replace(old, new), "utf-8")

    with pytest.raises(BrandError) as caught:
        load_brand(copy)

    assert caught.value.key == key
    assert problem in caught.value.problem


def test_a_product_id_may_be_left_out_without_product_mode(copy):
    change(copy, "id = 4711", "")
    change(copy, "mode = true", "mode = false")

    assert load_brand(copy).product.id is None


@pytest.mark.parametrize("part", ["light", "mode-button"])
def test_a_device_picture_needs_the_parts_that_the_window_lights_up(copy, part):
    picture = copy / "device.svg"
    picture.write_text(picture.read_text("utf-8").replace(f'id="{part}"', ""), "utf-8")

    with pytest.raises(BrandError, match=f'device.picture: device.svg has no .*id="{part}"'):
        load_brand(copy)


@pytest.mark.parametrize(
    "drawing", ["", "<svg", "<svg></svg>", '<svg viewBox="0 0 0 24"/>', '<svg viewBox="0 0 a b"/>']
)
def test_a_picture_without_a_shape_is_a_slip_and_no_crash_of_the_window(copy, drawing):
    (copy / "logo.svg").write_text(drawing, "utf-8")

    with pytest.raises(BrandError, match=r"maker\.logo: logo\.svg needs a viewBox"):
        load_brand(copy)


@pytest.mark.parametrize("prefix", ["p" * 26, "ü" * 13, r"two\nlines"])
def test_a_network_s_name_must_have_room_for_the_device_s_own_letters(copy, prefix):
    change(copy, '"Photon"', f'"{prefix}"')

    with pytest.raises(BrandError, match=r"brand\.toml: device\.ssid_prefix: must be .* 25 bytes"):
        load_brand(copy)


def test_a_network_s_name_may_be_full(copy):
    change(copy, '"Photon"', f'"{"p" * 25}"')

    assert load_brand(copy).device.ssid_prefix == "p" * 25


def test_a_file_that_is_no_toml_is_named(copy):
    (copy / "brand.toml").write_text("[maker", "utf-8")

    with pytest.raises(BrandError, match=r"brand\.toml: cannot be read"):
        load_brand(copy)


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(BrandError, match="default, moss"):
        load_brand("unicorn")


def test_a_mark_at_the_beginning_of_the_file_is_no_fault(copy):
    file = copy / "brand.toml"
    file.write_text("\ufeff" + file.read_text("utf-8"), "utf-8")

    assert load_brand(copy).maker.name == "Northlight"


def test_a_file_in_another_encoding_is_one_plain_sentence(copy):
    file = copy / "brand.toml"
    file.write_bytes(file.read_text("utf-8").encode("utf-16"))

    with pytest.raises(BrandError, match=r"brand\.toml: this is not text in UTF-8"):
        load_brand(copy)
