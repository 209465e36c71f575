"""The front door, over real sockets: whatever comes, one plain sentence goes back."""

import asyncio
from pathlib import Path

import pytest
from aiohttp import web

from bot.web import bodies, server
from bot.web.bodies import Route, Takes
from bot.web.connections import SLOW
from bot.web.front import HEADERS, UNREADABLE, Front
from tests.knocking import Said, asked, call, knock, standing

TEXT = "Content-Type: text/plain\n"
SIZED = TEXT + "Content-Length: 5\n"
CHUNKED = TEXT + "Transfer-Encoding: chunked\n"
TOO_LARGE = "That is more than I take here."
PATIENT = Takes(("text/plain",), largest=10)


async def echo(request: web.Request) -> web.Response:
    return web.Response(text=(await bodies.body(request)).decode())


async def told(request: web.Request) -> web.Response:
    return web.json_response(await bodies.told(request))


async def broken(_request: web.Request) -> web.Response:
    raise RuntimeError("a bug of ours")


ROUTES = (
    bodies.post("/echo", echo, PATIENT),
    bodies.post("/hasty", echo, Takes(("text/plain",), seconds=0.05)),
    bodies.post("/told", told, Takes(("application/json",))),
    bodies.get("/broken", broken),
)


def answer(*sent: bytes, front: Front | None = None) -> Said:
    """The last thing said to these, each on a connection of its own."""

    async def knocking() -> Said:
        async with standing(*ROUTES, front=front) as port:
            said = [await knock(port, one) for one in sent]
            assert (await knock(port, asked())).status in (200, 429), "it still answers"
            return said[-1]

    return asyncio.run(knocking())


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        (asked("POST /echo", SIZED, b"12345"), "12345"),
        (asked("POST /echo", CHUNKED, b"5\r\n12345\r\n0\r\n\r\n"), "12345"),
        (asked("POST /echo", TEXT), ""),
        (asked("POST /echo", SIZED + "Expect: 100-continue\n", b"12345"), ""),
        (asked(version="1.0"), "ok\n"),
        (b"GET /healthz HTTP/1.0\r\n\r\n", "ok\n"),
        (asked("GET /healthz", "Content-Length: 0\n"), "ok\n"),
        (asked("POST /told", "Content-Type: application/json\nContent-Length: 8\n", b'{"a": 1}'),
         '{"a": 1}'),
    ],
)  # fmt: skip
def test_what_is_asked_as_the_route_says_gets_through(sent: bytes, text: str) -> None:
    said = answer(sent)
    assert (said.status, said.text) == (100 if b"Expect" in sent else 200, text)


