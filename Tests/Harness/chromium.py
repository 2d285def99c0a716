"""Chromium as Debian ships it, headless, with what the tests need of the DevTools protocol."""

import base64
import os
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

WIDE, NARROW, PHONE = 1280, 320, 360
# Seconds until something that should be there at once counts as missing: long, because a busy machine is no fault of the page.
PATIENCE = 30


class Chromium:
    """One browser window. `scripts=False` switches JavaScript off as a visitor would, in the browser's own settings."""

    def __init__(self, scripts: bool = True, language: str = "en"):
        options = webdriver.ChromeOptions()
        options.binary_location = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        for argument in (
            "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb",
            "--host-resolver-rules=MAP *.localhost 127.0.0.1", f"--window-size={WIDE},900", f"--lang={language}",
        ):
            options.add_argument(argument)
        preferences = {"intl.accept_languages": language, "credentials_enable_service": False}
        if not scripts:
            preferences["profile.managed_default_content_settings.javascript"] = 2
        options.add_experimental_option("prefs", preferences)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        # Beforeunload prompts are what a person may see; tests go on.
        options.set_capability("unhandledPromptBehavior", "accept")
        self.scripts = scripts
        self.folder = tempfile.TemporaryDirectory(prefix="chromium-")
        options.add_argument(f"--user-data-dir={self.folder.name}")
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(4 * PATIENCE)
        self.base = ""

    def close(self):
        self.driver.quit()
        self.folder.cleanup()

    # MARK: Where to look

    def at(self, host: str) -> "Chromium":
        self.base = f"http://{host}"
        return self

    def go(self, path: str) -> "Chromium":
        self.driver.get(self.base + path)
        return self

    @property
    def path(self) -> str:
        return self.driver.current_url.removeprefix(self.base)

    def forget(self):
        """As a new visitor: no cookies, no drafts."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})
        if self.base:
            self.driver.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": self.base, "storageTypes": "all"})

    def size(self, width: int, height: int = 900):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride", {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def language(self, code: str):
        """What the browser asks for from now on."""
        agent = self.driver.execute_cdp_cmd("Browser.getVersion", {})["userAgent"]
        self.driver.execute_cdp_cmd("Emulation.setUserAgentOverride", {"userAgent": agent, "acceptLanguage": code})

    def theme(self, dark: bool, **features: str):
        wanted = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}, {"name": "prefers-reduced-motion", "value": "reduce"}]
        wanted += [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": wanted})

    def screenshot(self, path: Path):
        """The whole page, not only what fits the window."""
        path.parent.mkdir(parents=True, exist_ok=True)
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4_000), "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        path.write_bytes(base64.b64decode(shot["data"]))

    def run(self, script: str, *arguments):
        return self.driver.execute_script(script, *arguments)

    def console(self) -> list:
        """What the browser complained about since the last call: scripts, styles, refused sources."""
        return [
            entry["message"] for entry in self.driver.get_log("browser")
            if entry["level"] in ("SEVERE", "WARNING") and "/favicon" not in entry["message"]
        ]

    # MARK: What a person does

    def until(self, condition, what: str, seconds: float = PATIENCE):
        """Waits for what the browser does in its own time: focus, scripts, the page after a key."""
        end = time.monotonic() + seconds
        while True:
            try:
                if condition():
                    return
            except WebDriverException:
                pass    # the page is being replaced
            assert time.monotonic() < end, f"not {what} on {self.path}: {self.title} – {self.words[:300]}"
            time.sleep(0.05)

    def find(self, css: str, seconds: float = PATIENCE):
        end = time.monotonic() + seconds
        while True:
            found = self.driver.find_elements(By.CSS_SELECTOR, css)
            if found:
                return found[0]
            assert time.monotonic() < end, f"no {css} on {self.path}: {self.title} – {self.words[:300]}"
            time.sleep(0.05)

    def all(self, css: str) -> list:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def has(self, css: str) -> bool:
        return bool(self.all(css))

    @property
    def words(self) -> str:
        return " ".join(self.driver.find_element(By.TAG_NAME, "body").text.split())

    @property
    def title(self) -> str:
        return self.driver.title

    @property
    def status(self) -> int:
        """Of the answer that made this page."""
        return self.run("return performance.getEntriesByType('navigation')[0].responseStatus")

    @property
    def h1(self) -> str:
        return self.find("h1").text

    def type(self, css: str, text: str):
        field = self.find(css)
        field.clear()
        field.send_keys(text)

    def choose(self, css: str, value: str):
        Select(self.find(css)).select_by_value(value)

    def tick(self, name: str, value: str):
        box = self.find(f'input[name="{name}"][value="{value}"]')
        box.find_element(By.XPATH, "./ancestor::label").click()

    def click(self, css: str):
        """Clicks, once more if what was found has just been replaced by a newer version of itself."""
        for last in (False, True):
            element = self.find(css)
            try:
                element.click()
                return element
            except StaleElementReferenceException:
                if last:
                    raise

    def press(self, css: str):
        """Clicks, and waits until the page that follows is there."""
        self.driver.execute_cdp_cmd("Runtime.evaluate", {"expression": "document.documentElement.dataset.old = '1'"})
        button = self.click(css)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if not self.has("html[data-old]") or self.has_been_replaced(button):
                self.find("body")
                return
            time.sleep(0.03)
        raise AssertionError(f"nothing followed a click on {css} at {self.path}: {self.words[:300]}")

    @staticmethod
    def has_been_replaced(element) -> bool:
        try:
            element.is_enabled()
            return False
        except WebDriverException:
            return True

    def key(self, *keys: str):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    def sign_in(self, email: str, password: str):
        self.go("/login")
        self.type("#f-email", email)
        self.type("#f-password", password)
        self.press('form[action="/login"] button[type=submit]')

    def sign_out(self):
        self.press_menu()
        self.press('form[action="/logout"] button')

    def press_menu(self):
        self.find(".avatar-button").click()

    Keys = Keys
