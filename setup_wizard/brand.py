"""A maker's brand: one TOML file that says who makes the device, how it looks and speaks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path

from setup_wizard.brand_table import Table
from setup_wizard.domain.life import EventTest, FunctionTest, LifeTest
from setup_wizard.domain.value import value
from setup_wizard.resources import ResourceMissing, resource
from setup_wizard.toml_file import NotText, read_toml

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_EVENT = re.compile(r"[!-~]([ -~]{0,62}[!-~])?")
_FUNCTION = re.compile(r"[!-~]{1,64}")
_LARGEST_RADIUS = 24  # px; more than half of a button's height only repeats the pill
_LONGEST_WAIT = 600.0  # s; a customer does not look at one test for longer
PICTURE_PARTS = ("light", "mode-button")  # elements that the window lights up and points at


class BrandError(ValueError):
    """What must be put right in a brand: the file and the first key, and every other one."""

    def __init__(self, file: Path, key: str, problem: str, *others: tuple[str, str]) -> None:
        self.file = file
        self.key = key
        self.problem = problem
        slips = ((key, problem), *others)
        told = "; ".join(f"{where}: {what}" if where else what for where, what in slips)
        super().__init__(f"{file}: {told}")


@value
class Light:
    """One state of the device's light, as a word and as a colour on the screen."""

    name: str
    colour: str


@value
class Maker:
    """Who stands behind the device."""

    name: str
    website: str
    support: str
    support_link: str
    logo: Path


@value
class DeviceLook:
    """What the customer holds in the hand."""

    name: str
    ssid_prefix: str
    mode_button: str
    hold_seconds: float
    picture: Path
    listening: Light
    connecting: Light
    online: Light
    update: Light


@value
class Product:
    """How the cloud knows the product, and whether customers sign in."""

    mode: bool
    slug: str
    id: int | None
    skip_authentication: bool


@value
class Links:
    """Pages of the maker that the window leads to."""

    privacy: str
    help: str


@value
class Colours:
    """One set of colours by role, each written #rrggbb."""

    surface: str
    raised: str
    text: str
    text_quiet: str
    line: str
    accent: str
    on_accent: str
    good: str
    warn: str
    bad: str
    focus: str
    staff: str
    """The accent of staff pages, so that nobody mistakes where they are."""


@value
class Brand:
    """Everything that makes the program a maker's own."""

    folder: Path
    maker: Maker
    device: DeviceLook
    product: Product
    links: Links
    light: Colours
    dark: Colours
    radius: int
    font_family: str
    """Empty: the system's."""
    words: Mapping[str, str]
    """Sentences of the maker's own, by word key."""
    life_test: LifeTest | None
    """What the customer sees pass on the last page."""

    def colours(self, dark: bool) -> Colours:
        return self.dark if dark else self.light


def bundled_brands() -> tuple[str, ...]:
    """Names of the brands that travel with the program."""
    return tuple(sorted(file.parent.name for file in resource("brands").glob("*/brand.toml")))


def load_brand(path_or_name: str | Path = "default") -> Brand:
    """Read and check a brand: a folder, its brand.toml, or the name of a bundled one."""
    file = _find(path_or_name)
    try:
        content = read_toml(file)
    except NotText as error:
        raise BrandError(file, "", str(error)) from error
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise BrandError(file, "", f"cannot be read: {error}") from error
    root = Table(file, "", content, slips=[])
    brand = _brand(root)
    root.refuse_the_rest()
    if root.slips:
        (key, problem), *others = root.slips
        raise BrandError(file, key, problem, *others)
    return brand


def _find(path_or_name: str | Path) -> Path:
    path = Path(path_or_name)
    if isinstance(path_or_name, str) and path.name == path_or_name and path.suffix != ".toml":
        try:
            return resource("brands", path_or_name, "brand.toml")
        except ResourceMissing as error:
            if not path.is_dir():
                names = ", ".join(bundled_brands())
                raise BrandError(path, "", f"there is no brand of this name ({names})") from error
    return path if path.suffix == ".toml" else path / "brand.toml"


