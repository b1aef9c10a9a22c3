"""A vendor of errors: it says of each request what the request names."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Words:
    """A vendor that answers each request with the error whose name stands in it as `<NAME>`."""

    def __init__(self, errors):
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def do_POST(self):
                asked = self.rfile.read(int(self.headers["content-length"]))
                status, document, *_ = next(error for name, error in errors.items() if f"<{name}>".encode() in asked)
                data = json.dumps(document, ensure_ascii=False).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
