"""How often somebody unknown may ask."""

from bot.web.callers import Callers


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    callers = Callers(lambda: now[0], burst=2, rate=0.5)
    assert [callers.ask("192.0.2.1") for _ in range(3)] == [0, 0, 2]
    now[0] = 1.0
    assert callers.ask("192.0.2.1") == 1
    now[0] = 2.0
    assert [callers.ask("192.0.2.1") for _ in range(2)] == [0, 2]
    now[0] = 1000.0
    assert [callers.ask("192.0.2.1") for _ in range(3)] == [0, 0, 2], "it holds no more than that"


def test_one_caller_takes_nothing_from_another() -> None:
    callers = Callers(lambda: 0.0, burst=1)
    asked = ("192.0.2.1", "192.0.2.2", "192.0.2.1", "")
    assert [callers.ask(one) for one in asked] == [0, 0, 1, 0]


def test_one_household_counts_once_however_many_addresses_it_has() -> None:
    callers = Callers(lambda: 0.0, burst=1)
    asked = ("2001:db8::1", "2001:db8::ffff:1", "2001:db8:0:1::1", "fe80::1%eth0", "fe80::2%eth0")
    assert [callers.ask(one) for one in asked] == [0, 1, 0, 0, 1]
    assert [callers.ask(one) for one in ("192.0.2.1", "::ffff:192.0.2.1")] == [0, 1]


def test_only_so_many_are_remembered_and_who_asks_on_is_not_forgotten() -> None:
    callers = Callers(lambda: 0.0, burst=1, most=10)
    assert callers.ask("busy") == 0
    for one in range(1000):
        callers.ask(f"10.0.{one // 250}.{one % 250}")
        assert callers.ask("busy") == 1
    assert len(callers) == 10
