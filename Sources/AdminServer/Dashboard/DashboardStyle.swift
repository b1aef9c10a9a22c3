/// The dashboard's looks: light and dark, wide and narrow.

extension Dashboard {
  static let style = #"""
    :root {
      color-scheme: light dark;
      --page: light-dark(#f4f5f7, #101318); --card: light-dark(#fff, #181c23); --line: light-dark(#dfe2e8, #2a303a);
      --ink: light-dark(#1a1f29, #e7eaf0); --quiet: light-dark(#5d6675, #97a1b2);
      --groove: light-dark(#e8eaef, #262c36);
      --good: light-dark(#1f7a46, #4cc38a); --warn: light-dark(#a35c00, #f0b045); --bad: light-dark(#c02f2f, #ff7b72);
      --main: light-dark(#2458d3, #7aa2ff);
      --arm-0: light-dark(#8b94a5, #667085); --arm-1: light-dark(#2458d3, #7aa2ff);
      --arm-2: light-dark(#0d8f83, #3fc9ba); --arm-3: light-dark(#8447c6, #c297ff);
      --arm-4: light-dark(#b4570f, #ff9f5a);
      font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
    }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    body { margin: 0 auto; padding: 20px; max-width: 1240px; background: var(--page); color: var(--ink); }
    h1, h2, p, ol, ul { margin: 0; padding: 0; }
    h1 { font-size: 22px; line-height: 1.3; overflow-wrap: anywhere; }
    h2 { font-size: 15px; margin-bottom: 10px; }
    .quiet { color: var(--quiet); font-size: 13px; }
    .plain, .legend { list-style: none; }
    header {
      display: flex; flex-wrap: wrap; gap: 12px 24px; justify-content: space-between; align-items: center;
      margin-bottom: 18px;
    }
    .title { min-width: 0; }
    .buttons { display: flex; flex-wrap: wrap; gap: 8px; }
    button {
      font: inherit; font-weight: 550; padding: 6px 14px; border-radius: 7px; cursor: pointer;
      border: 1px solid var(--line); background: var(--card); color: var(--ink);
    }
    button:hover { border-color: var(--quiet); }
    button:focus-visible, input:focus-visible, select:focus-visible {
      outline: 2px solid var(--main); outline-offset: 1px;
    }
    button.primary { background: var(--main); border-color: var(--main); color: light-dark(#fff, #0b1020); }
    button.danger { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 45%, var(--line)); }
    button.primary.danger { background: var(--bad); border-color: var(--bad); color: light-dark(#fff, #1d0605); }
    button:disabled { opacity: .55; cursor: default; }
    .chip {
      display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 12px; font-weight: 600; line-height: 1.6;
      vertical-align: 2px; white-space: nowrap; color: var(--tone, var(--quiet));
      background: color-mix(in srgb, var(--tone, var(--quiet)) 14%, transparent);
    }
    h1 .chip { vertical-align: 4px; }
    .good {
      --tone: var(--good); } .warn { --tone: var(--warn); } .bad { --tone: var(--bad);
      } .main { --tone: var(--main);
    }
    .notice {
      padding: 9px 14px; border-radius: 8px; margin-bottom: 16px; color: var(--tone, var(--warn));
      background: color-mix(in srgb, var(--tone, var(--warn)) 14%, transparent);
    }
    main { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; }
    main.stale { opacity: .5; }
    .wide { grid-column: 1 / -1; }
    .card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 16px 18px; }
    .track { height: 10px; border-radius: 99px; background: var(--groove); overflow: hidden; }
    .track.thin { height: 6px; margin: 14px 0 6px; }
    .fill {
      height: 100%; width: 0; border-radius: 99px; background: var(--tone, var(--main)); transition: width .4s;
    }
    #ladder { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; }
    #ladder li {
      padding: 3px 10px; border-radius: 7px; border: 1px solid var(--line); font-size: 13px; color: var(--quiet);
    }
    #ladder li.done {
      color: var(--good); border-color: transparent; background: color-mix(in srgb, var(--good) 12%, transparent);
    }
    #ladder li.now {
      color: light-dark(#fff, #0b1020); background: var(--now, var(--main)); border-color: transparent;
      font-weight: 600;
    }
    .shares {
      display: flex; gap: 2px; height: 26px; border-radius: 7px; overflow: hidden; background: var(--groove);
    }
    .shares div { min-width: 3px; transition: flex-grow .4s; }
    .legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin-top: 10px; font-size: 13px; }
    .dot { display: inline-block; width: 9px; height: 9px; border-radius: 3px; margin-right: 7px; }
    .number { font-variant-numeric: tabular-nums; }
    .scroll { overflow-x: auto; margin: 0 -18px; padding: 0 18px; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    th { font-size: 12px; font-weight: 550; color: var(--quiet); }
    th, td { text-align: right; padding: 6px 0 6px 18px; white-space: nowrap; border-bottom: 1px solid var(--line); }
    th:first-child, td:first-child { text-align: left; padding-left: 0; }
    tbody tr:last-child td { border-bottom: 0; }
    tr.shadow td { color: var(--quiet); font-size: 13px; }
    tr.shadow td:first-child { padding-left: 16px; }
    td.alarm { color: var(--bad); font-weight: 600; }
    #guards li, #decisions li { padding: 10px 0; border-top: 1px solid var(--line); }
    #guards li:first-child, #decisions li:first-child { border-top: 0; }
    #guards li { padding-bottom: 12px; }
    .line {
      display: flex; flex-wrap: wrap; gap: 2px 10px; justify-content: space-between; align-items: baseline;
      margin-bottom: 6px;
    }
    #decisions { max-height: 460px; overflow-y: auto; }
    #decisions .message { overflow-wrap: anywhere; }
    .row { display: flex; gap: 8px; margin-top: 10px; }
    .row input { flex: 1; }
    input, select {
      font: inherit; width: 100%; min-width: 0; padding: 6px 10px; border-radius: 7px;
      border: 1px solid var(--line); background: var(--page); color: var(--ink);
    }
    dialog {
      width: min(440px, calc(100vw - 32px)); padding: 20px; border-radius: 14px; border: 1px solid var(--line);
      background: var(--card); color: var(--ink);
    }
    dialog::backdrop { background: rgb(0 0 0 / .45); }
    dialog label { display: block; margin-top: 12px; }
    dialog label span { display: block; font-size: 13px; color: var(--quiet); margin-bottom: 3px; }
    dialog .buttons { justify-content: flex-end; margin-top: 18px; }
    .error { color: var(--bad); font-size: 14px; margin-top: 12px; overflow-wrap: anywhere; }
    @media (max-width: 760px) {
      body { padding: 14px; }
      main { grid-template-columns: minmax(0, 1fr); gap: 12px; }
      header .buttons button { flex: 1; }
      header .buttons { width: 100%; }
    }
    @media (max-width: 560px) {
      th, td { padding-left: 10px; font-size: 13px; }
      :is(th, td):is(:nth-child(3), :nth-child(5), :nth-child(7)) { display: none; }
      th, tr.shadow td:first-child { white-space: normal; }
      header .buttons button { padding: 6px 8px; white-space: nowrap; }
    }
    @media (prefers-reduced-motion: reduce) { .fill, .shares div { transition: none; } }
    """#
}
