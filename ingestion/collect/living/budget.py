"""What requests cost, and the budget of a run: no request is made whose highest price the budget does not cover."""

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from ingestion.roster.sources import Price


class BudgetReached(Exception):
    """The next request may cost more than what is left of the budget; the message names the budget."""


@dataclass(frozen=True, slots=True)
class Cost:
    """US dollars, and units of the platform's own quota."""

    usd: Decimal = Decimal(0)
    units: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.usd + other.usd, self.units + other.units)

    def __mul__(self, count: int) -> "Cost":
        return Cost(self.usd * count, self.units * count)

    def __sub__(self, other: "Cost") -> "Cost":
        return self + other * -1

    def __str__(self) -> str:
        parts = [f"${self.usd:,.3f}"] * bool(self.usd) + [f"{self.units:,} units"] * bool(self.units)
        return " and ".join(parts) or "nothing"


class Prices:
    """What each operation of one platform costs on one day."""

    def __init__(self, rows: Iterable[Price], platform_code: str, day: date) -> None:
        valid = [row for row in rows if row.platform_code == platform_code and row.start_date <= day]
        self._rows: Mapping[str, Price] = {
            row.operation_code: row for row in sorted(valid, key=lambda row: row.start_date)
        }

    def of(self, operation: str, requests: int, resources: int) -> Cost:
        """Return what requests that bring so many resources cost; an operation without a price is free."""
        price = self._rows.get(operation)
        if price is None:
            return Cost()
        count = requests if price.per_code == "request" else resources
        return Cost(price.price_usd or Decimal(0), price.quota_units_count or 0) * count


class Budget:
    """Keeps one run within its budget. Safe to use from several threads."""

    def __init__(self, prices: Prices, budget: Cost) -> None:
        self._prices, self._budget = prices, budget
        self._reserved = Cost()
        self._settled = threading.Condition()
        self.spent = Cost()

    def reserve(self, operation: str, most: int) -> Cost:
        """Set aside the most that one request may cost, and return it for ``settle``.

        If other requests under way have set aside what is left, wait until they are settled.

        Raises:
            BudgetReached: less is left.
        """
        highest = self._prices.of(operation, 1, most)
        with self._settled:
            while not self._covers(highest):
                if self._reserved == Cost():
                    raise BudgetReached(f"the budget of {self._budget} is reached")
                self._settled.wait()
            self._reserved += highest
        return highest

    def _covers(self, cost: Cost) -> bool:
        left = self._budget - self.spent - self._reserved
        return cost.usd <= left.usd and cost.units <= left.units

    def settle(self, operation: str, reserved: Cost, resources: int) -> None:
        """Book what a request really cost, in the place of what was set aside."""
        with self._settled:
            self._reserved -= reserved
            self.spent += self._prices.of(operation, 1, resources)
            self._settled.notify_all()
