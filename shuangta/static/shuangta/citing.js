// Leads an editor to the place where words are cited, and back to what is to be seen to.

function show(element) {
    element.scrollIntoView({ block: "center" });
}

function choosePassage(code, label) {
    const select = document.getElementById("id_cite_passage");
    select.add(new Option(label, code, true, true));
    select.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", ({ target }) => {
    const { cite, passage } = target.dataset;
    if (cite) {
        document.querySelector(`input[name="cite_fields"][value="${cite}"]`).checked = true;
        const quote = document.getElementById("id_cite_quote");
        show(quote);
        quote.focus({ preventScroll: true });
    } else if (passage) {
        choosePassage(passage, target.dataset.label);
        htmx.trigger("#read-words", "click");
    }
});

document.addEventListener("DOMContentLoaded", () => {
    const mark = document.querySelector(".evidence-beside .evidence-mark");
    if (mark && new URLSearchParams(location.search).has("cite")) {
        show(mark);
    }
});
