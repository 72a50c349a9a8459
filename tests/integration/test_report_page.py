"""A report in a browser without JavaScript of its own: nothing overflows, filters filter, orders order,
and texts can be read. Chromium shows it in a frame of a page that measures it; skipped without chromium."""
import html
import json
import os
import re
import shutil
import subprocess

import pytest
from icecat_command import Command
from report_batch import HOSTILE, varied

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--allow-file-access-from-files", "--window-size=1400,1000", "--virtual-time-budget=8000"]
LIGHT, DARK = "preferredColorScheme=1", "preferredColorScheme=0"

# Answers are written into the page, which chromium prints.
PROBE = """<!DOCTYPE html><meta charset="utf-8"><body style="margin:0">
<iframe id="frame" style="border:0;width:%(width)dpx;height:844px"></iframe><pre id="answer"></pre><script>
const frame = document.getElementById("frame");
frame.onload = () => {
  const page = frame.contentDocument, view = frame.contentWindow;
  const cards = () => [...page.querySelectorAll(".card")];
  const shown = () => cards().filter(card => card.offsetParent !== null || view.getComputedStyle(card).display !== "none");
  const choose = id => page.getElementById(id).click();
  const order = () => shown().map(card => [card.getBoundingClientRect(), card])
    .sort((a, b) => a[0].top - b[0].top || a[0].left - b[0].left)
    .map(pair => pair[1].querySelector(".name").textContent);
  const rgb = text => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const colour = rgb(view.getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const contrasts = () => [...page.body.querySelectorAll("*")].filter(e => e.getClientRects().length &&
      !e.closest("svg") && !e.matches(".hidden") && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
    .map(e => {
      const [a, b] = [light(rgb(view.getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return [(a + .05) / (b + .05), e.className + " " + e.tagName];
    });
  const over = () => [...page.querySelectorAll(".card, .card *, h1, .facts *, .stack, .foot *")].filter(e => {
    const box = e.getBoundingClientRect();
    return box.width && (box.right > view.innerWidth + .5 || box.left < -.5) && !e.closest(".hidden, svg, .box");
  }).map(e => e.className + " " + e.tagName);
  const answer = {};
  try { %(body)s } catch (problem) { answer.problem = String(problem.stack); }
  document.getElementById("answer").textContent = JSON.stringify(answer);
};
frame.src = "report.html";
</script>"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("page")
    batch = varied(folder)
    done = Command(folder)("report", str(batch.results_path))
    assert done.code == 0, done.err
    return folder


def ask(folder, body, width=1280, scheme=LIGHT):
    page = folder / "probe.html"
    page.write_text(PROBE % {"width": width, "body": body}, encoding="utf-8")
    profile = folder / "profile"
    shutil.rmtree(profile, ignore_errors=True)
    done = subprocess.run(
        [CHROMIUM, *FLAGS, f"--user-data-dir={profile}", f"--blink-settings={scheme}", "--dump-dom", page.as_uri()],
        capture_output=True, timeout=90, cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LC_ALL": "C.UTF-8"})
    found = re.search(r'<pre id="answer">(.+?)</pre>', done.stdout.decode(), re.S)
    assert found, done.stderr.decode()[-2000:]
    answer = json.loads(html.unescape(found[1]))
    assert "problem" not in answer, answer["problem"]
    return answer


@pytest.mark.parametrize("width", [1280, 768, 390, 320])
def test_nothing_overflows(folder, width):
    answer = ask(folder, """
      page.querySelectorAll("details").forEach(d => d.open = true);
      // what is far from the view is not laid out until it is shown
      page.querySelectorAll(".card").forEach(c => c.style.contentVisibility = "visible");
      answer.scroll = page.documentElement.scrollWidth; answer.width = view.innerWidth; answer.over = over();
      answer.images = [...page.images].map(i => [i.complete && i.naturalWidth > 0,
        // undistorted to the eye: three in a hundred, or two pixels a side where those are more
        Math.abs(i.clientWidth * i.naturalHeight - i.clientHeight * i.naturalWidth)
          <= Math.max(.03 * i.clientHeight * i.naturalHeight, 2 * (i.naturalWidth + i.naturalHeight)) || Math.min(i.clientWidth, i.clientHeight) < 60, i.clientHeight <= i.closest(".pic").clientHeight + 1]);
    """, width)
    assert answer["width"] == width and answer["scroll"] <= width
    assert answer["over"] == []
    assert answer["images"] and all(all(checks) for checks in answer["images"])


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
def test_every_text_can_be_read(folder, scheme):
    answer = ask(folder, """
      page.querySelectorAll("details").forEach(d => d.open = true);
      answer.contrasts = contrasts(); answer.page = view.getComputedStyle(page.body).backgroundColor;
      choose("show-cat"); answer.chosen = contrasts();
    """, scheme=scheme)
    dark = sum(map(int, re.findall(r"\d+", answer["page"]))) < 3 * 128
    assert dark == (scheme == DARK)
    low = [(ratio, where) for ratio, where in answer["contrasts"] + answer["chosen"] if ratio < 4.5]
    assert len(answer["contrasts"]) > 50 and low == []


def test_filters_filter(folder):
    answer = ask(folder, """
      answer.all = shown().length;
      answer.counts = ["cat", "not-cat", "pending", "failed"].map(name => (choose("show-" + name), shown().length));
      choose("show-cat"); choose("label-1"); answer.both = shown().length;
      const nothing = page.querySelector(".nothing");
      answer.quiet = view.getComputedStyle(nothing).display;
      choose("show-pending"); answer.none = [shown().length, view.getComputedStyle(nothing).display];
      page.querySelector("[type=reset]").click(); answer.reset = shown().length;
      const tick = () => view.getComputedStyle(page.querySelector(".tick path")).display;
      answer.tick = tick();
      answer.box = page.querySelector(".box").getClientRects().length;
      choose("boxes"); answer.noBox = page.querySelector(".box").getClientRects().length;
      answer.noTick = tick();
    """)
    assert answer["all"] == answer["reset"] == 5 + len(HOSTILE)
    assert answer["counts"] == [2, 1 + len(HOSTILE), 1, 1]
    assert answer["both"] == 2 and answer["quiet"] == "none" and answer["none"] == [0, "block"]
    assert (answer["box"], answer["noBox"]) == (1, 0)
    assert answer["tick"] != "none" and answer["noTick"] == "none"


def test_orders_order(folder):
    answer = ask(folder, """
      choose("show-cat"); answer.given = order(); choose("by-confidence"); answer.sure = order();
      choose("show-all"); choose("by-verdict"); answer.verdict = order().slice(0, 3);
      choose("by-file"); answer.file = order();
    """)
    assert answer["given"] == answer["sure"] == ["tabby.png", "tall.jpg"]
    assert answer["verdict"] == ["tabby.png", "tall.jpg", "dog.jpg"]
    assert answer["file"] != answer["given"] and len(answer["file"]) == 5 + len(HOSTILE)
    assert answer["file"].index("broken.png") < answer["file"].index("dog.jpg") < answer["file"].index("tabby.png")


def test_the_keyboard_reaches_every_choice_and_shows_where_it_is(folder):
    answer = ask(folder, """
      const inputs = [...page.querySelectorAll(".option input")];
      answer.named = inputs.every(i => i.labels.length === 1 && i.labels[0].textContent.trim() !== "");
      answer.sized = inputs.every(i => i.getBoundingClientRect().height >= 24);
      page.getElementById("show-all").focus({focusVisible: true});
      const label = page.getElementById("show-all").labels[0];
      answer.outline = view.getComputedStyle(label).outlineStyle;
      answer.alts = [...page.images].every(i => i.alt !== "");
      answer.headings = [...page.querySelectorAll("h1, h2, h3")].map(h => h.tagName).slice(0, 3);
    """)
    assert answer["named"] and answer["sized"] and answer["alts"]
    assert answer["outline"] == "solid" and answer["headings"] == ["H1", "H2", "H3"]


def test_the_policy_stops_what_is_put_in_later(folder):
    """The page has no script to stop, so one is put in: it must not run, and no picture be fetched."""
    evil = folder / "evil"
    evil.mkdir()
    text = (folder / "report.html").read_text(encoding="utf-8")
    (evil / "pixel.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>')
    (evil / "report.html").write_text(
        text.replace("</body>", '<script>document.title="ran"</script><img id="late" src="pixel.svg"></body>'))
    answer = ask(evil, "answer.title = page.title; answer.width = page.getElementById('late').naturalWidth;")
    assert answer["title"] != "ran" and answer["width"] == 0