def _brand(root: Table) -> Brand:
    colours, shape, font = root.table("colours"), root.table("shape"), root.table("font")
    brand = Brand(
        folder=root.file.parent,
        maker=_maker(root.table("maker")),
        device=_device(root.table("device")),
        product=_product(root.table("product")),
        links=_links(root.table("links")),
        light=_colours(colours.table("light")),
        dark=_colours(colours.table("dark")),
        radius=int(shape.number("radius", lowest=0, highest=_LARGEST_RADIUS)),
        font_family=font.text("family", may_be_empty=True),
        words=root.words("words"),
        life_test=_life_test(root.table("proof")) if root.has("proof") else None,
    )
    for table in (colours, shape, font):
        table.refuse_the_rest()
    return brand


def _maker(table: Table) -> Maker:
    maker = Maker(
        name=table.text("name"),
        website=table.link("website"),
        support=table.text("support"),
        support_link=table.link("support_link"),
        logo=table.picture("logo"),
    )
    table.refuse_the_rest()
    return maker


def _device(table: Table) -> DeviceLook:
    look = DeviceLook(
        name=table.text("name"),
        ssid_prefix=table.network_prefix("ssid_prefix"),
        mode_button=table.text("mode_button"),
        hold_seconds=table.number("hold_seconds", lowest=0.5, highest=60),
        picture=table.picture("picture", parts=PICTURE_PARTS),
        listening=_light(table.table("listening")),
        connecting=_light(table.table("connecting")),
        online=_light(table.table("online")),
        update=_light(table.table("update")),
    )
    table.refuse_the_rest()
    return look


def _light(table: Table) -> Light:
    light = Light(name=table.text("name"), colour=table.colour("colour"))
    table.refuse_the_rest()
    return light


def _product(table: Table) -> Product:
    mode = table.flag("mode")
    product = Product(
        mode=mode,
        slug=table.text("slug", pattern=_SLUG, like="small letters, digits and hyphens"),
        id=int(table.number("id", lowest=1, highest=2**31)) if mode or table.has("id") else None,
        skip_authentication=table.flag("skip_authentication"),
    )
    table.refuse_the_rest()
    return product


def _links(table: Table) -> Links:
    links = Links(privacy=table.link("privacy"), help=table.link("help"))
    table.refuse_the_rest()
    return links


def _colours(table: Table) -> Colours:
    colours = Colours(**{role.name: table.colour(role.name) for role in fields(Colours)})
    table.refuse_the_rest()
    return colours


def _life_test(table: Table) -> LifeTest | None:
    kinds = "|".join(_LIFE_TESTS)
    kind = table.text("kind", pattern=re.compile(kinds), like=f"one of {kinds}")
    if kind not in _LIFE_TESTS:
        return None  # what belongs to it cannot be told
    test = _LIFE_TESTS[kind](table)
    table.refuse_the_rest()
    return test


def _event_test(table: Table) -> EventTest:
    return EventTest(
        sentence=table.text("sentence"),
        event=table.text("event", pattern=_EVENT, like="1 to 64 printable ASCII characters"),
        seconds=table.number("seconds", lowest=1, highest=_LONGEST_WAIT),
        data=table.text("data") if table.has("data") else None,
    )


def _function_test(table: Table) -> FunctionTest:
    return FunctionTest(
        sentence=table.text("sentence"),
        function=table.text("function", pattern=_FUNCTION, like="a name without blanks"),
        returns=table.whole_number("returns", lowest=-(2**31), highest=2**31 - 1),
        argument=table.text("argument") if table.has("argument") else "",
    )


_LIFE_TESTS: Mapping[str, Callable[[Table], LifeTest]] = {
    "event": _event_test,
    "function": _function_test,
}
