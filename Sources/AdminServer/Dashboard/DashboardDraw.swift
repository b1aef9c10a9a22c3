/// The dashboard's drawing: a status in, elements out; text is only ever set as text.

extension Dashboard {
  static let drawScript = #"""
    const find = (id) => document.getElementById(id);

    /** An element with a class and children; strings become text, never markup. */
    function make(tag, className, ...children) {
      const element = document.createElement(tag);
      if (className) element.className = className;
      element.append(...children.map((child) => (child instanceof Node ? child : String(child))));
      return element;
    }

    const stateTones = { running: "good", paused: "warn", rolled_back: "bad", aborted: "bad", completed: "main" };
    const kindTones = {
      rollback: "bad", abort: "bad", pause: "warn", hold: "warn", advance: "good", complete: "good", start: "main",
      resume: "main", rearm: "main",
    };
    const chip = (text, tone) => make("span", "chip " + (tone || ""), format.words(text));

    /** Arms by name, the baseline first: it is the one without a weight. */
    function armNames(status) {
      const weights = status.weights || {};
      const candidates = Object.keys(weights).sort();
      return [...Object.keys(status.arms || {}).filter((name) => !(name in weights)).sort(), ...candidates];
    }
    const armColour = (index) => `var(--arm-${index === 0 ? 0 : 1 + (index - 1) % 4})`;
    function dot(index) {
      const element = make("span", "dot");
      element.style.background = armColour(index);
      return element;
    }

    function drawHead(status) {
      document.title = `${status.rollout}: ${format.words(status.state)}`;
      find("rollout").textContent = status.rollout;
      const state = find("state");
      state.hidden = false;
      state.className = "chip " + (stateTones[status.state] || "");
      state.textContent = format.words(status.state);
      const place = status.stage_count ? `stage ${status.stage_index + 1} of ${status.stage_count}` : "stage";
      find("summary").textContent = `${place}, ${status.stage}, since ${format.instant(status.since)}`;
    }

    /** By index; where the status does not list them, those seen so far. */
    const stageNames = new Map();

    function drawStages(status) {
      for (const [index, name] of (status.stages || []).entries()) stageNames.set(index, name);
      stageNames.set(status.stage_index, status.stage);
      const isOver = status.state === "completed";
      const count = Math.max(status.stage_count || 0, status.stage_index + 1);
      find("ladder").replaceChildren(...Array.from({ length: count }, (_, index) => {
        const step = make("li", "", stageNames.get(index) || String(index + 1));
        if (index < status.stage_index || isOver) step.className = "done";
        else if (index === status.stage_index) {
          step.className = "now";
          step.setAttribute("aria-current", "step");
          const tone = stateTones[status.state];
          if (tone === "warn" || tone === "bad") step.style.setProperty("--now", `var(--${tone})`);
        }
        return step;
      }));
      const [start, end, now] = [Date.parse(status.since), Date.parse(status.hold_until), Date.now()];
      const isHolding = status.state === "running" && end > now;
      const part = Number.isNaN(end) || end <= start ? 1 : Math.min(1, Math.max(0, (now - start) / (end - start)));
      find("hold").style.width = (isOver ? 100 : part * 100) + "%";
      const notes = [];
      if (status.state !== "running") notes.push(format.words(status.state));
      else notes.push(isHolding ? `holds for another ${format.span(end - now)}` : "its hold has passed");
      const reason = status.waiting_for;
      if (reason && reason !== "hold" && status.state === "running") notes.push(`waiting for: ${format.words(reason)}`);
      for (const [name, place] of Object.entries(status.candidates || {})) {
        const models = place.rolled_back_models || [];
        if (models.length > 0 && !place.rolled_back) notes.push(`rolled back on ${name}: ${models.join(", ")}`);
      }
      find("waiting").textContent = notes.join(" · ");
    }

    function drawShares(status) {
      const weights = status.weights || {};
      const rest = Math.max(0, 1 - Object.values(weights).reduce((sum, weight) => sum + weight, 0));
      const shareOf = (name) => (name in weights ? weights[name] : rest);
      const shares = armNames(status).map((name, index) => ({ name, index, share: shareOf(name) }));
      find("shares").replaceChildren(...shares.filter(({ share }) => share > 0).map(({ name, index, share }) => {
        const piece = make("div");
        piece.style.background = armColour(index);
        piece.style.flexGrow = String(share);
        piece.title = `${name} ${format.share(share)}`;
        return piece;
      }));
      find("legend").replaceChildren(...shares.map(({ name, index, share }) =>
        make("li", "", dot(index), name + " ", make("strong", "number", format.share(share)))));
    }

