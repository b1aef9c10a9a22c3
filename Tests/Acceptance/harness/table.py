"""Measures one system against its strict row: as a candidate at 50%, as one that gets copies, as the baseline, and by its errors."""

import json
from dataclasses import dataclass, field

from .application import ask
from .kinds import KINDS, request
from .playbook import baseline, canary, playbook, shadow
from .program import CANDIDATE_KEY, environment
from .systems import ERRORS
from .words import Words

PRICES = {"input": 2.0, "output": 10.0}
PICTURE = 0.04
VERSION = {"anthropic-version": "2023-06-01"}
#: Requests for pictures, at vendors that make nothing else: the path, and the fields beside model and prompt.
PICTURES = {
    "a chat": ("chat", {}),
    "a chat, streamed": ("chat", {"stream": True}),
    "a chat with a ratio": ("chat", {"image_config": {"aspect_ratio": "16:9"}}),
    "a chat with a picture": ("chat", {}),
    "plain": ("images", {}),
    "a size": ("images", {"size": "1024x1024"}),
    "a ratio": ("images", {"aspect_ratio": "16:9"}),
    "several": ("images", {"n": 2}),
    "a seed": ("images", {"seed": 7}),
    "preferences": ("images", {"provider": {"sort": "price"}, "session_id": "s"}),
    "a demand": ("images", {"provider": {"zdr": True}}),
    "a conversation": ("chat", {}),
}


@dataclass
class Row:
    """What was found of one system."""

    system: object
    kinds: int = 0
    answered: int = 0
    #: Reason to the kinds that stayed on the baseline for it.
    kept: dict = field(default_factory=dict)
    #: Kind to the outcome of what was refused, and the same of copies by their number.
    refused: dict = field(default_factory=dict)
    refused_copies: dict = field(default_factory=dict)
    #: Where the cost is from, and what is wrong with it: None where nothing is.
    cost: str = "unknown"
    cost_wrong: str | None = None
    #: Class to what it was taken for, of those that were not what they are.
    errors_wrong: dict = field(default_factory=dict)
    #: Kinds that a baseline answers otherwise than if it were asked directly; None where it can be none.
    changed: list | None = None

    @property
    def holds(self):
        return not (self.refused or self.refused_copies or self.cost_wrong or self.errors_wrong or self.changed)


def asked(system):
    """Name to path and body of each kind of request."""
    if system.paints:
        return {name: painted(system.model, name, *kind) for name, kind in PICTURES.items()}
    if not system.speaks_messages:
        return {kind: ("/v1/chat/completions", request(kind, system.model)) for kind in KINDS}
    plain = {"model": system.model, "max_tokens": 200, "messages": [{"role": "user", "content": "Capital of Peru?"}]}
    tool = {"name": "weather", "input_schema": {"type": "object", "properties": {"place": {"type": "string"}}}}
    kinds = {
        "plain": {},
        "stream": {"stream": True},
        "system": {"system": "Answer in one word."},
        "tools": {"tools": [tool]},
        "tools in a stream": {"tools": [tool], "stream": True},
        "thinking": {"thinking": {"type": "adaptive"}, "max_tokens": 4000},
        "OpenRouter's own fields": {"provider": {"sort": "price"}, "session_id": "s-1"},
    }
    return {name: ("/v1/messages", {**plain, **more}) for name, more in kinds.items()}


def painted(model, name, path, more):
    if path == "images":
        return "/v1/images", {"model": model, "prompt": "A red kite", **more}
    messages = [{"role": "user", "content": "A red kite"}]
    if name == "a conversation":
        messages += [{"role": "assistant", "content": "Which one?"}, {"role": "user", "content": "Any."}]
    if name == "a chat with a picture":
        picture = {"type": "image_url", "image_url": {"url": "https://example.org/kite.png"}}
        messages[0]["content"] = [{"type": "text", "text": "A red kite"}, picture]
    return "/v1/chat/completions", {"model": model, "modalities": ["image", "text"], "messages": messages, **more}


