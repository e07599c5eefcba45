"""Prices of a day, and the budget of a run."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.collect.living.budget import Budget, BudgetReached, Cost, Prices
from ingestion.roster.sources import Price

COMMON = {"platform_code": "x", "price_url": "https://example.org", "checked_date": "2026-01-01"}
ROWS = [
    Price(**COMMON, operation_code="posts", start_date="2026-02-01", per_code="resource", price_usd="0.005"),
    Price(**COMMON, operation_code="posts", start_date="2026-04-01", per_code="resource", price_usd="0.007"),
    Price(**COMMON, operation_code="counts", start_date="2026-02-01", per_code="request", price_usd="0.01"),
    Price(**COMMON, operation_code="list", start_date="2026-02-01", per_code="request", quota_units_count=1),
    Price(**{**COMMON, "platform_code": "y"}, operation_code="posts", start_date="2026-02-01", per_code="resource"),
]
MARCH = Prices(ROWS, "x", date(2026, 3, 1))


def test_a_price_counts_from_its_day_on():
    assert MARCH.of("posts", 1, 100) == Cost(Decimal("0.500"))
    assert Prices(ROWS, "x", date(2026, 4, 1)).of("posts", 1, 100) == Cost(Decimal("0.700"))
    assert Prices(ROWS, "x", date(2026, 1, 31)).of("posts", 1, 100) == Cost()


def test_a_price_is_per_request_or_per_resource():
    assert MARCH.of("counts", 3, 100) == Cost(Decimal("0.03"))
    assert MARCH.of("list", 2, 50) == Cost(Decimal(0), 2)
    assert MARCH.of("free", 9, 9) == Cost()


def test_nothing_is_asked_that_may_cost_more_than_is_left():
    budget = Budget(MARCH, Cost(Decimal("0.6")))
    reserved = budget.reserve("posts", 100)
    budget.settle("posts", reserved, 3)
    assert budget.spent == Cost(Decimal("0.015"))
    reserved = budget.reserve("posts", 100)
    budget.settle("posts", reserved, 100)
    with pytest.raises(BudgetReached, match=r"the budget of \$0\.600 is reached"):
        budget.reserve("posts", 100)
    budget.reserve("posts", 17)


def test_a_question_waits_for_what_others_really_cost():
    budget = Budget(MARCH, Cost(Decimal("0.6")))
    reserved = budget.reserve("posts", 100)
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(budget.reserve, "posts", 100)
        budget.settle("posts", reserved, 1)
        assert waiting.result() == Cost(Decimal("0.5"))


def test_without_a_budget_only_what_is_free_is_asked():
    budget = Budget(MARCH, Cost())
    budget.reserve("free", 100)
    with pytest.raises(BudgetReached):
        budget.reserve("list", 1)


@given(st.integers(1, 40), st.integers(0, 100))
def test_many_threads_never_exceed_the_budget(questions, brought):
    budget = Budget(MARCH, Cost(Decimal(2)))

    def client(_):
        try:
            reserved = budget.reserve("posts", 100)
        except BudgetReached:
            return
        budget.settle("posts", reserved, brought)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(client, range(questions)))
    assert budget.spent.usd <= 2
