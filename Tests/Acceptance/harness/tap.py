"""A wire between two processes that keeps what the first one said to the second."""

import socket
import threading


class Tap:
    """Forwards connections to a port of this machine; `heard` is every byte that went there."""

    def __init__(self, port):
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self._sockets = set()
        self._lock = threading.Lock()
        self._heard = bytearray()
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    @property
    def heard(self):
        with self._lock:
            return bytes(self._heard)

    def close(self):
        self._listener.close()
        with self._lock:
            for each in self._sockets:
                each.close()

    def _accept(self):
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._target), timeout=5)
            except OSError:
                near.close()
                continue
            far.settimeout(None)
            with self._lock:
                self._sockets |= {near, far}
            for source, sink, keeps in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._pump, args=(source, sink, keeps), daemon=True).start()

    def _pump(self, source, sink, keeps):
        try:
            while data := source.recv(65536):
                if keeps:
                    with self._lock:
                        self._heard += data
                sink.sendall(data)
        except OSError:
            pass
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
