#!/usr/bin/env python3
"""Draws what ./benchmarks/run measured, and keeps the table of docs/performance.md.

usage: report.py RESULTS FOLDER         writes FOLDER/index.html, with two pictures for each program and unit, drawn by gnuplot
       report.py RESULTS --table FILE   rewrites the table between the two markers of a Markdown file

RESULTS is build/benchmarks/results.json. Without gnuplot the page has its tables, and one line says which package is missing.
"""
import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

BEGIN, END = "<!-- figures: written by benchmarks/report.py -->", "<!-- end of figures -->"
UNITS = {"cpu_ns": "ns", "cpu_s": "s", "cpu_ms": "ms"}
STYLE = """body { font: 15px/1.5 sans-serif; margin: 2em auto; max-width: 78em; color: #222 }
table { border-collapse: collapse; margin: 1em 0 } td, th { padding: .2em .8em; border-bottom: 1px solid #ddd; text-align: right }
td:first-child, th:first-child { text-align: left } .over { background: #fde0dc } img { max-width: 49% }"""


def shown(value):
    """Three digits that mean something, and no more."""
    if value == 0:
        return "0"
    if abs(value) >= 1000:
        return f"{value:,.0f}".replace(",", " ")
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def limit_of(figure):
    """(what the figure is to stay within, as text; whether it does), or (None, True)."""
    limit = figure.get("limit")
    if limit is None:
        return None, True
    kind = figure.get("limit_of", "ratio")
    return (f"≤ {shown(limit)}" + ("×" if kind == "ratio" else f" {unit_of(figure)}")), figure[kind] <= limit


def unit_of(figure):
    return UNITS.get(figure["unit"], figure["unit"])


def groups(figures):
    """{program: figures}, in the order measured; what a peer was compared with stands apart."""
    found = {}
    for figure in figures:
        peer = re.match(r"caf_([\d.]+)", figure["baseline"])
        found.setdefault(f"CAF {peer.group(1)}" if peer else figure.get("program", "benchmarks"), []).append(figure)
    return found


def row(figure):
    """The cells of a figure: name, value, baseline, ratio, its limit."""
    limit, _ = limit_of(figure)
    unit = unit_of(figure)
    if figure["baseline"] == "limit":
        return [figure["name"], f"{shown(figure['value'])} {unit}", "", "", limit or ""]
    low, high = figure["spread"]
    return [figure["name"], f"{shown(figure['value'])} {unit}", f"{figure['baseline']} {shown(figure['baseline_value'])} {unit}",
            f"{shown(figure['ratio'])} ({shown(low)}–{shown(high)})", limit or ""]


HEAD = ["figure", "value", "baseline, same run", "ratio (spread)", "to be within"]


