"use strict";
// Shows the documentation of the API. A session may write from it; its cookie alone does not suffice for that.

document.addEventListener("DOMContentLoaded", () => {
    const page = document.getElementById("documentation");

    SwaggerUIBundle({
        ...JSON.parse(page.dataset.settings),
        domNode: page,
        url: page.dataset.schema,
        presets: [SwaggerUIBundle.presets.apis],
        layout: "BaseLayout",
        requestInterceptor(request) {
            if (!["GET", undefined].includes(request.method) && request.credentials === "same-origin") {
                request.headers[page.dataset.csrfHeader] = page.dataset.csrfToken;
            }
            return request;
        },
    });
});
