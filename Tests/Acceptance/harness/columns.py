"""Words a measured row: all of it, and the short form that the README has."""

HEADS = ["system", "answers", "kept on the baseline", "refused", "cost", "errors", "as baseline"]
#: Columns of the short form: errors and baselines are told for all at once, where they are right.
SHORT = 5


def reasons(row):
    return ", ".join(f"{len(kinds)} {reason}" for reason, kinds in sorted(row.kept.items())) or "-"


def said(problems):
    return "; ".join(f"{name}: {what}" for name, what in problems.items())


def refused(row):
    """By outcome; copies only where they fared otherwise."""
    kinds = {}
    for kind, outcome in row.refused.items():
        kinds.setdefault(outcome, []).append(kind)
    text = said({outcome: ", ".join(names) for outcome, names in kinds.items()})
    if {outcome: len(names) for outcome, names in kinds.items()} != row.refused_copies:
        text += f" (copies: {row.refused_copies})"
    return text or "0"


def columns(row):
    return [
        row.system.name,
        f"{row.answered} of {row.kinds}",
        reasons(row),
        refused(row),
        row.cost + (f", wrong: {row.cost_wrong}" if row.cost_wrong else ""),
        said(row.errors_wrong) or "right",
        "-" if row.changed is None else "; ".join(row.changed) or "as it was",
    ]


def line(row):
    return "| " + " | ".join(columns(row)[:SHORT]) + " |"


def short(rows):
    """Markdown."""
    heads = ["| " + " | ".join(HEADS[:SHORT]) + " |", "|" + "---|" * SHORT]
    return "\n".join([*heads, *map(line, rows)])
