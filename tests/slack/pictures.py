"""Draws all that people are shown in Slack: `python -m tests.slack.pictures FOLDER`.

Each card and form becomes a PNG, light and dark, and on sheets of many, as wide as on a desk and as
on a phone. The painter is from npm (`npm ci` in this folder), its blocks are ours, and whether they
look right somebody must see.
"""

import argparse
import json
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

from bot.messages import Card
from bot.slack import blocks, views
from tests.browser import chromium
from tests.slack.seen import Seen
from tests.slack.shown import Shown, everything

HERE = Path(__file__).parent
ESBUILD = HERE / "node_modules" / ".bin" / "esbuild"
PHONE, DESK = 360, 640  # pixels of one card
ON_A_SHEET = 24
STYLE = """
body { margin: 0; font-family: Lato, "DejaVu Sans", sans-serif; }
#root { columns: var(--columns); column-gap: 16px; padding: 16px; }
.shown { break-inside: avoid; margin: 0 0 16px; width: var(--wide); border: 1px solid #8888; }
.shown.dark { background: #1a1d21; color: #d1d2d3; }
figcaption { font: 11px sans-serif; color: #777; padding: 4px 8px; }
.modal { padding: 8px 20px; }
.modal header { font-weight: 900; font-size: 18px; padding: 8px 0; }
.modal footer { text-align: right; padding: 8px 0; }
"""

NAMES = ("Dana Brandt", "Omar Haddad", "Lee Novak", "Ana Sousa", "Sam Ode", "Sam Petrov",
         *(f"Somebody {number}" for number in range(7, 20)))  # fmt: skip

Painted = tuple[str, dict[str, Any]]


def payloads(all_of_it: dict[str, Shown]) -> Iterator[Painted]:
    """Each as Slack is sent it; the pages behind [More] too."""
    seen = Seen()
    for name, shown in all_of_it.items():
        if isinstance(shown, Card):
            number, before = 1, None
            while (page := blocks.message(shown, seen, page=number)) != before:
                yield (f"{name}, page {number}" if number > 1 else name), page
                number, before = number + 1, page
        else:
            yield name, views.view(shown, seen)


def _as_slack_reads(payload: Any) -> Any:
    """Without `verbatim`: to the painter it means no voices, to Slack no links of its own."""
    match payload:
        case dict():
            told = payload.items()
            return {name: _as_slack_reads(one) for name, one in told if name != "verbatim"}
        case list():
            return [_as_slack_reads(one) for one in payload]
    return payload


def bundle(folder: Path) -> None:
    """The painter, as one script and one style sheet."""
    command = [str(ESBUILD), "painter.jsx", "--bundle", "--jsx=automatic", "--minify",
               f"--outfile={folder / 'painter.js'}", "--log-level=error"]  # fmt: skip
    subprocess.run(command, cwd=HERE, check=True)


def paint(page: Page, folder: Path, some: Sequence[Painted], theme: str, wide: int) -> None:
    """Put these on a page, and wait until they stand there."""
    columns = 1 if len(some) == 1 else 3
    script = (folder / "painter.js").read_text()
    style = (folder / "painter.css").read_text() + STYLE
    size = f":root {{ --columns: {columns}; --wide: {wide}px }}"
    page.set_viewport_size({"width": columns * (wide + 20) + 32, "height": 800})
    page.set_content(f"<style>{style}{size}</style><div id=root></div>")
    page.add_script_tag(content=script)
    users = [{"id": f"U{number:05}", "name": name} for number, name in enumerate(NAMES, 1)]
    page.evaluate("told => paint(...told)", [_as_slack_reads(list(map(list, some))), users, theme])
    page.wait_for_function(f"document.querySelectorAll('.shown').length == {len(some)}")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sheets", action="store_true", help="only the sheets of many")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        work = Path(made)
        bundle(work)
        every = list(payloads(everything(work)))
        (arguments.folder / "payloads.json").write_text(
            json.dumps(dict(every), ensure_ascii=False, indent=1)
        )
        with chromium() as browser:
            page = browser.new_page()
            for theme, wide in (("light", DESK), ("dark", DESK), ("light", PHONE)):
                for start in range(0, len(every), ON_A_SHEET):
                    paint(page, work, every[start : start + ON_A_SHEET], theme, wide)
                    name = f"sheet-{theme}-{wide}-{start // ON_A_SHEET + 1:02}.png"
                    page.screenshot(path=arguments.folder / name, full_page=True)
                    if wide == DESK and not arguments.sheets:
                        _each(page, arguments.folder, theme)
    print(f"{len(every)} cards and forms in {arguments.folder}")
    return 0


def _each(page: Page, folder: Path, theme: str) -> None:
    for shown in page.query_selector_all(".shown"):
        name = re.sub(r"\W+", "-", shown.get_attribute("data-name") or "")
        shown.screenshot(path=folder / f"{name}-{theme}.png")


if __name__ == "__main__":
    raise SystemExit(main())
