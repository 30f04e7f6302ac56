// “Cite words” beside a field leads to the place where words are cited, with that field chosen.
document.addEventListener("DOMContentLoaded", () => {
    for (const button of document.querySelectorAll(".cite-field")) {
        button.hidden = false;
        button.addEventListener("click", () => {
            const box = document.querySelector(`input[name="cite_fields"][value="${button.dataset.cite}"]`);
            box.checked = true;
            const quote = document.getElementById("id_cite_quote");
            quote.scrollIntoView({ block: "center" });
            quote.focus({ preventScroll: true });
        });
    }
});
