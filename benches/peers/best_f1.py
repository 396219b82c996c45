"""Best F1 over all thresholds of a pairs file against a truth: what Splink's own charts report.

    python best_f1.py PAIRS TRUTH
"""

import csv
import json
import sys


def main():
    with open(sys.argv[2], newline="") as f:
        truth = {tuple(row[:2]) for row in list(csv.reader(f))[1:]}
    with open(sys.argv[1], newline="") as f:
        pairs = [(float(p["weight"]), (p["left_id"], p["right_id"])) for p in csv.DictReader(f)]
    # The source-table order of a linked pair is not fixed.
    pairs = [(w, p if p in truth else (p[1], p[0])) for w, p in pairs]
    pairs.sort(key=lambda p: -p[0])
    best, right = (0.0, None, 0.0, 0.0), 0
    for i, (weight, pair) in enumerate(pairs, 1):
        right += pair in truth
        if i == len(pairs) or pairs[i][0] != weight:
            f1 = 2 * right / (i + len(truth))
            best = max(best, (f1, weight, right / i, right / len(truth)))
    print(json.dumps({"f1": round(best[0], 5), "threshold": best[1], "precision": round(best[2], 5), "recall": round(best[3], 5)}))


if __name__ == "__main__":
    main()
