"use strict";
/* What the theme makes for the eye and the mouse, made for screen readers and the keyboard too.

   Each rule names a kind of element and what it lacks. The rules are applied to the page, and to every part
   that a script puts into it later: a new row, a choice that opens, the results of a search. */
{
    const CLICKABLE = "[x-on\\:click]:not(a[href], button, input, select, label, h2, h3)";
    const INSIDE = "a, button, input, select, textarea, [x-on\\:click]";

    const called = (icon) => document.querySelector("#icon-names").dataset[icon];

    const words = (element) => {
        const copy = element.cloneNode(true);
        copy.querySelectorAll(".material-symbols-outlined").forEach((icon) => icon.remove());
        return copy.matches(".material-symbols-outlined") ? "" : copy.textContent.trim();
    };

    const nameByIcon = (control) => {
        if (control.ariaLabel || words(control)) return;
        const title = control.title || control.querySelector("[title]")?.title;
        const name = title || called(control.textContent.trim());
        if (name) control.ariaLabel = name;
    };

    const makeButton = (element) => {
        if (element.querySelector(INSIDE) || !element.textContent.trim()) return;
        element.role = "button";
        element.tabIndex = 0;
        element.addEventListener("keydown", (event) => {
            if (event.key !== "Enter" && event.key !== " ") return;
            event.preventDefault();
            element.click();
        });
        nameByIcon(element);
    };

    /* A heading stays one: what is pressed is the whole of its text. */
    const makeButtonWithin = (heading) => {
        const button = document.createElement("span");
        button.className = "flex grow items-center";
        button.append(...heading.childNodes);
        heading.append(button);
        makeButton(button);
    };

    /* The words that a form puts beside a choice: its label, without the mark of what is required. */
    const nameOf = (select) =>
        select.ariaLabel || select.labels[0]?.firstChild.textContent.trim() || select.title;

    const nameChoice = (selection) => {
        const select = selection.closest(".select2-container").previousElementSibling;
        const shown = selection.querySelector(".select2-selection__rendered");
        selection.ariaLabel = nameOf(select);
        selection.ariaHasPopup = "dialog";
        selection.setAttribute("aria-controls", `select2-${select.id}-results`);
        selection.id ||= `choice-${select.id}`;
        if (shown.matches("ul")) {
            shown.role = "none";
            selection.querySelector("input").ariaLabel = nameOf(select);
        } else {
            shown.removeAttribute("role");
            shown.removeAttribute("aria-readonly");
            selection.setAttribute("aria-labelledby", `${selection.id} ${shown.id}`);
        }
    };

    const nameChoices = (list) => {
        const select = document.getElementById(list.id.replace(/^select2-|-results$/g, ""));
        const opened = list.closest(".select2-container");
        opened.role = "dialog";
        for (const part of [opened, list, ...opened.querySelectorAll("input")]) {
            part.ariaLabel = nameOf(select);
        }
    };

    const RULES = {
        [CLICKABLE]: makeButton,
        ":is(h2, h3)[x-on\\:click]": makeButtonWithin,
        ".delete-template": makeButton,
        "a, button": nameByIcon,
        ".material-symbols-outlined:not([role])": (icon) => (icon.ariaHidden = "true"),
        ".select2-selection": nameChoice,
        ".select2-results__options[id]": nameChoices,
        ".calendarbox, .clockbox": (box) => {
            box.role = "dialog";
            box.ariaLabel = document.querySelector(".date-icon, .clock-icon").title;
        },
        "#nav-sidebar-inner": (nav) => (nav.ariaLabel = called("dock_to_right")),
        "nav[x-show]": (menu) => (menu.ariaLabel = called("more_horiz")),
        ".simplebar-content-wrapper": (scrolled) => {
            scrolled.removeAttribute("role");
            scrolled.removeAttribute("aria-label");
        },
    };

    const once = (rule) => {
        const met = new WeakSet(); // the theme moves elements about, and each comes here again
        return (element) => {
            if (met.has(element)) return;
            met.add(element);
            rule(element);
        };
    };

    const rules = Object.entries(RULES).map(([selector, rule]) => [selector, once(rule)]);

    const improve = (part) => {
        for (const [selector, rule] of rules) {
            if (part.matches(selector)) rule(part);
            part.querySelectorAll(selector).forEach(rule);
        }
    };

    /* After a save that was refused, the keyboard is where the first mistake is. */
    addEventListener("load", () => {
        const wrong = document.querySelector("[aria-invalid=true]:not([type=hidden])");
        const chosen = wrong?.nextElementSibling?.querySelector(".select2-selection");
        (chosen ?? wrong)?.focus();
    });

    document.addEventListener("DOMContentLoaded", () => {
        improve(document.body);
        new MutationObserver((changes) => {
            for (const change of changes) {
                for (const part of change.addedNodes) {
                    if (part instanceof HTMLElement && part.isConnected) improve(part);
                }
            }
        }).observe(document.body, { childList: true, subtree: true });
    });
}