    function figureCells(figures, isAlarming) {
      const cells = [
        format.count(figures.requests), format.count(figures.errors), format.rate(figures.error_rate),
        format.milliseconds(figures.latency_p50), format.milliseconds(figures.latency_p95),
        format.milliseconds(figures.latency_p99), format.milliseconds(figures.ttft_p95), format.dollars(figures.cost),
      ].map((text) => make("td", "", text));
      if (isAlarming) cells[2].className = "alarm";
      return cells;
    }

    /** What was billed afterwards, beside what answers told. */
    function billRow(bills) {
      const parts = [];
      if (bills.compared > 0) {
        const drift = known(bills.drift) ? ` (${bills.drift < 0 ? "" : "+"}${format.rate(bills.drift)})` : "";
        parts.push(`billed ${format.dollars(bills.billed)} for ${format.dollars(bills.streamed)} told${drift}`);
      }
      if (bills.found_answers > 0) parts.push(`${format.dollars(bills.found)} for answers that told no cost`);
      const cell = make("td", "", parts.join("; "));
      cell.colSpan = 9;
      return make("tr", "shadow", cell);
    }

    function drawArms(status) {
      const breached = new Set((status.guards || [])
        .filter((guard) => guard.state === "breached" && guard.metric === "error_rate")
        .map((guard) => guard.candidate));
      find("arms").replaceChildren(...armNames(status).flatMap((name, index) => {
        const figures = (status.arms || {})[name] || {};
        const rows = [make("tr", "", make("td", "", dot(index), name), ...figureCells(figures, breached.has(name)))];
        const shadow = figures.shadow;
        if (shadow && (shadow.requests > 0 || shadow.dropped > 0)) {
          const label = "shadow" + (shadow.dropped > 0 ? `, ${format.count(shadow.dropped)} dropped` : "");
          rows.push(make("tr", "shadow", make("td", "", label), ...figureCells(shadow, false)));
        }
        const bills = figures.reconciliation;
        if (bills && bills.answered > 0) rows.push(billRow(bills));
        return rows;
      }));
    }

    /** Evidence multiplies, so its scale is logarithmic: 1 says nothing, the threshold is the right end. */
    function evidencePart({ evidence, threshold }) {
      if (!known(evidence) || !known(threshold) || threshold <= 0) return 0;
      const part = threshold > 1 ? Math.log(Math.max(1, evidence)) / Math.log(threshold) : evidence / threshold;
      return Math.min(1, Math.max(0, part));
    }

    function drawGuards(status) {
      const tones = { breached: "bad", passed: "good" };
      const guards = (status.guards || []).map((guard) => {
        const part = evidencePart(guard);
        const tone = tones[guard.state] || (part > 0.6 ? "warn" : "main");
        const fill = make("div", "fill " + tone);
        fill.style.width = part * 100 + "%";
        const name = make("strong", "", `${guard.candidate}: ${format.words(guard.metric)}`);
        const effect = make("span", "quiet", ` ${format.condition(guard)} → ${guard.action || "rollback"}`);
        const reached = `${format.evidence(guard.evidence)} of ${format.evidence(guard.threshold)} `;
        const figure = make("span", "quiet number", reached, chip(guard.state, tones[guard.state]));
        const track = make("div", "track", fill);
        track.setAttribute("role", "meter");
        track.setAttribute("aria-valuenow", String(Math.round(part * 100)));
        track.setAttribute("aria-label", `evidence against ${guard.candidate} for ${guard.metric}`);
        return make("li", "", make("div", "line", make("span", "", name, effect), figure), track);
      });
      find("guards").replaceChildren(...(guards.length ? guards : [make("li", "quiet", "The playbook has none.")]));
    }

    function drawDecisions(decisions) {
      for (const decision of decisions) stageNames.set(decision.stage_index, decision.stage);
      const items = decisions.toReversed().map((decision) => {
        const when = make("span", "quiet number", format.instant(decision.ts));
        when.title = decision.ts;
        const reason = decision.reason ? `: ${format.words(decision.reason)}` : "";
        const by = `#${decision.seq} by ${decision.actor}${reason}`;
        return make("li", "", make("div", "line", chip(decision.decision, kindTones[decision.decision]), when),
          make("div", "message", decision.message), make("div", "quiet", by));
      });
      find("decisions").replaceChildren(...(items.length ? items : [make("li", "quiet", "None yet.")]));
    }
    """#
}
