"""Payung and Splink on the same files in turn; medians of whole processes.

    python3 benches/peers/linkage.py [--sizes 10000,100000] [--kinds persons,works] [--repeats 3]

Installs the pinned Splink into target/peers/linkage, makes the tables with `payung generate --tables`, and
runs each contender in a process of its own: read, normalise, train, predict, assign, write. F1 of Splink
is its best over all thresholds; Payung's is that of its automatic links, with no look at the truth.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "benches/peers"
WORK = ROOT / "target/peers"


def prepare():
    subprocess.run(["cargo", "build", "--release", "-q", "-p", "payung"], cwd=ROOT, check=True)
    python = WORK / "linkage/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "linkage"], check=True)
        requirements = PEERS / "requirements-linkage.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
    return ROOT / "target/release/payung", python


def timed(command):
    """Seconds, peak megabytes and output of a process."""
    start = time.monotonic()
    process = subprocess.Popen([str(c) for c in command], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    out = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {command}")
    return time.monotonic() - start, usage.ru_maxrss / 1024, out


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", default="10000,100000")
    arguments.add_argument("--kinds", default="persons,works")
    arguments.add_argument("--repeats", type=int, default=3)
    arguments.add_argument("--settings", default="usual,fastest")
    args = arguments.parse_args()
    payung, python = prepare()
    print("| Tables | Rows | Contender | Seconds | MB | F1 | Payung is faster | MB against |")
    print("|---|---|---|---|---|---|---|---|")
    for kind in args.kinds.split(","):
        for rows in args.sizes.split(","):
            folder = WORK / f"tables/{kind}-{rows}"
            if not (folder / "truth.csv").exists():
                subprocess.run(
                    [payung, "generate", "--tables", kind, "--rows", rows, "--out", folder],
                    check=True,
                    stdout=subprocess.DEVNULL,
                )
            left, right, truth = (folder / f"{n}.csv" for n in ["left", "right", "truth"])
            contenders = {"Payung": [payung, "link", left, right, "--profile", kind, "--out", folder / "p.csv", "--json"]}
            for settings in args.settings.split(","):
                out = folder / f"splink-{settings}.csv"
                contenders[f"Splink, {settings}"] = [python, PEERS / "splink_link.py", kind, settings, left, right, out]
            runs = {name: [] for name in contenders}
            for _ in range(args.repeats):
                for name, command in contenders.items():
                    runs[name].append(timed(command)[:2])
            own = None
            for name, results in runs.items():
                seconds = statistics.median(r[0] for r in results)
                megabytes = statistics.median(r[1] for r in results)
                if name == "Payung":
                    own = (seconds, megabytes)
                    measured = [payung, "link", left, right, "--profile", kind, "--truth", truth, "--json"]
                    report = json.loads(timed(measured)[2])
                    f1 = report["quality"]["f1"]
                    floor = report["seconds"]["left"] + report["seconds"]["right"]
                    against = ["", ""]
                    name = f"Payung (reading and taking apart {floor:.2f} s)"
                else:
                    out = folder / f"splink-{name.split(', ')[1]}.csv"
                    f1 = json.loads(timed([python, PEERS / "best_f1.py", out, truth])[2])["f1"]
                    against = [f"{seconds / own[0]:.1f} times", f"1/{megabytes / own[1]:.1f}"]
                print(
                    f"| {kind} | {rows} | {name} | {seconds:.2f} | {megabytes:.0f} | {f1:.4f} | {against[0]} | {against[1]} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
