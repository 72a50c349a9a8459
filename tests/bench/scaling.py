#!/usr/bin/env python3
"""Queue, function and Rekognition, second by second: how many pictures wait, and for how long.

    scaling.py                      the two cases of docs/scaling.md, as a table
    scaling.py --svg docs/images    the same as two pictures

A model, not a measurement: pictures arrive at a rate, Lambda's poller adds functions while messages wait (up to
MaximumConcurrency), each function works through its batch one picture after the other, Rekognition takes so many
calls a second and throttles the rest, and a throttled picture comes back after the visibility timeout, at most
MAX_RECEIVES times; then it is a dead letter.
"""
import argparse
import collections
import pathlib
import sys

MAX_RECEIVES = 5
VISIBILITY_S = 180
FIRST_POLLERS = 5
POLLERS_A_MINUTE = 300  # Lambda's growth for a queue
RETRIES = 2  # inside the function: three attempts of one call


class Case:
    def __init__(self, name, rate, burst_s, concurrency, seconds, quota, total_s):
        self.name, self.rate, self.burst_s = name, rate, burst_s
        self.concurrency, self.seconds, self.quota, self.total_s = concurrency, seconds, quota, total_s

    @property
    def pace(self):
        """Pictures a second when nothing throttles."""
        return min(self.concurrency / self.seconds, self.quota)


def simulate(case):
    """One row for each second: (time, waiting, age of the oldest, functions, throttled, done, dead)."""
    waiting = collections.deque()  # [arrived, count, receives]
    returns = collections.defaultdict(list)  # second -> what becomes visible again
    functions, done, dead, credit, rows = 0.0, 0, 0, 0.0, []
    for now in range(case.total_s):
        if now < case.burst_s:
            waiting.append([now, case.rate, 0])
        waiting.extend(returns.pop(now, ()))
        wanted = sum(each[1] for each in waiting) * case.seconds
        growth = FIRST_POLLERS if functions < FIRST_POLLERS else POLLERS_A_MINUTE / 60
        functions = min(case.concurrency, functions + growth, max(wanted, 1))
        credit = min(credit + functions / case.seconds, 2 * functions / case.seconds)
        take, taken = int(credit), []
        credit -= take
        while take > 0 and waiting:
            arrived, count, receives = waiting[0]
            part = min(count, take)
            taken.append([arrived, part, receives + 1])
            take -= part
            if part == count:
                waiting.popleft()
            else:
                waiting[0][1] -= part
        # A call that is throttled is tried again within the second; the quota is what it is.
        left, throttled = case.quota, 0
        for arrived, count, receives in taken:
            good = min(count, left)
            left -= good
            done += good
            bad = count - good
            throttled += bad * (1 + RETRIES)
            if bad and receives >= MAX_RECEIVES:
                dead += bad
            elif bad:
                returns[now + VISIBILITY_S].append([arrived, bad, receives])
        hidden = [each for later in returns.values() for each in later]
        everything = list(waiting) + hidden
        backlog = sum(each[1] for each in everything)
        oldest = min((each[0] for each in everything), default=now)
        rows.append((now, backlog, now - oldest, functions, throttled, done, dead))
    return rows


CASES = [
    # 10 pictures a second are less than the smallest quota that a large region has.
    Case("10 a second, concurrency 10, quota 50", 10, 600, 10, 0.9, 50, 900),
    # 10,000 a second for a minute; the pace is set to the quota, so that nothing is throttled.
    Case("10,000 a second for 60 s, concurrency 45, quota 50", 10_000, 60, 45, 0.9, 50, 14_400),
    Case("10,000 a second for 60 s, concurrency 1,000, quota 50", 10_000, 60, 1000, 0.9, 50, 14_400),
    Case("10,000 a second for 60 s, concurrency 900, quota 1,000", 10_000, 60, 900, 0.9, 1000, 1_800),
]


def summary(case, rows):
    empty = next((row[0] for row in rows if row[0] >= case.burst_s and row[1] == 0), None)
    return {"case": case.name, "most waiting": max(row[1] for row in rows), "oldest, s": max(row[2] for row in rows),
            "empty after, s": empty if empty is not None else "not yet", "functions": round(max(row[3] for row in rows)),
            "throttled calls": sum(row[4] for row in rows), "done": rows[-1][5], "dead letters": rows[-1][6]}


# ---- pictures

WIDTH, HEIGHT, LEFT, TOP, PLOT_W, PLOT_H = 760, 300, 80, 40, 600, 200


def line(rows, column, top):
    step = max(1, len(rows) // 400)
    points = [(LEFT + PLOT_W * row[0] / rows[-1][0], TOP + PLOT_H * (1 - row[column] / top)) for row in rows[::step]]
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def svg(case, rows):
    most = max(1, max(row[1] for row in rows))
    oldest = max(1, max(row[2] for row in rows))
    ticks = "".join(
        f'<text x="{LEFT - 8}" y="{TOP + PLOT_H * (1 - part) + 4:.0f}" text-anchor="end" fill="#1b5e9b">{most * part:,.0f}</text>'
        f'<text x="{LEFT + PLOT_W + 8}" y="{TOP + PLOT_H * (1 - part) + 4:.0f}" fill="#b3541e">{oldest * part:,.0f} s</text>'
        f'<line x1="{LEFT}" x2="{LEFT + PLOT_W}" y1="{TOP + PLOT_H * (1 - part):.0f}" y2="{TOP + PLOT_H * (1 - part):.0f}" stroke="#ddd"/>'
        for part in (0, 0.5, 1))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
        f'<text x="{LEFT}" y="22" font-size="14">{case.name}</text>{ticks}'
        f'<polyline fill="none" stroke="#1b5e9b" stroke-width="2" points="{line(rows, 1, most)}"/>'
        f'<polyline fill="none" stroke="#b3541e" stroke-width="2" stroke-dasharray="6 3" points="{line(rows, 2, oldest)}"/>'
        f'<text x="{LEFT}" y="{TOP + PLOT_H + 20}">0</text>'
        f'<text x="{LEFT + PLOT_W}" y="{TOP + PLOT_H + 20}" text-anchor="end">{rows[-1][0] + 1:,} s</text>'
        f'<text x="{LEFT}" y="{TOP + PLOT_H + 44}" fill="#1b5e9b">pictures that wait</text>'
        f'<text x="{LEFT + PLOT_W}" y="{TOP + PLOT_H + 44}" text-anchor="end" fill="#b3541e">age of the oldest (dashed)</text></svg>\n')


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--svg", type=pathlib.Path, help="folder for scaling-N.svg")
    options = parser.parse_args()
    for number, case in enumerate(CASES, 1):
        rows = simulate(case)
        print("  ".join(f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}"
                        for name, value in summary(case, rows).items()))
        if options.svg:
            options.svg.mkdir(parents=True, exist_ok=True)
            (options.svg / f"scaling-{number}.svg").write_text(svg(case, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
