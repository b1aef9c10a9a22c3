/// The dashboard's numbers and instants as people read them.

extension Dashboard {
  static let formatScript = #"""
    const nothing = "–";
    const known = (value) => typeof value === "number" && Number.isFinite(value);

    const format = {
      count: (value) => known(value) ? value.toLocaleString("en-US") : nothing,

      share(value) {
        if (!known(value)) return nothing;
        const percent = value * 100;
        const digits = percent === 0 || percent >= 99.995 ? 0 : percent < 1 ? 2 : percent < 10 ? 1 : 0;
        return percent.toFixed(digits) + "%";
      },

      rate: (value) => known(value) ? (value * 100).toFixed(2) + "%" : nothing,

      milliseconds(value) {
        if (!known(value)) return nothing;
        if (value < 1000) return value.toFixed(value < 10 ? 1 : 0) + " ms";
        return (value / 1000).toFixed(value < 10000 ? 2 : 1) + " s";
      },

      dollars(value) {
        if (!known(value)) return nothing;
        const digits = { minimumFractionDigits: 2, maximumFractionDigits: value < 0.1 ? 4 : 2 };
        return "$" + value.toLocaleString("en-US", digits);
      },

      evidence(value) {
        if (!known(value)) return nothing;
        if (value >= 1e5 || (value > 0 && value < 0.01)) return value.toExponential(1).replace("e+", "e");
        return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
      },

      /** The two largest units: `3 h 12 m`. */
      span(milliseconds) {
        const seconds = Math.max(0, Math.round(milliseconds / 1000));
        const parts = [[86400, "d"], [3600, "h"], [60, "m"], [1, "s"]];
        const first = parts.findIndex(([size]) => seconds >= size);
        if (first < 0) return "0 s";
        return parts.slice(first, first + 2)
          .map(([size, unit], i) => [Math.floor((i === 0 ? seconds : seconds % parts[first][0]) / size), unit])
          .filter(([amount]) => amount > 0)
          .map(([amount, unit]) => `${amount} ${unit}`).join(" ");
      },

      instant(text) {
        const date = new Date(text);
        if (Number.isNaN(date.getTime())) return nothing;
        const isToday = date.toDateString() === new Date().toDateString();
        const parts = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
        const time = date.toLocaleTimeString([], parts);
        return isToday ? time : date.toLocaleDateString([], { month: "short", day: "numeric" }) + ", " + time;
      },

      limit(metric, value) {
        if (metric === "score" || metric === "tokens_per_second") return String(+value.toFixed(3));
        if (metric.endsWith("_rate") || metric.endsWith("_share")) return +(value * 100).toFixed(3) + "%";
        if (metric.startsWith("cost")) return format.dollars(value);
        return value < 1000 ? +value.toFixed(1) + " ms" : +(value / 1000).toFixed(2) + " s";
      },

      /** `above 2%, ratio above 1.5` */
      condition(guard) {
        const limits = [];
        if (known(guard.above)) limits.push("above " + format.limit(guard.metric, guard.above));
        if (known(guard.ratio_above)) limits.push(`above ${guard.ratio_above}× baseline`);
        if (known(guard.below)) limits.push("below " + format.limit(guard.metric, guard.below));
        if (known(guard.ratio_below)) limits.push(`below ${guard.ratio_below}× baseline`);
        return limits.join(" and ");
      },

      words: (name) => String(name).replaceAll("_", " "),
    };
    """#
}