def page(figures, pictures):
    parts = [f"<!doctype html><meta charset='utf-8'><title>Viceroy: benchmarks</title><style>{STYLE}</style><h1>Benchmarks</h1>",
             "<p>Medians of pairs measured one after the other in one run; the ratio's spread is that of the pairs. Nanoseconds within one loop are "
             "processor time. Marked: outside its limit.</p>"]
    for name, members in groups(figures).items():
        parts.append(f"<h2>{html.escape(name)}</h2>")
        parts += [f"<img src='{html.escape(picture)}' alt='{html.escape(name)}'>" for picture in pictures.get(name, [])]
        parts.append("<table><tr>" + "".join(f"<th>{h}</th>" for h in HEAD) + "</tr>")
        for figure in members:
            mark = "" if limit_of(figure)[1] else " class='over'"
            parts.append(f"<tr{mark}>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row(figure)) + "</tr>")
        parts.append("</table>")
    return "\n".join(parts) + "\n"


def table(figures):
    lines = []
    for name, members in groups(figures).items():
        lines += [f"**{name}**", "", "| " + " | ".join(HEAD) + " |", "|---|---|---|---|---|"]
        for figure in members:
            cells = row(figure)
            cells[4] += "" if limit_of(figure)[1] else " **no**"
            lines.append("| " + " | ".join(cells) + " |")
        lines.append("")
    return "\n".join(lines)


def rewrite_table(path, figures):
    text = path.read_text()
    begin, end = text.find(BEGIN), text.find(END)
    if begin < 0 or end < begin:
        sys.exit(f"{path} has no '{BEGIN}' and '{END}' for a table to stand between")
    path.write_text(text[:begin] + BEGIN + "\n\n" + table(figures) + "\n" + text[end:])


def quoted(text):
    return '"' + text.replace("_", " ").replace('"', "") + '"'


def times_plot(members, unit):
    """Bars of value and baseline on a logarithmic scale; a red line is the limit."""
    rows = []
    for i, f in enumerate(members):
        limit = f.get("limit", 0) * (f["baseline_value"] if f.get("limit_of", "ratio") == "ratio" else 1)
        base = f["baseline_value"] if f["baseline"] != "limit" else 0
        rows.append(f"{i} {quoted(f['name'])} {f['value']} {base or 'NaN'} {limit or 'NaN'}")
    low = min(x for f in members for x in (f["value"], f["baseline_value"]) if x > 0)
    return rows, f"""set logscale y
set yrange [{low / 2:g}:*]
set ylabel "{unit}"
plot $data using ($1-0.2):3 with boxes fillcolor rgb "#3b6ea5" title "value", \\
     $data using ($1+0.2):4 with boxes fillcolor rgb "#b8b8b8" title "baseline", \\
     $data using ($1-0.2):5:(0.2) with xerrorbars pointtype 0 linewidth 2 linecolor rgb "#c0392b" title "limit", \\
     $data using 1:(NaN):xticlabels(2) notitle
"""


def ratios_plot(members):
    """Ratios with the spread of their pairs; a red line is the limit."""
    rows = []
    for i, f in enumerate(members):
        limit = f.get("limit", 0) / (1 if f.get("limit_of", "ratio") == "ratio" else f["baseline_value"])
        low, high = f["spread"]
        rows.append(f"{i} {quoted(f['name'])} {f['ratio']} {low} {high} {limit or 'NaN'}")
    return rows, """set yrange [0:*]
set ylabel "ratio to the baseline"
plot $data using 1:3:(0.5) with boxes fillcolor rgb "#3b6ea5" title "ratio", \\
     $data using 1:3:4:5 with yerrorbars pointtype 0 linecolor rgb "#222222" title "spread of the pairs", \\
     $data using 1:6:(0.25) with xerrorbars pointtype 0 linewidth 2 linecolor rgb "#c0392b" title "limit", \\
     $data using 1:(NaN):xticlabels(2) notitle
"""


def draw(path, title, count, rows, plot):
    script = f"""set terminal svg size {320 + 60 * count},560 font "sans,11" background "white"
set output "{path}"
set title {quoted(title)}
set style fill solid
set boxwidth 0.4
set xrange [-0.7:{count - 0.3}]
set xtics rotate by -35 scale 0
set rmargin 14
set grid ytics
set key outside top center horizontal
$data << END
{chr(10).join(rows)}
END
{plot}"""
    done = subprocess.run(["gnuplot"], input=script, text=True, capture_output=True)
    if done.returncode != 0:
        sys.exit(f"gnuplot could not draw {path}:\n{done.stderr}{script}")


def pictures_of(figures, folder):
    found = {}
    for name, members in groups(figures).items():
        for unit in dict.fromkeys(f["unit"] for f in members):
            drawn = [f for f in members if f["unit"] == unit and f["value"] > 0]
            stem = re.sub(r"\W+", "_", f"{name} {unit}")
            if drawn:
                draw(folder / f"{stem}.svg", f"{name}, {unit_of(drawn[0])}", len(drawn), *times_plot(drawn, unit_of(drawn[0])))
                found.setdefault(name, []).append(f"{stem}.svg")
            compared = [f for f in drawn if f["baseline"] != "limit"]
            if compared:
                draw(folder / f"{stem}_ratios.svg", f"{name}, ratios", len(compared), *ratios_plot(compared))
                found[name].append(f"{stem}_ratios.svg")
    return found


def main(arguments):
    if len(arguments) not in (2, 3):
        sys.exit(__doc__)
    figures = json.loads(Path(arguments[0]).read_text())
    if arguments[1] == "--table":
        rewrite_table(Path(arguments[2]), figures)
        return
    folder = Path(arguments[1])
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    pictures = {}
    if shutil.which("gnuplot"):
        pictures = pictures_of(figures, folder)
    else:
        print("the report has no pictures: gnuplot is missing (on Debian: apt-get install gnuplot-nox)", file=sys.stderr)
    (folder / "index.html").write_text(page(figures, pictures))
    print(f"report: {folder / 'index.html'}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
