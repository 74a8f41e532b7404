"""Pages of another site, for attempts of its scripts and forms."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Elsewhere:
    """A site that has one empty page at every address."""

    def __init__(self, host: str):
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                page = b"<!DOCTYPE html><html lang=en><title>Elsewhere</title><body></body></html>"
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(page)))
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.origin = f"http://{host}:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


# The actions of its pages, as scripts.

SEND_FORM = """([address, method, fields, encoding]) => {
    const form = document.createElement('form')
    Object.assign(form, {action: address, method, enctype: encoding})
    for (const [name, value] of fields) {
        const field = document.createElement('input')
        Object.assign(field, {type: 'hidden', name, value})
        form.append(field)
    }
    document.body.append(form)
    form.submit()
}"""

# The part of the answer that a script of that page can read.
FETCH = """async ([address, method, mode, type, body]) => {
    try {
        const headers = type ? {'Content-Type': type} : {}
        const answer = await fetch(address, {method, mode, credentials: 'include', headers, body: body ?? undefined})
        return answer.type + ' ' + answer.status + ' ' + (await answer.text()).length
    } catch (problem) {
        return problem.name
    }
}"""
