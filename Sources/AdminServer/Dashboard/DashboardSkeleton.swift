/// The dashboard's parts, empty; the script fills them.

extension Dashboard {
  static let skeleton = #"""
    <body>
    <header>
      <div class="title">
        <h1><span id="rollout">Crossfade</span> <span id="state" class="chip" hidden></span></h1>
        <p id="summary" class="quiet">Connecting…</p>
      </div>
      <div class="buttons" id="buttons" hidden>
        <button type="button" data-command="pause">Pause</button>
        <button type="button" data-command="resume">Resume</button>
        <button type="button" data-command="promote">Promote</button>
        <button type="button" data-command="rearm">Re-arm</button>
        <button type="button" data-command="rollback" class="danger">Roll back</button>
      </div>
    </header>
    <p id="notice" class="notice" role="status" hidden></p>
    <form id="sign-in" class="card" hidden>
      <h2>Admin token</h2>
      <p class="quiet">Kept in this tab until it is closed, and sent only to this address.</p>
      <div class="row">
        <input id="token" type="password" autocomplete="off" aria-label="Admin token" required>
        <button type="submit" class="primary">Open</button>
      </div>
    </form>
    <main id="board" hidden>
      <section class="card">
        <h2>Stages</h2>
        <ol id="ladder"></ol>
        <div class="track thin"><div id="hold" class="fill"></div></div>
        <p id="waiting" class="quiet"></p>
      </section>
      <section class="card">
        <h2>Live traffic</h2>
        <div id="shares" class="shares"></div>
        <ul id="legend" class="legend"></ul>
      </section>
      <section class="card wide">
        <h2>Arms</h2>
        <div class="scroll">
          <table>
            <thead><tr>
              <th scope="col">Arm</th><th scope="col">Requests</th><th scope="col">Errors</th>
              <th scope="col">Error rate</th><th scope="col">p50</th><th scope="col">p95</th><th scope="col">p99</th>
              <th scope="col">TTFT p95</th><th scope="col">Cost</th>
            </tr></thead>
            <tbody id="arms"></tbody>
          </table>
        </div>
      </section>
      <section class="card">
        <h2>Guards</h2>
        <p class="quiet">Evidence against each candidate; at the right end the condition is breached.</p>
        <ul id="guards" class="plain"></ul>
      </section>
      <section class="card">
        <h2>Decisions</h2>
        <ol id="decisions" class="plain"></ol>
      </section>
    </main>
    <dialog id="confirm" aria-labelledby="confirm-title">
      <form id="confirm-form">
        <h2 id="confirm-title"></h2>
        <p id="confirm-text" class="quiet"></p>
        <label id="target-label"><span></span><select id="target"></select></label>
        <label><span>Reason</span><input id="reason" maxlength="300" autocomplete="off"></label>
        <label><span>Your name</span><input id="actor" maxlength="60" autocomplete="off"></label>
        <p id="confirm-error" class="error" role="alert" hidden></p>
        <div class="buttons">
          <button type="button" id="cancel">Cancel</button>
          <button type="submit" id="go" class="primary"></button>
        </div>
      </form>
    </dialog>
    """#
}