class Table:
    """Measures systems; `emulated` and `crossfade` are started and ended by whoever asks."""

    def __init__(self, emulated, crossfade):
        self._emulated = emulated
        self._crossfade = crossfade
        self._openrouter = emulated("--vendor", "openrouter")

    def measure(self, system):
        kinds = asked(system)
        row = Row(system, kinds=len(kinds))
        url = system.url or self._emulated("--vendor", system.strict, "--key", CANDIDATE_KEY, "--job-time", "10ms")
        self._as_canary(system, url, kinds, row)
        self._as_shadow(system, url, kinds, row)
        if not system.paints:
            self._as_baseline(system, url, kinds, row)
        self._by_errors(system, row)
        return row

    def _book(self, system, url, stages, priced=False):
        book = playbook(self._openrouter, url, stages, rollback_when={"error_rate": {"above": "99%"}}, own_mistakes="rollback")
        book["baseline"]["vendor"] = "openrouter"
        book["traffic"]["sticky"] = "header:x-unit"
        arm = {"vendor": system.vendor, "key": f"${{{system.key}}}", "models": system.models, **system.arm}
        if priced:
            [model] = system.models.values()
            arm["prices"] = {model: {"per_image": f"${PICTURE}"} if system.paints else PRICES}
        book["candidates"][0].update(arm)
        return book

    def _as_canary(self, system, url, kinds, row):
        proxy = self._crossfade(self._book(system, url, [canary("50%")], priced=True))
        # A unit of the candidate's; its first request counts as any other.
        path, body = next(iter(kinds.values()))
        answers = ((unit, said(proxy, path, body, unit)) for unit in map(str, range(100)))
        unit, first = next((unit, answer) for unit, answer in answers if answer.arm != "stable" or answer.fallback)
        expected, before = [expected_cost(system, first)], {}
        for kind, (path, body) in kinds.items():
            answer = said(proxy, path, body, unit)
            assert answer.status == 200, (system.name, kind, answer.body)
            if answer.fallback:
                row.refused[kind] = answer.fallback
            elif answer.arm == "challenger":
                row.answered += 1
                expected.append(expected_cost(system, answer))
            else:
                status = proxy.wait_for_status(lambda status: sum(kept(status).values()) > sum(before.values()), f"why {kind} stayed")
                for reason, count in kept(status).items():
                    if count > before.get(reason, 0):
                        row.kept.setdefault(reason, []).append(kind)
                before = kept(status)
        attempts = row.answered + len(row.refused) + 1
        arm = proxy.wait_for_status(lambda status: status["arms"]["challenger"]["requests"] >= attempts, "all are counted")["arms"]["challenger"]
        total = sum(expected)
        if not row.refused and abs((arm["cost"] or 0) - total) > 1e-9 + total * 1e-6:
            row.cost_wrong = f"{arm['cost']} instead of {total:.9f}"

    def _as_shadow(self, system, url, kinds, row):
        """Without prices: what is known then was reported."""
        proxy = self._crossfade(self._book(system, url, [shadow()]))
        for path, body in kinds.values():
            answer = said(proxy, path, body, "u")
            assert answer.status == 200 and answer.arm == "stable", (system.name, answer.body)

        def over(status):
            copies = status["arms"]["challenger"]["shadow"]
            return copies["requests"] + copies["dropped"] + sum(kept(status).values()) >= len(kinds)

        status = proxy.wait_for_status(over, "all copies are counted")
        copies = status["arms"]["challenger"]["shadow"]
        row.refused_copies = {name: count for name, count in copies["outcomes"].items() if name != "ok"}
        row.cost = "reported" if copies["cost"] else "by prices"

    def _as_baseline(self, system, url, kinds, row):
        """A baseline is what it was: each kind is answered as if it were asked directly."""
        book = playbook(url, self._openrouter, [baseline(), canary()])
        headers = {"headers": system.arm["headers"]} if "headers" in system.arm else {}
        book["baseline"].update(vendor=system.vendor, key=f"${{{system.key}}}", **headers)
        proxy = self._crossfade(book)
        port = int(url.split("/")[2].split(":")[1])
        row.changed = []
        base = "/" + url.split("/", 3)[3]
        for kind, (path, body) in kinds.items():
            body = {**body, "model": system.models[system.model]}
            secret = environment()[system.key]
            key = {name: secret for name in ("x-api-key", "x-portkey-api-key")}
            key |= {"authorization": f"{system.scheme} {secret}", **VERSION, **system.arm.get("headers", {})}
            direct = ask(port, body, base + path.removeprefix("/v1"), key)
            through = ask(proxy.port, body, path, VERSION)
            if direct.status != through.status or through.arm != "stable":
                row.changed.append(f"{kind}: {through.status} instead of {direct.status}")

    def _by_errors(self, system, row):
        words = Words(ERRORS[system.errors])
        try:
            proxy = self._crossfade(self._book(system, words.url, [canary("50%")]))
            path, body = next(iter(asked(system).values()))
            asking = lambda name: {**body, "messages": [{"role": "user", "content": f"<{name}>"}]}
            unit = next(unit for unit in map(str, range(100)) if said(proxy, path, asking("failed"), unit).fallback)
            for name, (_, _, *other) in ERRORS[system.errors].items():
                answer = said(proxy, path, asking(name), unit)
                if answer.fallback != (other or [name])[0]:
                    row.errors_wrong[name] = answer.fallback
        finally:
            words.stop()


def kept(status):
    return status["ineligible"].get("challenger", {})


def said(proxy, path, body, unit):
    return ask(proxy.port, body, path, {"x-unit": unit, **VERSION})


def expected_cost(system, answer):
    """What the answer itself says that it costs; else what it says of tokens, by the prices."""
    if system.paints:
        return PICTURE * (answer.body.count(b'"b64_json"') or answer.body.count(b'"image_url":'))
    usage, cost = {}, None
    for document in documents(answer.body):
        usage = {**usage, **(document.get("usage") or document.get("message", {}).get("usage") or {})}
        cost = document.get("cost", cost)
    if "cost" in usage:
        cost = usage["cost"]
    if "cost_in_usd_ticks" in usage:
        cost = usage["cost_in_usd_ticks"] / 1e10
    if "x-litellm-response-cost" in answer.headers:
        cost = float(answer.headers["x-litellm-response-cost"])
    if cost is not None:
        return cost
    prompt = usage.get("prompt_tokens", usage.get("input_tokens", 0))
    completion = usage.get("completion_tokens", usage.get("output_tokens", 0))
    return (prompt * PRICES["input"] + completion * PRICES["output"]) / 1e6


def documents(body):
    if body.lstrip().startswith(b"{"):
        return [json.loads(body)]
    lines = [line[5:].strip() for line in body.splitlines() if line.startswith(b"data:")]
    return [json.loads(line) for line in lines if line != b"[DONE]"]
