/* The palette: one field that finds every record and every page. The server says what is found, in the
   words of the page; here is only how the field, its list and the keys work together. */

"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const palette = document.getElementById("palette");
    if (!palette) {
        return;
    }
    const form = palette.querySelector("form");
    const field = palette.querySelector("input");
    const list = document.getElementById("palette-list");
    const status = document.getElementById("palette-status");
    const hint = status.textContent;
    const PAUSE = 150; // milliseconds without a key, after which it is worth to ask
    let asking = null; // the question that is under way
    let timer = null;
    let followWhenFound = false;

    const options = () => [...list.querySelectorAll("[role=option]")];
    const chosen = () => list.querySelector("[aria-selected=true]");

    function choose(option) {
        chosen()?.setAttribute("aria-selected", "false");
        option?.setAttribute("aria-selected", "true");
        option?.scrollIntoView({ block: "nearest" });
        if (option) {
            field.setAttribute("aria-activedescendant", option.id);
        } else {
            field.removeAttribute("aria-activedescendant");
        }
    }

    function move(step) {
        const all = options();
        if (all.length) {
            choose(all[(all.indexOf(chosen()) + step + all.length) % all.length]);
        }
    }

    function show(found) {
        const told = found.querySelector("#palette-told");
        status.textContent = told ? told.textContent.trim() : hint;
        list.replaceChildren(...found.querySelectorAll("[role=group]"));
        list.hidden = !options().length;
        field.setAttribute("aria-expanded", String(!list.hidden));
        choose(options()[0]);
        if (followWhenFound && chosen()) {
            chosen().click();
        }
        followWhenFound = false;
    }

    async function ask() {
        asking?.abort();
        const question = (asking = new AbortController());
        const address = `${form.action}?${new URLSearchParams({ q: field.value, palette: "1" })}`;
        try {
            const answer = await fetch(address, { signal: question.signal });
            if (!answer.ok) {
                throw new Error(answer.statusText);
            }
            const text = await answer.text();
            if (asking === question) {
                asking = null;
                show(new DOMParser().parseFromString(text, "text/html"));
            }
        } catch (error) {
            if (error.name !== "AbortError") {
                form.submit(); // the page of the search says what is wrong
            }
        }
    }

    function askSoon() {
        clearTimeout(timer);
        asking?.abort(); // or Enter would follow what an earlier word found
        asking = null;
        timer = setTimeout(() => {
            timer = null;
            ask();
        }, PAUSE);
    }

    function open() {
        if (!palette.open) {
            palette.showModal();
            field.select();
        }
    }

    field.addEventListener("input", (event) => {
        if (!event.isComposing) {
            askSoon();
        }
    });
    field.addEventListener("compositionend", askSoon);
    field.addEventListener("keydown", (event) => {
        if (event.isComposing) {
            return;
        }
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            event.preventDefault();
            move(event.key === "ArrowDown" ? 1 : -1);
        } else if (event.key === "Escape") {
            event.preventDefault(); // or the first one only empties the field
            palette.close();
        }
    });
    form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (timer || asking) {
            followWhenFound = true;
        } else {
            chosen()?.click();
        }
    });
    list.addEventListener("mousemove", (event) => choose(event.target.closest("[role=option]") || chosen()));
    palette.addEventListener("click", (event) => {
        if (event.target === palette || event.target.closest("[data-closes-palette]")) {
            palette.close();
        }
    });
    document.addEventListener("click", (event) => {
        const opener = event.target.closest("[data-opens-palette]");
        if (opener && !(event.ctrlKey || event.metaKey || event.shiftKey)) {
            event.preventDefault();
            open();
        }
    });
    document.addEventListener("keydown", (event) => {
        if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
            event.preventDefault();
            open();
        }
    });
});
