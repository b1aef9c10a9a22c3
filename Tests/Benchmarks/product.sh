#!/bin/bash
# Starts a release build of Crossfade for one scenario of the harness: writes a playbook with one stage and serves it.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
crossfade=${CROSSFADE:-$root/.build/release/crossfade}
cat > "$BENCH_DIR/playbook.yaml" <<YAML
crossfade: 1
name: bench
baseline: { name: baseline, vendor: openai-compatible, url: "http://127.0.0.1:$BENCH_BASELINE_PORT/v1" }
candidates:
  - name: candidate
    vendor: openai-compatible
    url: http://127.0.0.1:$BENCH_CANDIDATE_PORT/v1
    models: { "*": "*" }
traffic: { sticky: none }
shadow: { max_in_flight: ${BENCH_SHADOWS:-1024} }
compare: { per_second: ${BENCH_COMPARE:-50} }
rollback_when:
  error_rate: { above: 50%, ratio_above: 1.5 }
  latency_p95: { above: 30s }
stages:
  - { name: bench, weight: $BENCH_SPLIT%, shadow: $BENCH_MIRROR%, hold: 24h }
YAML
rm -f "$BENCH_DIR"/bench.db*
exec "$crossfade" run "$BENCH_DIR/playbook.yaml" --listen "127.0.0.1:$BENCH_PORT" --admin 127.0.0.1:0 \
    --store "$BENCH_DIR/bench.db" --threads "$BENCH_THREADS" --log-level error
