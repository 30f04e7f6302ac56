"""One person's browser window on the registry, watched for everything that a page must not do."""

from playwright.sync_api import Browser, Locator, Page

LOOKS = tuple((width, theme) for width in (1280, 390) for theme in ("light", "dark"))
PATIENCE = 15_000  # milliseconds
HEIGHTS = {1280: 900, 390: 844}
AT_REST = """() => Promise.race([
    Promise.allSettled(
        document.getAnimations().filter(each => each instanceof CSSTransition).map(each => each.finished)
    ),
    new Promise(resolve => setTimeout(resolve, 1000)),  // one that is out of sight may never finish
])"""


class Window:
    """A window with cookies of its own. ``faults`` are the errors of its pages and their requests elsewhere."""

    def __init__(self, browser: Browser, address: str, **options):
        self.address = address
        self.faults: list[str] = []
        desk = {
            "viewport": {"width": 1280, "height": HEIGHTS[1280]},
            "timezone_id": "Asia/Shanghai",
        }
        self.context = browser.new_context(**desk | options)
        self.context.set_default_timeout(PATIENCE)
        self.context.on("console", self.watch_console)
        self.context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.context.on("request", self.watch_request)
        self.page: Page = self.context.new_page()

    def watch_console(self, message):
        if message.type == "error":
            self.faults.append(f"{message.text} ({message.location['url']})")

    def watch_request(self, request):
        if not request.url.startswith((self.address, "data:", "blob:", "about:")):
            self.faults.append(f"asks elsewhere: {request.url}")

    def take_faults(self) -> list[str]:
        """The faults until now, which are the test's to judge from here on."""
        faults, self.faults = self.faults, []
        return faults

    def open(self, path: str) -> int:
        """Open the page at the path, wait until it can be used, and return its status."""
        response = self.page.goto(self.address + path)
        self.wait()
        return response.status

    def follow(self, control: Locator):
        """Click what leads to a page, and wait until that can be used."""
        with self.page.expect_navigation():
            control.click()
        self.wait()

    def wait(self):
        """Wait until the page is there and the theme's scripts have taken hold of it."""
        self.page.wait_for_load_state("load")
        self.page.wait_for_selector("html:not([x-cloak])")

    def log_in(self, name: str, password: str):
        """Open the page to log in, fill it in, and send it."""
        self.open("/admin/login/")
        self.page.locator("[name=username]").fill(name)
        self.page.locator("[name=password]").fill(password)
        self.follow(self.page.locator("#login-form [type=submit]"))

    def wear(self, width: int, theme: str):
        """Give the window this width and the page this theme, and wait until its colours rest."""
        self.page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        self.page.emulate_media(color_scheme=theme)
        self.page.evaluate(
            "theme => { if (window.Alpine) Alpine.$data(document.documentElement).adminTheme = theme }",
            theme,
        )
        self.page.evaluate(AT_REST)


def save(window):
    """Press the form's own “Save”, in Chinese."""
    window.follow(window.page.get_by_role("button", name="保存", exact=True))
