"use strict";
/* A new row that is thrown away goes unseen and is sent as deleted. The theme takes it out, writes the rows after
   it anew under lower numbers, and so loses what was typed into them. */
document.addEventListener(
    "click",
    (event) => {
        const bin = event.target.closest(".delete-template");
        if (!bin) return;
        event.stopPropagation();
        const row = bin.closest(".form-group");
        const rows = row.closest(".formset");
        const { prefix } = JSON.parse(rows.dataset.inlineFormset).options;
        const { name } = row.querySelector(`[name^="${prefix}-"]`);
        const [start] = name.match(`^${prefix}-\\d+-`);
        const deleted = document.createElement("input");
        Object.assign(deleted, { type: "hidden", name: `${start}DELETE`, value: "on" });
        bin.append(deleted);
        rows.querySelector(".add-row").focus();
    },
    true,
);
