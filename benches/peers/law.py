"""Contributions of a column of contracts by OpenFisca-Core and by NumPy, timed and checked.

Usage: law.py VALUES DAYS EXPECTED OPENFISCA_ROWS. VALUES and EXPECTED are int64, DAYS are int32 (days since 1970), as raw
little-endian files. Values are without tax for OpenFisca; NumPy gets gross values and takes the tax of the day out itself.
Prints JSON: seconds and the largest error in rupiah for each.
"""

import json
import sys
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from openfisca_core.periods import period
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_jakon import CountryTaxBenefitSystem

TOPS = np.array([0.0, 1e8, 5e8, 1e9, 5e9])
RATES = np.array([0.0024, 0.0019, 0.0015, 0.0012, 0.0010])
RUNS = 3


def openfisca(net):
    system = CountryTaxBenefitSystem()
    day = period("2025-03-03")
    best, result = None, None
    for _ in range(RUNS):
        simulation = SimulationBuilder().build_default_simulation(system, len(net))
        simulation.set_input("net_value", day, net)
        start = time.perf_counter()
        result = simulation.calculate("contribution", day)
        seconds = time.perf_counter() - start
        best = seconds if best is None else min(best, seconds)
    return best, result


def numpy_dated(gross, days, changes, divisors):
    """The scale over whole columns, the tax by the day of each row, rounded half up."""
    best, result = None, None
    for _ in range(RUNS):
        start = time.perf_counter()
        base = gross / divisors[np.searchsorted(changes, days, side="right") - 1]
        total = np.zeros_like(base)
        for i, rate in enumerate(RATES):
            top = TOPS[i + 1] if i + 1 < len(TOPS) else np.inf
            total += np.clip(base - TOPS[i], 0.0, top - TOPS[i]) * rate
        result = np.floor(total + 0.5).astype(np.int64)
        seconds = time.perf_counter() - start
        best = seconds if best is None else min(best, seconds)
    return best, result


def main():
    gross = np.fromfile(sys.argv[1], dtype="<i8")
    days = np.fromfile(sys.argv[2], dtype="<i4")
    expected = np.fromfile(sys.argv[3], dtype="<i8")
    rows = int(sys.argv[4])
    epoch = np.datetime64("1970-01-01")
    changes = np.array([(np.datetime64(d) - epoch).astype(int) for d in ("2015-07-01", "2022-04-01")])
    divisors = np.array([1.10, 1.11])
    # OpenFisca has one date a run, so its rows are the same values taken as net on one day.
    net_expected = np.fromfile(sys.argv[5], dtype="<i8")[:rows]
    fisca_seconds, fisca = openfisca(gross[:rows].astype(np.float64))
    numpy_seconds, by_numpy = numpy_dated(gross.astype(np.float64), days, changes, divisors)
    error = lambda got, want: float(np.max(np.abs(got.astype(np.float64) - want.astype(np.float64))))
    print(json.dumps({
        "openfisca": {"rows": rows, "seconds": fisca_seconds, "max_error": error(fisca, net_expected)},
        "numpy": {"rows": len(gross), "seconds": numpy_seconds, "max_error": error(by_numpy, expected)},
    }))


main()
