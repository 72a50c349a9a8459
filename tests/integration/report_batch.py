"""A batch on disk, as submit and results leave it: pictures, batch file, results file. No server needed."""
import base64
import hashlib
import html.parser
import io
import json

from PIL import Image

BATCH = 1744377772123456
HOSTILE_LABEL = "</style></title><script>alert(1)</script>"
HOSTILE = [
    "<script>alert(1).png",
    "\" onerror=\"alert(1)\" x='.png",
    "=HYPERLINK(\"x\").png",
    "gpj.\u202etac\u2066.png",
    "a\nb\x1b[31mc.png",
    "&lt;b&gt;`${x}`.png",
    "-->]]><style><img src=x onerror=alert(1)>.png",
    "K\u00e4tzchen \U0001f431.png",
    b"\xff\xfe bytes.png".decode("utf-8", "surrogateescape"),
]


def picture(number, size=(200, 150), kind="PNG"):
    out = io.BytesIO()
    Image.new("RGB", size, (number * 37 % 256, number * 91 % 256, 120)).save(out, kind)
    return out.getvalue()


def labels(*pairs, boxes=()):
    return json.dumps([{"name": name, "confidence": confidence, "parents": [],
                        "boxes": [{"left": x, "top": y, "width": w, "height": h} for x, y, w, h in boxes]}
                       for name, confidence in pairs])


class Batch:
    """Entries are added one by one; write() makes the files."""

    def __init__(self, folder):
        self.folder = folder
        self.images = folder / "images"
        self.images.mkdir(parents=True)
        self.records, self.results = [], []
        self.path = folder / f"tester_batch-{BATCH}.json"
        self.results_path = folder / f"tester_batch-{BATCH}-results.json"

    def add(self, name, data=None, status="success", cat=False, confidence=None, label_text=None, **more):
        data = data if data is not None else picture(len(self.records))
        fingerprint = hashlib.sha256(data).hexdigest()
        path = self.images / name
        path.write_bytes(data)
        self.records.append({
            "client_id": "tester", "batch_id": f"batch-{BATCH}", "s3bucket_source": "b",
            "s3_key": f"{fingerprint}/tester/batch-{BATCH}/2025-04-11-13/1744377772.png", "original_file_name": name,
            "upload_time": "2025-04-11-13", "img_fprint": fingerprint, "epoch_timestamp": 1744377772,
            "path": str(path), "size": len(data)})
        result = {"batch_id": str(BATCH), "img_fprint": fingerprint, "client_id": "tester", "file_name": name,
                  "s3img_key": f"dest/{fingerprint}", "op_status": status, "upload_ts": "1744377772",
                  "original_file_name": name, **more}
        if status == "success":
            result |= {"rek_iscat": str(cat), "rek_ts": "1744377775", "labels": label_text or "[]"}
        if confidence is not None:
            result["rek_confidence"] = str(confidence)
        self.results.append(result)
        return path

    def write(self):
        dump = {"ensure_ascii": False}
        for path, value in ((self.path, self.records), (self.results_path, self.results)):
            path.write_bytes(json.dumps(value, **dump).encode("utf-8", "surrogateescape"))
        return self


def varied(folder):
    """Every verdict that a results file can have, pictures of several shapes, hostile names."""
    batch = Batch(folder)
    batch.add("tabby.png", picture(1, (900, 600)), cat=True, confidence=98.4,
              label_text=labels(("Cat", 98.4), ("Pet", 97), boxes=[(0.1, 0.2, 0.5, 0.6)]))
    batch.add("tall.jpg", picture(2, (300, 1200), "JPEG"), cat=True, confidence=81.0,
              label_text=labels(("Cat", 81.0), ("Animal", 90.5)))
    batch.add("dog.jpg", picture(3, (640, 480), "JPEG"), label_text=labels(("Dog", 99.9), ("Pet", 80.25)))
    batch.add("later.png", status="pending")
    batch.add("broken.png", status="fail", fail_code="InvalidImageFormatException", fail_reason="not <b>decodable</b>")
    for name in HOSTILE:
        batch.add(name, label_text=labels((HOSTILE_LABEL, 90.0)))
    return batch.write()


class Page(html.parser.HTMLParser):
    """What a report's page is made of."""

    VOID = {"meta", "link", "img", "input", "br", "path", "use", "rect", "circle"}

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.tags, self.cards, self.open, self.styles, self.title = [], [], [], "", ""
        self.feed(text)
        self.close()
        assert self.open == [], self.open

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        assert len(attributes) == len(attrs), (tag, attrs)
        self.tags.append((tag, attributes))
        if tag == "li" and "card" in attributes.get("class", "").split():
            self.cards.append({"classes": attributes["class"].split(), "name": "", "text": "", "images": [],
                               "style": attributes["style"]})
        if tag == "img":
            self.cards[-1]["images"].append(attributes)
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, (tag, self.open)
        self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "style":
            self.styles += data
        elif self.open and self.open[-1] == "title":
            self.title += data
        elif self.cards and "ol" in self.open:
            self.cards[-1]["text"] += data
            if "h3" in self.open:
                self.cards[-1]["name"] += data


def decode(image):
    head, _, data = image["src"].partition(",")
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data, validate=True)))
