"""Makes `urllib.request` use the JavaScript `fetch` of egress-deno.mjs: Pyodide itself has no sockets."""

import http.client
import io
import urllib.error
import urllib.request
import urllib.response


def open_network(run_sync):
    import js
    from pyodide.ffi import JsException, to_js

    def relay(request):
        headers = {**request.unredirected_hdrs, **request.headers}
        options = {"method": request.get_method(), "headers": headers, "redirect": "manual"}
        if request.data is not None:
            headers.setdefault("Content-type", "application/x-www-form-urlencoded")
            options["body"] = bytes(request.data)
        try:
            given = to_js(options, dict_converter=js.Object.fromEntries)
            answer = run_sync(js.fetch(request.full_url, given))
            body = run_sync(answer.arrayBuffer()).to_bytes()
        except JsException as error:
            raise urllib.error.URLError(str(error)) from None
        message = http.client.HTTPMessage()
        for name, value in answer.headers:
            message[name] = value
        response = urllib.response.addinfourl(io.BytesIO(body), message, request.full_url, answer.status)
        response.msg = answer.statusText
        return response

    class Relay(urllib.request.BaseHandler):
        # Before those that would open sockets.
        handler_order = 400

        def http_open(self, request):
            return relay(request)

        https_open = http_open

    urllib.request.install_opener(urllib.request.build_opener(Relay))
