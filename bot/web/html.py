"""Writes cards as HTML. Everything a person typed is escaped here, by the templates' autoescape."""

from collections.abc import Mapping
from datetime import UTC
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from bot import plain, words
from bot.messages import Link, Moment, Person, Text, Typed

HERE = Path(__file__).parent


class Html:
    """The pages' templates, for one time zone: our own, and those of `more` folders."""

    def __init__(self, zone: ZoneInfo, *more: Path) -> None:
        self._zone = zone
        self._environment = Environment(
            loader=FileSystemLoader([HERE / "templates", *more]),
            undefined=StrictUndefined,
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters |= {
            "rich": self.rich,
            "inline": self.inline,
            "count": "{:,}".format,
        }

    def fill(self, template: str, **facts: object) -> str:
        """A page, or a piece of one."""
        return self._environment.get_template(f"{template}.html").render(facts)

    def page(self, template: str, facts: Mapping[str, object], status: int = 200) -> web.Response:
        """A page, as it goes to a browser; nobody keeps it."""
        headers = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return web.Response(
            text=self.fill(template, **facts), status=status, content_type="text/html",
            headers=headers,
        )  # fmt: skip

    def inline(self, text: Text) -> Markup:
        """A text without paragraphs: a title, a cell."""
        return Markup(" ").join(
            Markup().join(self._run(run) for run in line.runs) for line in words.lines(text)
        )

    def rich(self, text: Text) -> Markup:
        """A text in paragraphs and lists."""
        blocks: list[Markup] = []
        items: list[Markup] = []
        for line in (*words.lines(text), words.Line(())):
            said = Markup().join(self._run(run) for run in line.runs)
            if line.is_item:
                items.append(Markup("<li>{}</li>").format(said))
                continue
            if items:
                blocks.append(Markup("<ul>{}</ul>").format(Markup().join(items)))
                items = []
            if said.strip():
                blocks.append(Markup("<p>{}</p>").format(said))
        return Markup().join(blocks)

    def _run(self, run: words.Run | words.Mark) -> Markup:
        match run:
            case Person():
                return Markup('<span class="person">{}</span>').format(run.name)
            case Moment():
                said, exact = plain.moment(run, self._zone), run.at.astimezone(UTC)
                return Markup('<time datetime="{}">{}</time>').format(exact.isoformat(), said)
            case Typed():
                return Markup("<code>{}</code>").format(run.text)
            case Link() if run.address.startswith(("https://", "http://")):
                return Markup(
                    '<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
                ).format(run.address, run.label)
            case Link():
                return escape(run.label)
        said = escape(run.text)
        said = Markup("<strong>{}</strong>").format(said) if run.strong else said
        return Markup('<span class="quiet">{}</span>').format(said) if run.quiet else said
