"""Times a Kaplan-Meier curve with its intervals in Cartwright, lifelines and, where R is here, R's survfit, in one run.

    survival_bench.py [N ...]     numbers of subjects; 10000 and 1000000 without any

Prints figures and asserts none. Each program is given the same times, already read; the medians of its runs are compared.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy
from lifelines import KaplanMeierFitter

TOP = Path(__file__).resolve().parents[2]
R = """
suppressMessages(library(survival))
given <- read.csv("{path}", header = FALSE)
runs <- sapply(1:{runs}, function(run)
  system.time(survfit(Surv(given$V1, given$V2) ~ 1, conf.type = "log-log"))[["elapsed"]])
cat(median(runs) * 1000)
"""


def median_of(runs, work):
    work()
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        work()
        times.append((time.perf_counter() - begun) * 1000)
    return statistics.median(times)


def cartwright(path):
    command = ["cargo", "bench", "-q", "-p", "endpoints", "--bench", "survival", "--", str(path)]
    said = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True).stdout
    figure = lambda name: float(re.search(rf"  {name} +([\d.]+) ms", said).group(1))
    return figure("sort"), figure("curve")


def compare(n, days):
    random = numpy.random.default_rng(20_240_229)
    event, censored = random.exponential(400, n), random.uniform(0, 730.5, n)
    times = numpy.minimum(event, censored)
    times = numpy.ceil(times) if days else times
    flags = (event <= censored).astype(int)
    runs = 3 if n > 100_000 else 11
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "times.csv"
        path.write_text("".join(f"{t!r},{e}\n" for t, e in zip(times.tolist(), flags.tolist())))
        sort, ours = cartwright(path)
        others = {"lifelines": median_of(runs, lambda: KaplanMeierFitter().fit(times, flags))}
        if shutil.which("Rscript"):
            said = subprocess.run(["Rscript", "-e", R.format(path=path, runs=runs)], capture_output=True, text=True, check=False)
            if said.returncode == 0:
                others["R survfit"] = float(said.stdout)
    kind = "whole days" if days else "every time distinct"
    line = f"{n:>8} subjects, {kind:<19}  sort {sort:9.3f} ms  curve {ours:9.3f} ms ({ours / sort:.2f} x sort)"
    for name, taken in others.items():
        line += f"  {name} {taken:9.1f} ms ({taken / ours:.0f} x curve)"
    print(line, flush=True)


for number in [int(word) for word in sys.argv[1:]] or [10_000, 1_000_000]:
    for whole in (True, False):
        compare(number, whole)
