"""Connections that never get to the point, over real sockets: everybody else is answered."""

import asyncio

import pytest
from aiohttp import web

from bot.web import bodies
from tests.knocking import asked, call, knock, standing

START = b"GET /healthz HTTP/1.1\r\nHost: here\r\n"


def test_two_hundred_that_never_finish_their_headers_keep_nobody_out() -> None:
    async def knocking() -> list[int]:
        async with standing() as port:
            slow = [await call(port) for _ in range(200)]
            for one in slow:
                await one.send(START)
            statuses = [(await knock(port, asked())).status for _ in range(20)]
            for one in slow:
                await one.close()
            return statuses

    assert asyncio.run(knocking()) == [200] * 20


@pytest.mark.parametrize("before", [b"", asked()])
def test_headers_that_do_not_end_in_time_are_not_waited_for(before: bytes) -> None:
    async def knocking() -> tuple[int, str]:
        async with standing(head=0.05) as port:
            caller = await call(port)
            await caller.send(before)
            assert not before or (await caller.hear()).status == 200
            await caller.send(START)
            said = await caller.hear()
            assert await caller.is_let_go()
            await caller.close()
            return said.status, said.text

    assert asyncio.run(knocking()) == (408, "It did not arrive in time. Send it again.")


def test_headers_that_drip_have_no_longer_than_others(caplog: pytest.LogCaptureFixture) -> None:
    async def knocking() -> int:
        async with standing(head=0.2) as port:
            caller = await call(port)
            await caller.send(START)
            said = asyncio.create_task(caller.hear())
            while not said.done():
                await caller.send(b"X-Drip: x\r\n")
                await asyncio.wait([said], timeout=0.02)
            await caller.close()
            return (await said).status

    assert asyncio.run(knocking()) in (408, 400)
    assert not caplog.records


def test_the_one_waited_for_longest_makes_room_for_another() -> None:
    async def knocking() -> tuple[bool, int, int]:
        async with standing(most=3) as port:
            first, second, third = [await call(port) for _ in range(3)]
            await first.send(asked())
            await first.hear()  # it has been answered, and so is not the oldest
            newest = await call(port)
            was_let_go = await second.is_let_go()
            await newest.send(asked())
            await first.send(asked())
            answered = (await newest.hear()).status, (await first.hear()).status
            for one in (first, second, third, newest):
                await one.close()
            return was_let_go, *answered

    assert asyncio.run(knocking()) == (True, 200, 200)


def test_half_a_body_makes_room_and_a_page_at_work_does_not() -> None:
    async def knocking() -> list[tuple[int, str]]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow(_request: web.Request) -> web.Response:
            begun.set()
            await go_on.wait()
            return web.Response(text="done")

        takes = bodies.Takes(("text/plain",))
        async with standing(bodies.post("/slow", slow, takes), most=2) as port:
            working, halfway = await call(port), await call(port)
            head = "Content-Type: text/plain\nContent-Length: 5\n"
            await working.send(asked("POST /slow", head, b"12345"))
            await begun.wait()
            await halfway.send(asked("POST /slow", head, b"123"))
            newest = await knock(port, asked())
            assert await halfway.is_let_go()
            go_on.set()
            done = await working.hear()
            await working.close()
            await halfway.close()
            return [(newest.status, newest.text), (done.status, done.text)]

    assert asyncio.run(knocking()) == [(200, "ok\n"), (200, "done")]


def test_where_all_are_being_answered_another_is_asked_to_come_back() -> None:
    async def knocking() -> list[tuple[int, str]]:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def slow(_request: web.Request) -> web.Response:
            begun.set()
            await go_on.wait()
            return web.Response(text="done")

        async with standing(bodies.get("/slow", slow), most=1) as port:
            first = asyncio.create_task(knock(port, asked("GET /slow")))
            await begun.wait()
            caller = await call(port)
            second = await caller.hear()
            await caller.close()
            go_on.set()
            return [(one.status, one.text) for one in (second, await first)]

    busy = "I am busy with other requests. Try again in a second."
    assert asyncio.run(knocking()) == [(503, busy), (200, "done")]
