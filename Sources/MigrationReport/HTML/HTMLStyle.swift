/// The page's looks: light and dark, wide and narrow, and on paper.

extension Markup {
  static let reportStyle = Markup.style(
    #"""
    :root {
      --page: #fff; --card: #f6f7f9; --line: #dfe2e8; --ink: #1a1f29; --quiet: #596273;
      --good: #1f7a46; --warn: #955400; --bad: #b92b2b; --waste: #d98a8a;
      --arm-0: #7d8798; --arm-1: #2458d3; --arm-2: #0d8f83; --arm-3: #8447c6; --arm-4: #b4570f;
      font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        color-scheme: dark;
        --page: #101318; --card: #181c23; --line: #303744; --ink: #e7eaf0; --quiet: #9ba5b6;
        --good: #4cc38a; --warn: #f0b045; --bad: #ff7b72; --waste: #a34b4b;
        --arm-0: #98a1b3; --arm-1: #7aa2ff; --arm-2: #3fc9ba; --arm-3: #c297ff; --arm-4: #ff9f5a;
      }
    }
    * { box-sizing: border-box; }
    body { margin: 0 auto; padding: 28px 24px 48px; max-width: 1080px; background: var(--page); color: var(--ink); }
    h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; }
    h2 { font-size: 19px; margin: 38px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
    h3 { font-size: 15px; margin: 24px 0 8px; overflow-wrap: anywhere; }
    p { margin: 8px 0; max-width: 76ch; }
    .quiet, figcaption, small { color: var(--quiet); font-size: 13px; }
    small { display: block; line-height: 1.4; max-width: 30ch; margin-left: auto; white-space: normal; }
    td.words small { margin-left: 0; max-width: 46ch; }
    .chip {
      display: inline-block; padding: 0 9px; border-radius: 99px; border: 1px solid; font-size: 13px; font-weight: 600;
      white-space: nowrap; color: var(--quiet);
    }
    .good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }
    .verdict { border-left: 4px solid var(--arm-1); padding: 2px 0 2px 16px; margin: 14px 0; }
    .verdict p { margin: 4px 0 0; }
    .scroll { overflow-x: auto; margin: 10px 0 16px; }
    table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
    caption { text-align: left; color: var(--quiet); font-size: 13px; padding-bottom: 4px; }
    th, td { text-align: right; padding: 6px 0 6px 18px; vertical-align: top; border-bottom: 1px solid var(--line); }
    td { white-space: nowrap; }
    th { font-size: 13px; font-weight: 600; color: var(--quiet); vertical-align: bottom; }
    th.words, td.words { text-align: left; }
    td.words { white-space: normal; min-width: 9ch; }
    :is(th, td):first-child { padding-left: 0; }
    tbody tr:last-child td { border-bottom: 0; }
    .sheet td { font-size: 17px; font-weight: 600; }
    .sheet td:first-child { font-size: 15px; font-weight: 500; }
    .sheet small { font-weight: 400; }
    .sheet td.quiet { font-size: 13px; font-weight: 400; padding-top: 0; }
    .explained td { border-bottom: 0; padding-bottom: 2px; }
    .sheet .chip { font-weight: 500; }
    .dense { font-size: 13px; }
    .dense td, .dense th { padding-top: 4px; padding-bottom: 4px; padding-left: 14px; font-size: 13px; }
    .dense :is(td, th):first-child { padding-left: 0; }
    figure { margin: 14px 0 18px; padding: 14px 16px 10px; background: var(--card); border-radius: 10px; }
    figure h3 { margin: 0 0 2px; }
    .legend {
      display: flex; flex-wrap: wrap; gap: 2px 18px; margin: 2px 0 6px; padding: 0; list-style: none; font-size: 13px;
    }
    .swatch { display: inline-block; width: 18px; height: 0; border-top: 3px solid var(--arm); margin: 0 7px 4px 0; }
    .swatch.copies { border-top-style: dashed; }
    .swatch.arm-0 { --arm: var(--arm-0); } .swatch.arm-1 { --arm: var(--arm-1); } .swatch.arm-2 { --arm: var(--arm-2); }
    .swatch.arm-3 { --arm: var(--arm-3); } .swatch.arm-4 { --arm: var(--arm-4); } .swatch.waste { --arm: var(--waste); }
    svg { display: block; width: 100%; height: auto; }
    svg.narrow { display: none; }
    svg text { font-size: 12px; fill: var(--quiet); font-variant-numeric: tabular-nums; }
    svg text.strong { fill: var(--ink); font-weight: 600; }
    svg text.label { fill: var(--ink); font-weight: 600; }
    svg text.p95 { fill: var(--arm); font-weight: 600; }
    svg text.number { font-size: 11px; font-weight: 600; }
    .grid { stroke: var(--line); stroke-width: 1; }
    .axis { stroke: var(--quiet); stroke-width: 1; }
    svg .arm-0 { --arm: var(--arm-0); } svg .arm-1 { --arm: var(--arm-1); } svg .arm-2 { --arm: var(--arm-2); }
    svg .arm-3 { --arm: var(--arm-3); } svg .arm-4 { --arm: var(--arm-4); }
    .curve { fill: none; stroke: var(--arm); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
    .curve.copies { stroke-width: 1.5; stroke-dasharray: 5 4; }
    .area { fill: var(--arm); fill-opacity: .13; stroke: none; }
    .step { fill: var(--arm); fill-opacity: .22; stroke: var(--arm); stroke-width: 1.5; }
    .bar { fill: var(--arm); }
    .bar.waste { fill: var(--waste); }
    .mark { stroke: var(--arm); stroke-width: 1.5; stroke-dasharray: 4 3; }
    .decision { stroke: var(--quiet); stroke-width: 1; stroke-dasharray: 2 3; }
    .decision.rollback, .decision.abort { stroke: var(--bad); stroke-width: 2; stroke-dasharray: none; }
    .decision.pause { stroke: var(--warn); stroke-width: 1.5; }
    svg text.rollback, svg text.abort { fill: var(--bad); } svg text.pause { fill: var(--warn); }
    @media (max-width: 620px) {
      body { padding: 18px 14px 36px; }
      h1 { font-size: 22px; }
      figure { padding: 12px 10px 8px; margin-left: -4px; margin-right: -4px; }
      svg.wide { display: none; }
      svg.narrow { display: block; }
      .sheet td { font-size: 16px; }
      td.words { min-width: 15ch; }
      td.words:first-child { min-width: 11ch; }
    }
    @media print {
      :root { font-size: 11px; }
      body { padding: 0; max-width: none; }
      h2 { break-after: avoid; } h3, figure, .verdict, tr { break-inside: avoid; }
      h3 { break-after: avoid; }
      .scroll { overflow: visible; }
      th, td { padding-left: 8px; }
      .dense td, .dense th { font-size: 9px; padding-left: 6px; }
      .bar, .area, .step, .curve { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
      figure { background: none; border: 1px solid var(--line); }
      svg.wide { display: block; } svg.narrow { display: none; }
    }
    """#)
}
