"""
Take the README's picture from a running server that holds nothing but sample complaints.

    uv run --no-project --with playwright --with pillow docs/pictures/take.py http://127.0.0.1:8000 PASSWORD TICKET
"""

import base64
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
HERE = Path(__file__).parent
COLOURS = 128
LAYOUT = """
<style>
  body {{ margin: 0; padding: 20px; width: 1240px; box-sizing: border-box; background: #e9eef0; display: grid;
         grid-template-columns: 1fr 1fr; gap: 20px; font: 600 15px sans-serif; color: #24404a }}
  figure {{ margin: 0 }} figure:first-child {{ grid-column: 1 / 3 }} figcaption {{ margin: 0 0 6px }}
  img {{ width: 100%; display: block; outline: 1px solid #b9c6cb }}
</style>
{figures}
"""


def figure(caption: str, png: bytes) -> str:
    """One screenshot under its caption."""
    return f'<figure><figcaption>{caption}</figcaption><img src="data:image/png;base64,{_text(png)}"></figure>'


def _text(png: bytes) -> str:
    return base64.b64encode(png).decode()


def register(page: Page, url: str, password: str) -> bytes:
    """The staff's grid, logged in."""
    page.set_viewport_size({"width": 1560, "height": 500})
    page.goto(f"{url}/petugas/masuk")
    page.fill("[name=pengguna]", "admin")
    page.fill("[name=sandi]", password)
    page.locator("main .main-button").click()
    page.goto(f"{url}/register")
    page.locator('[data-row="1"][data-col="0"]').wait_for()
    page.wait_for_timeout(1500)
    return page.screenshot()


def public(page: Page, address: str) -> bytes:
    """A public page as a citizen sees it."""
    page.set_viewport_size({"width": 720, "height": 600})
    page.goto(address)
    return page.screenshot()


def main(url: str, password: str, ticket: str) -> None:
    """Write `overview.png` beside this file."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        figures = [
            figure("Staff: the register, a spreadsheet", register(page, url, password)),
            figure("Citizen: the form", public(page, url)),
            figure("Citizen: where the complaint stands", public(page, f"{url}/status/{ticket}")),
        ]
        collage = browser.new_page(viewport={"width": 1240, "height": 500})
        collage.set_content(LAYOUT.format(figures="".join(figures)))
        whole = Image.open(io.BytesIO(collage.screenshot(full_page=True))).convert("RGB")
        whole.quantize(COLOURS, dither=Image.Dither.NONE).save(HERE / "overview.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
