// The docs page: the vendored reader on our own description; tries send the session's form secret.
const place = document.getElementById("docs");
window.SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  validatorUrl: null,
  defaultModelsExpandDepth: 0,
  requestInterceptor: (request) => {
    request.headers["x-csrf-token"] = place.dataset.csrf;
    return request;
  },
});
