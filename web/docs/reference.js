// Starts the API reference. A file of its own, since the page allows no script within it.
window.addEventListener('load', () => {
  window.SwaggerUIBundle({
    dom_id: '#reference',
    urls: [
      { url: '/v1/openapi.json', name: '/v1' },
      { url: '/public-api/openapi.json', name: '/public-api' },
    ],
    presets: [window.SwaggerUIBundle.presets.apis, window.SwaggerUIStandalonePreset],
    layout: 'StandaloneLayout',
    docExpansion: 'none',
    deepLinking: true,
    // Nothing is asked of anybody else.
    validatorUrl: null,
  });
});
