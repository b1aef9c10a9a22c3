"""A real LiteLLM proxy, whose models answer by themselves or fail by themselves."""

import os
import re
import secrets
import subprocess
import sys
import threading
from pathlib import Path

import yaml

MASTER_KEY = "sk-" + secrets.token_hex(24)
ANSWER = "Hello from a mock."
MODELS = {
    # What answers, with a price that LiteLLM knows.
    "claude-opus": {"model": "anthropic/claude-opus-4-7", "api_key": "none", "mock_response": ANSWER},
    # What fails: LiteLLM's own errors, by the name of the exception.
    "limited": {"model": "openai/none", "api_key": "none", "mock_response": "litellm.RateLimitError"},
    "broken": {"model": "openai/none", "api_key": "none", "mock_response": "litellm.InternalServerError"},
}


class LiteLLM:
    """The process. It takes ten to twenty seconds to start, so tests share one."""

    #: `drop_params`: whether it leaves out what a model does not take, in place of refusing it.
    def __init__(self, folder, drop_params=False):
        folder = Path(folder)
        config = folder / "litellm.yaml"
        config.write_text(
            yaml.safe_dump(
                {
                    "model_list": [
                        {"model_name": name, "litellm_params": parameters} for name, parameters in MODELS.items()
                    ],
                    "litellm_settings": {"telemetry": False, "num_retries": 0, "drop_params": drop_params},
                    "router_settings": {"disable_cooldowns": True, "num_retries": 0},
                    "general_settings": {"master_key": MASTER_KEY},
                }
            )
        )
        program = Path(sys.executable).with_name("litellm")
        # It takes a port by number only; 0 makes it choose, and its log says which.
        self._log = []
        self._ready = threading.Event()
        self.port = None
        self.process = subprocess.Popen(
            [str(program), "--config", str(config), "--host", "127.0.0.1", "--port", "0", "--num_workers", "1"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={
                **os.environ,
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "LITELLM_TELEMETRY": "False",
                "DISABLE_ADMIN_UI": "True",
                "PYTHONUNBUFFERED": "1",
                "NO_COLOR": "1",
            },
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            self._log.append(line)
            if match := re.search(r"running on http://127\.0\.0\.1:(\d+)", line):
                self.port = int(match.group(1))
                self._ready.set()
        self._ready.set()

    def wait_until_ready(self, seconds=120):
        assert self._ready.wait(seconds) and self.port, "LiteLLM did not start:\n" + self.text()[-4000:]
        return self

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}/v1"

    def text(self):
        return "".join(self._log)

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(10)
        self._reader.join(10)
