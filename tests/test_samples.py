import json
from itertools import islice

import pytest

from toolkit.repositories import bundled_schemas
from toolkit.samples import BREAKAGES, sample_events, sample_order
from toolkit.schema import load_schema
from toolkit.validator import compile_schema


@pytest.fixture(scope="module")
def validator():
    return compile_schema(load_schema(bundled_schemas() / "order_placed" / "2.json"), strict=True)


def test_the_same_seed_gives_the_same_bytes():
    assert list(sample_events(200, seed=7)) == list(sample_events(200, seed=7))
    assert list(sample_events(200, seed=7)) != list(sample_events(200, seed=8))


def test_a_shorter_run_is_the_beginning_of_a_longer_one():
    assert list(sample_events(50)) == list(islice(sample_events(500), 50))


def test_unbroken_events_are_valid(validator):
    refused = [validator.validate_json(event) for event in sample_events(500, broken_share=0)]
    assert not any(refused)


@pytest.mark.parametrize("breakage", BREAKAGES, ids=lambda breakage: breakage.__name__.strip("_"))
def test_every_breakage_breaks(breakage, validator):
    import random

    for seed in range(20):
        rng = random.Random(seed)
        assert validator.validate_json(breakage(sample_order(rng, seed), rng))


def test_a_few_per_cent_are_broken(validator):
    invalid = sum(bool(validator.validate_json(event)) for event in sample_events(2000))
    assert 40 < invalid < 140


def test_the_text_goes_beyond_ascii():
    assert any(not event.isascii() for event in sample_events(50, broken_share=0))
    assert all(json.loads(event) for event in sample_events(50, broken_share=0))
