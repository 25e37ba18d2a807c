"""The README's picture of a report: `python docs/make_report_picture.py`, where Chromium is.

The flights are compared as `make demo` does, and the page is photographed as a browser shows it.
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

import kullback as kb
from kullback.report import Limits

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "report"))

from browser import browser  # noqa: E402

COLUMNS = ["tailnum", "air_time", "dep_delay", "dest", "arr_delay", "distance", "carrier", "origin"]


def main() -> None:
    flights = HERE.parent / "examples" / "flights"
    result = kb.compare(
        flights / "january.parquet", flights / "july.parquet", columns=[*COLUMNS], block="day"
    )
    with tempfile.TemporaryDirectory() as folder, browser() as page:
        path = Path(folder) / "report.html"
        result.to_html(path, limits=Limits({"js": 0.02}))
        page.show(path, width=1000, height=860)
        page.run(
            "document.querySelectorAll('h1 span').forEach(s => {"
            "s.textContent = s.textContent.split('/').pop()})"
        )
        picture = Image.open(BytesIO(page.picture())).convert("RGB")
    picture.quantize(64).save(HERE / "pictures" / "report.png", optimize=True)


if __name__ == "__main__":
    main()
