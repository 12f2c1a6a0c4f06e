"""The traffic is the same every time, and what is said to be true of it is true."""

from __future__ import annotations

from world import sheet
from world.traffic import WAVE, traffic


def test_a_seed_is_a_traffic() -> None:
    assert traffic(160, 7) == traffic(160, 7)
    assert traffic(160, 7) != traffic(160, 8)


def test_every_form_has_an_id_and_only_a_double_press_has_the_same() -> None:
    waves = traffic(2000, 7)
    assert len(waves) == 250 and all(len(wave) == WAVE for wave in waves)
    for wave in waves:
        for one in wave:
            twins = [other for other in wave if other.id == one.id]
            assert all(other.form == one.form and other.who == one.who for other in twins)
    everybody = [one for wave in waves for one in wave]
    assert len({one.id for one in everybody}) > 0.98 * len(everybody)


def test_it_is_messy_and_not_hopeless() -> None:
    everybody = [one for wave in traffic(2000, 7) for one in wave]
    refused = sum(bool(one.refuse) for one in everybody)
    messy = sum(bool(one.messes) for one in everybody)
    wanted = sum(bool(sheet.eligible(one.person)) for one in everybody if not one.refuse)
    assert 0.03 < refused / len(everybody) < 0.15
    assert 0.25 < messy / len(everybody) < 0.5
    assert wanted / len(everybody) > 0.6
