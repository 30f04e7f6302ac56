"""What is wrong with how a page is shown: to those who see it, and to those who have it read to them."""

from axe_playwright_python.sync_playwright import Axe

from tests.browser.windows import LOOKS, Window

# Text that its box cuts off, boxes of text that lie over each other, and a page wider than its window.
# A choice shows as much as it has room for, as any control does, and all of it under the mouse.
LAYOUT = """() => {
    const UNSEEN = ".unseen, .skip-link, .select2-hidden-accessible, .select2-selection__rendered";
    const faults = [];
    const whole = document.documentElement;
    if (whole.scrollWidth > whole.clientWidth) {
        faults.push(`wider than its window: ${whole.scrollWidth} px`);
    }
    const shown = [...document.body.querySelectorAll("*")].filter((each) => {
        const box = each.getBoundingClientRect();
        const seen = each.checkVisibility({ visibilityProperty: true });
        return seen && box.width > 1 && box.height > 1 && !each.closest(UNSEEN);
    });
    const said = (each) => each.textContent.trim().replace(/\\s+/g, " ").slice(0, 60);
    for (const each of shown) {
        const text = [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
        const hides = getComputedStyle(each).overflowX !== "visible";
        const scrolls = /auto|scroll/.test(getComputedStyle(each).overflowX);
        if (text && hides && !scrolls && each.scrollWidth > each.clientWidth + 1) {
            faults.push(`cut off: ${said(each)}`);
        }
    }
    const buttons = shown.filter((each) => each.matches("a, button, [role=button], label"));
    const boxes = buttons.map((each) => each.getBoundingClientRect());
    boxes.forEach((one, i) => boxes.slice(0, i).forEach((other, j) => {
        const wide = Math.min(one.right, other.right) - Math.max(one.left, other.left);
        const high = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
        const fixed = [i, j].some((k) => buttons[k].closest(".fixed, .sticky, #submit-row, [class*=sticky]"));
        const within = buttons[i].contains(buttons[j]) || buttons[j].contains(buttons[i]);
        if (wide > 2 && high > 2 && !fixed && !within) {
            faults.push(`over each other: ${said(buttons[i])}, ${said(buttons[j])}`);
        }
    }));
    return faults;
}"""


def faults_of_layout(window: Window) -> list[str]:
    return window.page.evaluate(LAYOUT)


def faults_of_access(window: Window) -> list[str]:
    """The rules of axe-core that the page breaks, each with the elements that break it."""
    broken = Axe().run(window.page).response["violations"]
    return [f"{rule['id']}: {node['html'][:120]}" for rule in broken for node in rule["nodes"]]


def faults_of(window):
    """What is wrong with the page that is open, by the look in which it is; afterwards it has its first look."""
    faults = {}
    for width, theme in LOOKS:
        window.wear(width, theme)
        found = [*faults_of_access(window), *faults_of_layout(window)]
        if found:
            faults[width, theme] = found
    window.wear(*LOOKS[0])
    return faults