@pytest.mark.parametrize(
    ("status", "sent", "text"),
    [
        (400, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", UNREADABLE),
        (400, b"GET /healthz HTTP/1.1\r\n\r\n", UNREADABLE),
        (400, asked(headers="Host: two\n"), UNREADABLE),
        (400, b"GET /healthz HTTP/1.1\r\nHost: [::1\r\n\r\n", UNREADABLE),
        (400, asked(headers="X-Junk: \udcff\udcfe\n"), UNREADABLE),
        (400, asked(headers=f"X-Long: {'x' * 9000}\n"), UNREADABLE),
        (400, asked(headers="X-Many: x\n" * 65), UNREADABLE),
        (400, asked("GET /" + "x" * 9000), UNREADABLE),
        (400, asked("GET /static/%00"), UNREADABLE),
        (400, asked("GET /?a=%00"), UNREADABLE),
        (400, asked("GET /\udcff"), UNREADABLE),
        (400, asked("POST /echo", SIZED + "Content-Length: 6\n", b"12345"),
         UNREADABLE),
        (400, asked("POST /echo", CHUNKED, b"no size\r\n"), UNREADABLE),
        (404, asked("GET /%ff%fe/%E0%80"), "Nothing is here."),
        (404, asked("GET /static/..%2f..%2fserver.py"), "Nothing is here."),
        (404, asked("GET /static/" + "x" * 4000), "Nothing is here."),
        (405, asked("DELETE /healthz"), "That is not how this page is asked."),
        (405, asked("GET /echo"), "That is not how this page is asked."),
        (413, asked("GET /healthz", "Content-Length: 5\n", b"12345"),
         TOO_LARGE),
        (413, asked("POST /echo", TEXT + "Content-Length: 11\n"), TOO_LARGE),
        (413, asked("POST /echo", CHUNKED, b"b\r\n12345678901\r\n"),
         TOO_LARGE),
        (415, asked("POST /echo", SIZED.replace("text/plain", "text/html"), b"12345"),
         "This takes text/plain, and nothing else."),
        (415, asked("POST /echo", "Content-Length: 5\n", b"12345"),
         "This takes text/plain, and nothing else."),
        (415, asked("POST /echo", SIZED + "Content-Encoding: gzip\n", b"12345"),
         "Send it as it is, not compressed."),
        (408, asked("POST /hasty", SIZED, b"123"), SLOW),
        (408, asked("POST /hasty", CHUNKED, b"5\r\n123"), SLOW),
        (417, asked(headers="Expect: \udcff\n"),
         "I expect nothing of that kind. Send it without Expect."),
    ],
)  # fmt: skip
def test_everything_else_gets_one_sentence_and_leaves_nothing_in_the_log(
    caplog: pytest.LogCaptureFixture, status: int, sent: bytes, text: str
) -> None:
    said = answer(sent)
    assert (said.status, said.text) == (status, text)
    assert {name: said.headers.get(name.lower()) for name in HEADERS} == HEADERS
    assert not caplog.records


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_a_method_that_no_page_knows_is_told_which_do(method: str) -> None:
    said = answer(asked(f"{method} /healthz"))
    if method == "BREW":  # not one of HTTP's: the reader of bytes knows no such word
        assert said.status == 400
    else:
        assert (said.status, said.headers["allow"]) == (405, "GET,HEAD")


@pytest.mark.parametrize(
    "body",
    [b"{", b"[]", b"\xff", b'{"a": "\\u0000"}', b'{"a": "\\ud800"}', b'{"\\udfff": 1}',
     b'{"a": 9223372036854775808}', b'{"a": ' + b"9" * 5000 + b"}", b"[" * 9000,
     b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}"],
)  # fmt: skip
def test_json_that_no_database_can_keep_is_refused(body: bytes) -> None:
    headers = f"Content-Type: application/json\nContent-Length: {len(body)}\n"
    said = answer(asked("POST /told", headers, body))
    assert said.status == 400
    assert said.text.endswith(".")


def test_a_page_can_be_asked_for_its_head() -> None:
    said = answer(asked("HEAD /healthz"))
    assert (said.status, said.headers["content-length"], said.text) == (200, "3", "")
    style = answer(asked("HEAD /static/house.css"))
    size = (Path(server.__file__).parent / "static" / "house.css").stat().st_size
    assert (style.status, style.headers["content-length"]) == (200, str(size))


def test_a_bug_of_ours_is_told_to_the_operator_alone(caplog: pytest.LogCaptureFixture) -> None:
    said = answer(asked("GET /broken"))
    assert (said.status, said.text) == (500, "Something went wrong here. Nothing was lost.")
    assert [record.message for record in caplog.records] == ["failed"]


def test_whoever_asks_without_end_is_told_when_to_come_back() -> None:
    said = answer(*[asked("GET /nothing")] * 201, front=Front(now=lambda: 0.0))
    assert (said.status, said.headers["retry-after"]) == (429, "1")
    assert said.text == "That was a lot at once. Try again in 1 s."


def test_what_only_looks_whether_we_live_is_not_counted() -> None:
    said = answer(*[asked()] * 201, front=Front(now=lambda: 0.0))
    assert said.status == 200


def test_a_platform_that_proves_itself_is_not_counted_and_a_stranger_is() -> None:
    async def knows(_request: web.Request, body: bytes) -> bool:
        return body == b"12345"

    route = bodies.post("/chat", echo, Takes(("text/plain",), knows=knows))

    async def knocking() -> list[int]:
        async with standing(route, front=Front(now=lambda: 0.0)) as port:
            good, bad = (asked("POST /chat", SIZED, body) for body in (b"12345", b"54321"))
            strangers = [(await knock(port, bad)).status for _ in range(201)]
            return [strangers[0], strangers[-1], (await knock(port, good)).status]

    assert asyncio.run(knocking()) == [401, 429, 200]


def test_nobody_sends_a_body_who_may_not_come_in() -> None:
    def nobody(_request: web.Request) -> None:
        raise web.HTTPForbidden(text="Not you.")

    async def knocking() -> Said:
        async with standing(bodies.post("/own", echo, Takes(("text/plain",), may=nobody))) as port:
            caller = await call(port)
            await caller.send(asked("POST /own", SIZED))
            said = await caller.hear()
            await caller.close()
            return said

    said = asyncio.run(knocking())
    assert (said.status, said.text) == (403, "Not you.")


def test_more_at_once_than_there_is_room_for_are_asked_to_come_back() -> None:
    async def knocking() -> list[tuple[int, str]]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow(_request: web.Request) -> web.Response:
            begun.set()
            await go_on.wait()
            return web.Response(text="done")

        async with standing(bodies.get("/slow", slow), front=Front(at_once=1)) as port:
            first = asyncio.create_task(knock(port, asked("GET /slow")))
            await begun.wait()
            second = await knock(port, asked("GET /slow"))
            assert second.headers["retry-after"] == "1"
            go_on.set()
            done = await first
            third = await knock(port, asked("GET /slow"))
            return [(one.status, one.text) for one in (second, done, third)]

    busy = "I am busy with other requests. Try again in a second."
    assert asyncio.run(knocking()) == [(503, busy), (200, "done"), (200, "done")]


def test_a_body_that_breaks_halfway_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    async def knocking() -> list[tuple[int, str]]:
        async with standing(*ROUTES) as port:
            caller = await call(port)
            await caller.send(asked("POST /hasty", CHUNKED + "Expect: 100-continue\n"))
            assert (await caller.hear()).status == 100
            await caller.send(b"3\r\n123\r\nno size\r\n")
            said = await caller.hear()
            await caller.close()
            return [(said.status, said.text)]

    assert asyncio.run(knocking()) == [(408, SLOW)]
    assert not caplog.records


def test_every_page_says_what_it_takes_and_none_is_shown_past_the_door() -> None:
    async def past(_request: web.Request) -> web.Response:
        return web.Response(text="past")

    front = Front()
    app = server.application(ROUTES, front)
    assert all(front.takes(route) for route in app.router.routes())
    with pytest.raises(KeyError):
        front.takes(app.router.add_get("/past", past))
    with pytest.raises(TypeError):
        Route("GET", "/", echo)  # type: ignore[call-arg]  # what is tested

    async def knocking() -> Said:
        async with standing(application=app) as port:
            return await knock(port, asked("GET /past"))

    assert asyncio.run(knocking()).status == 404
