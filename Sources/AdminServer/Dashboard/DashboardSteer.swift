/// The dashboard's life: asking for the status every second, signing in, and giving commands after a confirmation.

extension Dashboard {
  static let steerScript = #"""
    const tokenKey = "crossfade-admin-token";
    const actorKey = "crossfade-actor";
    let status = null;
    let drawnSeq = null;
    let command = null;
    // What the person looked at when they pressed the button: a command is refused where it has moved since.
    let shown = {};

    async function call(path, options = {}) {
      const token = sessionStorage.getItem(tokenKey);
      const headers = {};
      if (options.body) headers["Content-Type"] = "application/json";
      if (token) headers.Authorization = "Bearer " + token;
      const signal = AbortSignal.timeout(10000);
      const response = await fetch(path, { ...options, headers, signal, cache: "no-store" });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer;
      const error = new Error(answer.error?.message || `the answer was ${response.status}`);
      error.status = response.status;
      throw error;
    }

    function say(text) {
      find("notice").hidden = !text;
      find("notice").textContent = text || "";
    }

    function draw() {
      drawHead(status);
      drawStages(status);
      drawShares(status);
      drawArms(status);
      drawGuards(status);
      const isOver = ["rolled_back", "aborted", "completed"].includes(status.state);
      const offered = {
        pause: status.state === "running", resume: status.state === "paused", promote: !isOver,
        rollback: status.state !== "rolled_back", rearm: ["rolled_back", "aborted"].includes(status.state)
          || Object.values(status.candidates || {}).some((place) => (place.rolled_back_models || []).length > 0)
          || (status.guards || []).some((guard) => guard.state === "breached" && status.weights[guard.candidate] === 0),
      };
      for (const button of document.querySelectorAll("[data-command]")) {
        button.hidden = !offered[button.dataset.command];
      }
      find("buttons").hidden = find("board").hidden = false;
    }

    async function refresh() {
      try {
        status = await call("status");
        const seq = status.last_decision ? status.last_decision.seq : 0;
        if (seq !== drawnSeq) {
          drawDecisions(await call("decisions?limit=50"));
          drawnSeq = seq;
        }
        draw();
        say("");
        find("board").classList.remove("stale");
        find("sign-in").hidden = true;
      } catch (error) {
        if (error.status === 401) return askForToken();
        find("board").classList.add("stale");
        say(`No answer: ${error.message}.` + (status ? " This is how it stood before." : ""));
      }
      return true;
    }

    function askForToken() {
      say(sessionStorage.getItem(tokenKey) ? "That token was not accepted." : "");
      sessionStorage.removeItem(tokenKey);
      find("board").hidden = find("buttons").hidden = true;
      find("summary").textContent = "Sign in to see the rollout.";
      find("sign-in").hidden = false;
      find("token").focus();
      return false;
    }

    async function poll() {
      const goesOn = document.hidden || await refresh();
      if (goesOn) setTimeout(poll, 1000);
    }

    find("sign-in").addEventListener("submit", (event) => {
      event.preventDefault();
      sessionStorage.setItem(tokenKey, find("token").value.trim());
      find("token").value = "";
      poll();
    });

    const questions = {
      pause: ["Pause the rollout?", "Weights stay as they are; it stops advancing.", "Pause"],
      resume: ["Resume the rollout?", "It goes on from this stage.", "Resume"],
      promote: ["Promote to the next stage?", "It gives the approval, or does not wait for the rest of this stage.", "Promote"],
      rollback: ["Roll back?", "The weight goes to 0 and stays there until it is re-armed.", "Roll back"],
      rearm: ["Re-arm the rollout?", "It begins again; evidence is gathered afresh.", "Re-arm"],
    };

    function fillTargets() {
      const options = command === "rollback"
        ? [["", "every candidate"], ...Object.keys(status.weights).sort().map((name) => [name, name])]
        : [["", "the playbook's choice"], ...[...stageNames].sort(([a], [b]) => a - b).map(([, name]) => [name, name])];
      find("target-label").hidden = command !== "rollback" && command !== "rearm";
      find("target-label").firstElementChild.textContent = command === "rollback" ? "Candidate" : "Stage";
      find("target").replaceChildren(...options.map(([value, text]) => {
        const option = make("option", "", text);
        option.value = value;
        return option;
      }));
    }

    // The stage to begin in is a re-arming's own; what it was shown is told by the decision's number alone.
    function order(members) {
      const body = command === "rearm" ? { seq: shown.seq } : { ...shown };
      if (command === "rollback") body.candidate = find("target").value;
      if (command === "rearm") body.stage = find("target").value;
      return { method: "POST", body: JSON.stringify({ ...body, ...members }) };
    }

    const percent = (share) => `${Number((share * 100).toPrecision(4))}%`;

    // As the command line says it.
    async function preview() {
      if (command !== "promote" && command !== "rearm") return;
      const asked = command;
      try {
        const plan = await call(command, order({ actor: "dashboard", dry_run: true }));
        if (command !== asked) return;
        const parts = Object.keys(plan.weights_after).sort().map((name) => {
          const arm = status.arms[name] || { requests: 0, shadow: { requests: 0 } };
          const seen = arm.requests + arm.shadow.requests;
          const change = `${percent(plan.weights_before[name] || 0)} → ${percent(plan.weights_after[name])}`;
          return `${name} ${change}; ${seen} of its requests so far`;
        });
        find("confirm-text").textContent = `${plan.stage}: ${parts.join(", ")}`;
      } catch (error) {
        if (command !== asked) return;
        find("confirm-error").textContent = error.message;
        find("confirm-error").hidden = false;
      }
    }

    find("target").addEventListener("change", preview);

    for (const button of document.querySelectorAll("[data-command]")) {
      button.addEventListener("click", () => {
        command = button.dataset.command;
        shown = { stage: status.stage, seq: status.last_decision ? status.last_decision.seq : 0 };
        const [title, text, action] = questions[command];
        find("confirm-title").textContent = title;
        find("confirm-text").textContent = text;
        find("go").textContent = action;
        find("go").className = "primary" + (command === "rollback" ? " danger" : "");
        find("confirm-error").hidden = true;
        find("reason").value = "";
        find("actor").value = sessionStorage.getItem(actorKey) || "";
        fillTargets();
        find("confirm").showModal();
        preview();
      });
    }

    find("cancel").addEventListener("click", () => find("confirm").close());

    find("confirm-form").addEventListener("submit", async (event) => {
      event.preventDefault();
      const actor = find("actor").value.trim();
      sessionStorage.setItem(actorKey, actor);
      const body = order({ reason: find("reason").value.trim(), actor: actor || "dashboard" });
      find("go").disabled = true;
      try {
        await call(command, body);
        find("confirm").close();
        await refresh();
      } catch (error) {
        find("confirm-error").textContent = error.message;
        find("confirm-error").hidden = false;
        // What has moved is shown now; the next press is about that.
        await refresh();
        shown = { stage: status.stage, seq: status.last_decision ? status.last_decision.seq : 0 };
      } finally {
        find("go").disabled = false;
      }
    });

    poll();
    """#
}
