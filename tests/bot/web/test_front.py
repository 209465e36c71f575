"""How a body is taken: so much of it, and only from whoever goes on sending."""

import asyncio

import pytest
from aiohttp import web

from bot.web import front


async def answered(parts: list[bytes], length: int) -> tuple[int, str]:
    """Send a body in these parts to a server that takes 10 bytes; what it answers."""

    async def take(request: web.Request) -> web.Response:
        return web.Response(text=(await front.body(request, 10, "Too large.")).decode())

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        kind = f"Content-Length: {length}" if length else "Transfer-Encoding: chunked"
        writer.write(f"POST / HTTP/1.1\r\nHost: here\r\n{kind}\r\n\r\n".encode())
        writer.writelines(parts)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length: ")[1].split()[0])
        said = (await reader.readexactly(size)).decode()
        writer.close()
        return int(head.split()[1]), said
    finally:
        await runner.cleanup()


@pytest.mark.parametrize(
    ("parts", "length", "answer"),
    [
        ([b"12345", b"67890"], 10, (200, "1234567890")),
        ([b"5\r\n12345\r\n", b"0\r\n\r\n"], 0, (200, "12345")),
        ([], 11, (413, "Too large.")),
        ([b"b\r\n12345678901\r\n"], 0, (413, "Too large.")),
    ],
)
def test_a_body_is_taken_up_to_its_limit(
    parts: list[bytes], length: int, answer: tuple[int, str]
) -> None:
    assert asyncio.run(answered(parts, length)) == answer


@pytest.mark.parametrize("limit", ["SILENT", "PATIENT"])
def test_whoever_falls_silent_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(front, limit, 0.05)
    status, said = asyncio.run(answered([b"123"], 10))
    assert (status, said) == (408, "It did not arrive in time. Send it again.")
