"""Playbooks for the tests: short holds, gateways of this machine, keys from the environment."""

import yaml


def playbook(baseline, candidate, stages, name="acceptance", **changes):
    """A playbook as a mapping; `changes` replace or, with None, remove its sections."""
    if not any("weight" in stage or "shadow" in stage for stage in stages):
        # A playbook without a stage that shows the candidate anything is refused.
        stages = [*stages, canary()]
    book = {
        "crossfade": 1,
        "name": name,
        "baseline": {
            "name": "stable",
            "vendor": "openai-compatible",
            "url": baseline,
            "key": "${TEST_BASELINE_KEY}",
        },
        "candidates": [
            {
                "name": "challenger",
                "vendor": "openai-compatible",
                "url": candidate,
                "key": "${TEST_CANDIDATE_KEY}",
                "models": {"*": "*"},
            }
        ],
        "traffic": {
            "sticky": "none",
            "timeouts": {"connect": "1s", "first_byte": "5s", "idle": "5s", "total": "30s"},
        },
        "confidence": "99%",
        "rollback_when": {"error_rate": {"above": "2%", "ratio_above": 1.5}},
        "stages": stages,
    }
    book.update(changes)
    return {key: value for key, value in book.items() if value is not None}


def canary(weight="50%", hold="60s", **more):
    return {"name": "canary", "weight": weight, "hold": hold, **more}


def shadow(hold="60s", **more):
    return {"name": "shadow", "shadow": "100%", "hold": hold, **more}


def baseline(hold="60s", **more):
    return {"name": "baseline", "hold": hold, **more}


def write(path, book):
    path.write_text(yaml.safe_dump(book, sort_keys=False))
    return path
