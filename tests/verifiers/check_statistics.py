"""Compares Cartwright's statistics with lifelines, SciPy and, where these have no like, with the formula written out in NumPy.

    check_statistics.py PROGRAM [--seed N] [--datasets N]

PROGRAM reads a JSON array of [function, inputs] and writes an array of answers (the example `survival` of the crate
`endpoints`). One comparison is one (data set, statistic): all of its numbers must agree to 1e-9, and what one side says
does not exist must not exist on the other.
"""

import argparse
import json
import math
import subprocess
import sys
import warnings

import numpy
import pandas
import scipy.stats
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test
from lifelines.utils import median_survival_times

TOLERANCE = 1e-9
Z = scipy.stats.norm.ppf(0.975)


def datasets(random, count):
    """Names with times and event flags: every awkward shape, then random ones of many kinds."""
    fixed = {
        "one event": ([5], [1]),
        "one censored": ([5], [0]),
        "event at zero": ([0, 3, 4], [1, 0, 1]),
        "no event": ([1, 2, 2, 7], [0, 0, 0, 0]),
        "all events": ([1, 2, 3, 4], [1, 1, 1, 1]),
        "all at once": ([3, 3, 3], [1, 1, 1]),
        "event and censoring at each time": ([1, 1, 2, 2, 3, 3], [1, 0, 1, 0, 1, 0]),
        "rests on one half": ([1, 2, 3, 4, 5, 6], [1, 1, 1, 0, 1, 1]),
        "rests on one half to the end": ([1, 2, 3, 4], [1, 1, 0, 0]),
        "last one falls": ([1, 2, 3], [0, 0, 1]),
        "huge ties": ([1] * 50 + [2] * 50, [1, 0] * 50),
    }
    for name, (time, event) in fixed.items():
        yield name, time, event
    for number in range(count):
        n = int(random.choice([2, 3, 5, 8, 13, 21, 53, 137, 400]))
        heavy = float(random.choice([0.0, 0.1, 0.5, 0.9, 1.0]))
        event = (random.random(n) >= heavy).astype(int)
        kind = number % 4
        if kind == 0:
            # Few enough digits that every reader of JSON makes the same number of them.
            time = random.exponential(300, n).round(6)
        elif kind == 1:
            time = random.integers(1, 733, n)
        elif kind == 2:
            time = random.integers(0, max(2, n // 4), n)
        else:
            time = numpy.minimum(random.weibull(0.7, n) * 400, 731).round(1)
        yield f"random {number}", [float(t) for t in time], [int(e) for e in event]


class Comparison:
    """Counts what agreed and prints what did not."""

    def __init__(self):
        self.passed = 0
        self.failed = 0
        self.worst, self.where = 0.0, "nowhere"

    def check(self, name, pairs):
        wrong = []
        for what, ours, theirs in pairs:
            ours = None if ours is None else float(ours)
            theirs = None if theirs is None or not math.isfinite(theirs) else float(theirs)
            if ours is None or theirs is None:
                if ours is not theirs:
                    wrong.append(f"{what}: {ours} here, {theirs} there")
                continue
            # Absolute below 1, relative above: a chi-square of 100 has fewer digits after the point.
            difference = abs(ours - theirs) / max(1.0, abs(theirs))
            if difference > self.worst:
                self.worst, self.where = difference, f"{name}: {what}"
            if not difference <= TOLERANCE:
                wrong.append(f"{what}: {ours!r} here, {theirs!r} there")
        if wrong:
            self.failed += 1
            print(f"not ok {name}: {'; '.join(wrong[:5])}")
        else:
            self.passed += 1


def ask(program, questions):
    answer = subprocess.run([program], input=json.dumps(questions), capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        sys.exit(f"{program} failed: {answer.stderr}")
    return json.loads(answer.stdout)


def greenwood(fitted, times):
    """Standard error and log-log limits from lifelines' table of events, by the formulas of Greenwood and of Kalbfleisch."""
    table = fitted.event_table
    found = {}
    total = 0.0
    for time, row in table.iterrows():
        d, n = row["observed"], row["at_risk"]
        if d > 0:
            total = total + d / (n * (n - d)) if n > d else math.inf
        s = fitted.survival_function_at_times(time).iloc[0]
        if 0 < s < 1:
            spread = Z * math.sqrt(total) / abs(math.log(s))
            limits = s ** math.exp(spread), s ** math.exp(-spread)
            found[time] = (s * math.sqrt(total), *limits)
        else:
            found[time] = (0.0 if s == 1 else None, None, None)
    return [found[time] for time in times]


def quantile(times, curve, p=0.5):
    """First time at which a falling curve reaches p, the midpoint where it rests on p: the rule of R's survfit."""
    drops = []
    for time, value in zip(times, curve):
        if value is not None and (not drops or value < drops[-1][1]):
            drops.append((time, value))
    for index, (time, value) in enumerate(drops):
        if value <= p + 1e-9:
            if abs(value - p) <= 1e-9 and index + 1 < len(drops):
                return (time + drops[index + 1][0]) / 2
            return time
    return None


def strict_reverse(time, event):
    """The reverse curve in which those who die at a time have left before its censorings, from its definition."""
    time, event = numpy.asarray(time, dtype=float), numpy.asarray(event)
    curve, survival = [], 1.0
    times = numpy.unique(time)
    for t in times:
        censored = int(((time == t) & (event == 0)).sum())
        at_risk = int((time >= t).sum() - ((time == t) & (event == 1)).sum())
        if censored:
            survival *= 1 - censored / at_risk
        curve.append(survival)
    return list(times), curve


def competing_by_lifelines(time, outcome):
    """lifelines' Aalen-Johansen estimate; it breaks ties at random, so it is asked only where there are none."""
    fitter = AalenJohansenFitter(calculate_variance=False)
    fitter.fit(time, outcome, event_of_interest=1)
    return fitter.cumulative_density_


def curves(comparison, name, time, event, km, median, reverse):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = KaplanMeierFitter(alpha=0.05).fit(time, event)
        steps = km["steps"]
        times = [step["time"] for step in steps]
        theirs = fitted.survival_function_at_times(times).to_numpy()
        comparison.check(f"{name}: Kaplan-Meier", [(f"S({t})", s["survival"], e) for t, s, e in zip(times, steps, theirs)])
        table = fitted.event_table.loc[times]
        comparison.check(
            f"{name}: numbers at risk, events, censorings",
            [
                (f"{ours} at {t}", s[ours], table.loc[t, there])
                for t, s in zip(times, steps)
                for ours, there in (("at_risk", "at_risk"), ("events", "observed"), ("censored", "censored"))
            ],
        )
        formula = greenwood(fitted, times)
        comparison.check(
            f"{name}: Greenwood",
            [(f"SE({t})", s["se"], e[0]) for t, s, e in zip(times, steps, formula)],
        )
        # lifelines' limits are log-log too; at S = 0 or 1 it repeats a bound where no interval exists.
        limits = fitted.confidence_interval_survival_function_.loc[times].to_numpy()
        pairs = []
        for t, s, (low, high), (_, by_low, by_high) in zip(times, steps, limits, formula):
            inside = 0 < s["survival"] < 1
            pairs += [(f"lower({t})", s["lower"], low if inside else None), (f"lower({t})", s["lower"], by_low)]
            pairs += [(f"upper({t})", s["upper"], high if inside else None), (f"upper({t})", s["upper"], by_high)]
        comparison.check(f"{name}: log-log limits", pairs)
        # lifelines gives the left end of a rest on one half; everywhere else its medians are the same.
        rests = any(abs(e - 0.5) <= 1e-9 for e in theirs)
        pairs = [("median", median["median"], quantile(times, theirs))]
        if not rests:
            pairs.append(("median by lifelines", median["median"], fitted.median_survival_time_))
        lower = [e[1] for e in formula]
        upper = [e[2] for e in formula]
        pairs.append(("lower", median["lower"], quantile(times, lower)))
        pairs.append(("upper", median["upper"], quantile(times, upper)))
        comparison.check(f"{name}: median and its interval", pairs)
        if all(0 < e < 1 for e in theirs) and not rests:
            band = median_survival_times(fitted.confidence_interval_survival_function_).iloc[0]
            comparison.check(
                f"{name}: interval of the median by lifelines",
                [("lower", median["lower"], band.iloc[0]), ("upper", median["upper"], band.iloc[1])],
            )
        times, expected = strict_reverse(time, event)
        pairs = [(f"R({t})", s["survival"], e) for t, s, e in zip(times, reverse["steps"], expected)]
        pairs.append(("median follow-up", reverse["median"]["median"], quantile(times, expected)))
        if not {t for t, e in zip(time, event) if e} & {t for t, e in zip(time, event) if not e}:
            flipped = KaplanMeierFitter().fit(time, [1 - e for e in event])
            there = flipped.survival_function_at_times(times).to_numpy()
            pairs += [(f"R({t}) by lifelines", s["survival"], e) for t, s, e in zip(times, reverse["steps"], there)]
        comparison.check(f"{name}: reverse curve", pairs)


def mantel(first, second):
    """Observed less expected events of the first group, and their variance, by Mantel's formula."""
    times = [numpy.asarray(group[0], dtype=float) for group in (first, second)]
    events = [numpy.asarray(group[1]) for group in (first, second)]
    difference = variance = 0.0
    for t in numpy.unique(numpy.concatenate([time[event == 1] for time, event in zip(times, events)])):
        n1, n2 = (int((time >= t).sum()) for time in times)
        d1, d2 = (int(((time == t) & (event == 1)).sum()) for time, event in zip(times, events))
        n, d = n1 + n2, d1 + d2
        difference += d1 - d * n1 / n
        if n > 1:
            variance += d * n1 * n2 * (n - d) / (n * n * (n - 1))
    return difference, variance


def two_groups(comparison, name, first, second, ours):
    difference, variance = mantel(first, second)
    if variance == 0.0:
        # No event tells the groups apart: lifelines answers 0 and 1 there, Cartwright with nothing.
        comparison.check(f"{name}: no log-rank", [("chi2", ours["chi2"], None), ("p", ours["p"], None)])
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = logrank_test(first[0], second[0], first[1], second[1])
    comparison.check(
        f"{name}: log-rank",
        [
            ("chi2", ours["chi2"], theirs.test_statistic),
            ("chi2 by the formula", ours["chi2"], difference**2 / variance),
            ("p", ours["p"], theirs.p_value),
            # A p far below the tolerance is compared by its own size.
            ("p / p of chi-square", ours["p"] / scipy.stats.chi2.sf(ours["chi2"], 1), 1.0),
        ],
    )


def proportions(random, count):
    yield from [(0, 1), (1, 1), (0, 10), (10, 10), (14, 21), (14, 19), (44, 53), (1, 100_000), (99_999, 100_000)]
    for _ in range(count):
        n = int(random.integers(1, 2000))
        yield int(random.integers(0, n + 1)), n


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=20_240_229)
    parser.add_argument("--datasets", type=int, default=120)
    options = parser.parse_args()
    random = numpy.random.default_rng(options.seed)
    comparison = Comparison()

    sets = list(datasets(random, options.datasets))
    questions = []
    for _, time, event in sets:
        series = {"time": time, "event": event}
        questions += [["stats.km_curve", series], ["stats.km_median", series], ["stats.reverse_km_curve", series]]
    # Neighbours in the list are compared with one another, and one with itself.
    pairs = [(sets[index], sets[index + 1]) for index in range(len(sets) - 1)] + [(sets[-1], sets[-1])]
    for first, second in pairs:
        groups = [{"time": time, "event": event} for _, time, event in (first, second)]
        questions.append(["stats.log_rank", {"first": groups[0], "second": groups[1]}])
    counts = [(x, n, level) for x, n in proportions(random, 200) for level in (0.9, 0.95, 0.99)]
    questions += [["stats.clopper_pearson", {"x": x, "n": n, "level": level}] for x, n, level in counts]
    outcomes = []
    for _, time, _ in sets:
        if len(set(time)) == len(time) and 0.0 not in time:
            outcome = random.integers(0, 3, len(time)).tolist()
            if 1 in outcome:
                outcomes.append((time, outcome))
    questions += [["stats.cumulative_incidence", {"time": time, "outcome": outcome}] for time, outcome in outcomes]

    answers = iter(ask(options.program, questions))
    for name, time, event in sets:
        curves(comparison, name, time, event, next(answers), next(answers), next(answers))
    for first, second in pairs:
        two_groups(comparison, f"{first[0]} and {second[0]}", first[1:], second[1:], next(answers))
    for x, n, level in counts:
        ours = next(answers)
        exact = scipy.stats.binomtest(x, n).proportion_ci(confidence_level=level, method="exact")
        tail = (1 - level) / 2
        beta = scipy.stats.beta
        limits = (
            beta.ppf(tail, x, n - x + 1) if x > 0 else 0.0,
            beta.ppf(1 - tail, x + 1, n - x) if x < n else 1.0,
        )
        comparison.check(
            f"{x}/{n} at {level}: Clopper-Pearson",
            [
                ("estimate", ours["p"], x / n),
                ("lower", ours["lower"], exact.low),
                ("lower", ours["lower"], limits[0]),
                ("upper", ours["upper"], exact.high),
                ("upper", ours["upper"], limits[1]),
            ],
        )
    for number, (time, outcome) in enumerate(outcomes):
        steps = next(answers)["steps"]
        theirs = competing_by_lifelines(pandas.Series(time), pandas.Series(outcome)).iloc[:, 0]
        comparison.check(
            f"incidence {number}",
            [(f"F({s['time']})", s["event"], theirs[theirs.index <= s["time"]].iloc[-1]) for s in steps],
        )

    print(f"{len(sets)} data sets, {len(counts)} proportions; largest difference {comparison.worst:.1e} ({comparison.where})")
    verdict = "FAILED" if comparison.failed else "ok"
    # As `cargo test` closes, so that one reader counts both.
    print(f"test result: {verdict}. {comparison.passed} passed; {comparison.failed} failed; 0 ignored")
    sys.exit(1 if comparison.failed else 0)


if __name__ == "__main__":
    main()
