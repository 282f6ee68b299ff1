#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws one SVG of bar charts for each family of measures from the benchmark's JSON.

Usage: charts.py [--command TEXT] RESULTS.json DIRECTORY
"""
import argparse
import json
import math
import pathlib
from xml.sax.saxutils import escape

FAMILIES = {
    'w1': 'Bottom halves on the loop\'s own thread',
    'w2': 'Triggering a loop that is awake, from another thread',
    'w3': 'Waking a loop that sleeps',
    'w4': 'Descriptors',
    'w5': 'Timers',
    'w6': 'A GMainContext that has nothing to do',
    'w7': 'Memory and idleness',
    'w8': 'Files',
}
WIDTH = 840
LABELS = 120
VALUES = 84
BAR = 16
GAP = 5
# One set of colours for a light and for a dark page; whoever shows the picture decides which.
STYLE = '''
  text { font: 13px system-ui, sans-serif; fill: #24292f; }
  .title { font-size: 17px; font-weight: 600; }
  .measure { font-weight: 600; }
  .small { font-size: 11px; fill: #57606a; }
  .page { fill: #ffffff; }
  .grid { stroke: #d8dee4; }
  .peer { fill: #8c959f; }
  .ours { fill: #1a7f5a; }
  .limit { fill: none; stroke: #57606a; stroke-dasharray: 4 3; }
  .spread { stroke: #24292f; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; }
    .small { fill: #9198a1; }
    .page { fill: #0d1117; }
    .grid { stroke: #30363d; }
    .peer { fill: #656c76; }
    .ours { fill: #3fb68b; }
    .limit { stroke: #9198a1; }
    .spread { stroke: #e6edf3; }
  }
'''


def short(value):
    """As the tables write numbers."""
    for limit, unit in ((999_500, 1e6), (9_995, 1e3)):
        if abs(value) >= limit:
            return f'{value / unit:.3g}{"M" if unit == 1e6 else "k"}'
    return f'{value:.0f}' if abs(value) >= 100 else f'{value:.3g}'


class Scale:
    """Where a value ends. Logarithmic when the values are far apart; it begins at a power of ten below them then."""

    def __init__(self, values, room):
        positive = [value for value in values if value > 0]
        self.room = room
        self.top = max(positive, default=1)
        self.logarithmic = bool(positive) and self.top / min(positive) > 20
        self.bottom = 10 ** math.floor(math.log10(min(positive)) - 0.1) if self.logarithmic else 0

    def __call__(self, value):
        if value <= self.bottom:
            return 0
        if not self.logarithmic:
            return self.room * value / self.top
        return self.room * math.log(value / self.bottom) / math.log(self.top / self.bottom)

    def lines(self):
        """Powers of ten."""
        if not self.logarithmic:
            return []
        first = round(math.log10(self.bottom))
        return [10.0 ** power for power in range(first + 1, math.floor(math.log10(self.top)) + 1)]


def bar_class(peer):
    return 'limit' if peer == 'raw' else 'ours' if peer.startswith('nestling') else 'peer'


def draw_measure(measure, top):
    """The lines of one chart, and where the next one may begin."""
    rows = sorted(((peer, numbers) for peer, numbers in measure['peers'].items() if 'median' in numbers),
                  key=lambda row: row[1]['median'])
    scale = Scale([numbers[key] for _, numbers in rows for key in ('p25', 'median', 'p75')],
                  WIDTH - LABELS - VALUES - 40)
    note = f'{measure["unit"]}, less is better' + (', logarithmic' if scale.logarithmic else '')
    out = [f'<text class="measure" x="20" y="{top}">{escape(measure["text"])}</text>',
           f'<text class="small" x="{WIDTH - 20}" y="{top}" text-anchor="end">{note}</text>']
    y = top + 10
    height = len(rows) * (BAR + GAP)
    for line in scale.lines():
        x = LABELS + 20 + scale(line)
        out.append(f'<line class="grid" x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{y + height}"/>')
    for peer, numbers in rows:
        width = max(scale(numbers['median']), 1)
        left, middle = LABELS + 20, y + BAR / 2
        low, high = left + scale(numbers['p25']), left + scale(numbers['p75'])
        name = 'limit (raw)' if peer == 'raw' else peer
        out += [f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{escape(name)}</text>',
                f'<rect class="{bar_class(peer)}" x="{left}" y="{y + 1}" width="{width:.1f}" height="{BAR - 2}"/>',
                f'<line class="spread" x1="{low:.1f}" y1="{middle}" x2="{high:.1f}" y2="{middle}"/>',
                f'<text x="{max(high, left + width) + 6:.1f}" y="{y + 13}">{short(numbers["median"])}</text>']
        y += BAR + GAP
    return out, y + 26


def caption(results, command):
    machine = results['machine']
    lines = [f'{command}: medians of {results["rounds"]} rounds; the lines across the bars go from p25 to p75.',
             f'{machine["cpu"]}, {machine["cpus"]} CPUs, {machine["kernel"]}, {machine["compiler"]}, '
             f'{machine["build"]} build, load {machine["load"]} at the start, {results["date"]}']
    if results['quick']:
        lines.append('A quick run: it proves that the benchmark works, and says nothing about times.')
    return lines


def draw_family(family, measures, results, command):
    parts = [f'<text class="title" x="20" y="32">{escape(FAMILIES.get(family, family))}</text>']
    y = 66
    for measure in measures:
        lines, y = draw_measure(measure, y)
        parts += lines
    for line in caption(results, command):
        parts.append(f'<text class="small" x="20" y="{y}">{escape(line)}</text>')
        y += 16
    height = y + 6
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" '
            f'height="{height}">\n<style>{STYLE}</style>\n'
            f'<rect class="page" width="{WIDTH}" height="{height}"/>\n' + '\n'.join(parts) + '\n</svg>\n')


def main():
    parser = argparse.ArgumentParser(description='Draws the benchmark\'s charts.')
    parser.add_argument('--command', default='tests/bench/run', help='what was called, for the caption')
    parser.add_argument('results', type=pathlib.Path)
    parser.add_argument('directory', type=pathlib.Path)
    arguments = parser.parse_args()
    results = json.loads(arguments.results.read_text(encoding='utf-8'))
    families = {}
    for measure in results['measures']:
        if any('median' in numbers for numbers in measure['peers'].values()):
            families.setdefault(measure['id'].split('.')[0], []).append(measure)
    arguments.directory.mkdir(parents=True, exist_ok=True)
    for family, measures in families.items():
        picture = draw_family(family, measures, results, arguments.command)
        (arguments.directory / f'{family}.svg').write_text(picture, encoding='utf-8')


if __name__ == '__main__':
    main()
