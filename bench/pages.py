"""What the citizen's pages cost on a cold cache, and when they show on a slow link: requests, bytes, first paint."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from register.complaint import Status
from tests.webhooks.whole_site import STORY, Office, office

CHROMIUM = "/usr/bin/chromium"
BUDGET_BYTES = 60_000
SLOW = {"offline": False, "latency": 800, "downloadThroughput": 35_000, "uploadThroughput": 32_000}
"""A 2G link, as Chrome's own profile has it: 280 kbit/s down, 256 up, 800 ms there and back."""
CPU_SLOWER = 4
PHONE = {"width": 360, "height": 640}
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"


def measure() -> None:
    """A line for each page; each in a browser that has seen nothing yet."""
    with tempfile.TemporaryDirectory() as folder, office(Path(folder)) as at, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        pages = {
            "first page": "/",
            "status, waiting for an answer": f"/status/{at.tickets[Status.AWAITING_REPORTER]}",
            "receipt": f"/pengaduan/{at.tickets[Status.RECEIVED]}/tanda-terima",
        }
        for name, path in pages.items():
            _told(name, *_opened(browser, at, path))
        _told("second step, after the first", *_second_step(browser, at))
        browser.close()


def _told(name: str, requests: int, size: int, paint: float) -> None:
    within = "within" if size <= BUDGET_BYTES else "OVER"
    print(
        f"{name:32} {requests} requests, {size:6,} bytes ({within} {BUDGET_BYTES:,}), first paint on 2G {paint:.1f} s"
    )


def _opened(browser: Browser, at: Office, path: str) -> tuple[int, int, float]:
    page, sizes = _slow_page(browser)
    page.goto(at.url + path, wait_until="load")
    return _sum(page, sizes)


def _second_step(browser: Browser, at: Office) -> tuple[int, int, float]:
    page, sizes = _slow_page(browser)
    page.goto(at.url, wait_until="load")
    page.fill("#description", STORY)
    sizes.clear()
    page.locator("main .main-button").click()
    page.wait_for_url("**/isi/**", wait_until="load")
    return _sum(page, sizes)


def _slow_page(browser: Browser) -> tuple[Page, list[int]]:
    page = browser.new_context(viewport=dict(PHONE), has_touch=True).new_page()
    session: CDPSession = page.context.new_cdp_session(page)
    sizes: list[int] = []
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", dict(SLOW))
    session.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    session.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    return page, sizes


def _sum(page: Page, sizes: list[int]) -> tuple[int, int, float]:
    paint = float(page.evaluate(FIRST_PAINT)) / 1000
    found = len(sizes), sum(sizes), paint
    page.context.close()
    return found


if __name__ == "__main__":
    measure()
