/// The demo's playbook, in the program so that the demo needs no file; `playbooks/demo.yaml` is the same text.

import Crypto
import PlaybookYAML
import RolloutJudge

enum DemoPlaybook {
  /// - Parameters:
  ///   - stable: Base URL of the baseline.
  ///   - challenger: Base URL of the candidate.
  ///   - key: The candidate's own.
  /// - Throws: `DemoFailure` where the text is not a playbook.
  static func reading(stable: String, challenger: String, key: String) throws(DemoFailure) -> Playbook {
    let environment = [
      "CROSSFADE_DEMO_BASELINE_URL": stable, "CROSSFADE_DEMO_CANDIDATE_URL": challenger,
      "CROSSFADE_DEMO_CANDIDATE_KEY": key,
    ]
    let reading = readPlaybook(
      text: text, file: "demo.yaml", environment: environment, sha256: digest)
    guard let playbook = reading.playbook else {
      throw DemoFailure(reading.errors.map(\.description).joined(separator: "\n"))
    }
    return playbook
  }

  private static var digest: String {
    SHA256.hash(data: Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  static let text = #"""
    # The whole story within a minute, on this machine: 'crossfade demo' starts two emulated gateways, sends traffic
    # through this playbook, breaks the candidate while it has a quarter of the requests, and Crossfade takes them back.
    # Everything below is compressed: a real playbook holds for hours, not seconds.
    #
    # To play with it by hand:
    #
    #   crossfade emulate --listen 127.0.0.1:9101 --latency 60ms &                    # the baseline
    #   crossfade emulate --listen 127.0.0.1:9102 --vendor litellm --latency 50ms &   # the candidate
    #   crossfade run playbooks/demo.yaml

    crossfade: 1
    name: demo

    baseline:
      name: stable
      vendor: openrouter
      url: ${CROSSFADE_DEMO_BASELINE_URL:-http://127.0.0.1:9101/api/v1}

    candidates:
      - name: challenger
        vendor: litellm
        url: ${CROSSFADE_DEMO_CANDIDATE_URL:-http://127.0.0.1:9102/v1}
        key: ${CROSSFADE_DEMO_CANDIDATE_KEY:-sk-challenger}
        models: { "anthropic/*": "*", "openai/*": "*" }   # the candidate's names have no prefix

    traffic:
      sticky: none                            # every request on its own: the quickest evidence
      timeouts: { connect: 5s, first_byte: 20s, idle: 20s, total: 60s }
      override: true                          # requests may name their arm with x-crossfade-arm, to look at one of them

    shadow:
      noise: 20%
      budget: $5/day

    confidence: 99%

    rollback_when:
      error_rate:  { above: 5%, ratio_above: 1.5 }
      latency_p95: { above: 2s, ratio_above: 2 }
    pause_when:
      mismatch_rate: { above: 50% }

    stages:
      - { name: baseline, hold: 5s }
      - { name: shadow,   shadow: 100%, hold: 9s, advance: proven, max_hold: 60s }
      - { name: canary,   weight: 5%,   hold: 10s }
      - { name: ramp-25,  weight: 25%,  hold: 10s }
      - { name: ramp-50,  weight: 50%,  hold: 10s }
      - { name: full,     weight: 100%, holdback: 5%, hold: 10s }

    """#
}
