/// The sentences of an explanation: traffic, stages, conditions.

import Dialects
import RolloutJudge
import TrafficSplit

func trafficTexts(_ playbook: Playbook) -> [String] {
  let traffic = playbook.traffic
  let baseline = playbook.baseline.name
  var texts = [stickyText(traffic.sticky)]
  for rule in traffic.rules {
    let match = matchText(rule.match)
    let isOff = rule.weights.allSatisfy { $0 == 0 }
    let shares = sharesText(rule.weights, playbook)
    let copies = rule.shadow.map { shadow in
      shadow.allSatisfy { $0 == 0 } ? "not copied" : "copied: \(sharesText(shadow, playbook)), in stages that copy"
    }
    let live = isOff ? "always \(baseline)" : "\(shares), in stages that send anything live"
    texts.append(
      (["\(match): \(live)"] + [copies ?? (isOff ? "not copied" : nil)].compactMap(\.self)).joined(separator: ", "))
  }
  if !traffic.rules.isEmpty { texts.append("everything else: the stage's weight") }
  let triggers = FallbackTrigger.allCases.filter(traffic.fallback.contains).map(\.rawValue)
  texts.append(
    triggers.isEmpty
      ? "no safety net: a canary's failure reaches the client"
      : "\(baseline) answers in place of a canary that fails before its first \(netReach(traffic.safetyNet))"
        + " (\(orList(triggers)))")
  texts.append("requests over \(sizeText(traffic.maxBodyBytes)) go to \(baseline) and are not copied")
  if let endpoints = playbook.shadow.endpoints {
    texts.append("only requests to \(andList(endpoints.map(\.rawValue))) are copied")
  }
  return texts
}

func matchText(_ match: [TrafficRule.Matcher]) -> String {
  match.map { "\(attributeText($0.attribute)) \($0.glob.pattern)" }.joined(separator: " and ")
}

private func netReach(_ hold: SafetyNetHold) -> String {
  switch hold.until {
  case .head: "byte"
  case .firstToken:
    "token, which is waited for up to \(durationText(hold.atMost)) and \(sizeText(hold.bytes))"
  }
}

private func stickyText(_ keys: [StickyKey]) -> String {
  if keys.isEmpty { return "every request is assigned by itself" }
  let words = keys.map { key in
    switch key {
    case .conversation: "conversation"
    case .header(let name): "value of header \(name)"
    case .body(let field): "value of body field \(field)"
    }
  }
  return "requests of one \(words.joined(separator: ", else of one ")) stay on one arm"
}

private func attributeText(_ attribute: TrafficRule.Attribute) -> String {
  switch attribute {
  case .model: "model"
  case .path: "path"
  case .header(let name): "header \(name)"
  case .body(let field): "body field \(field)"
  }
}

/// `5% to litellm and 5% to evolink`; candidates without a share are left out.
private func sharesText(_ shares: [Double], _ playbook: Playbook) -> String {
  andList(
    zip(shares, playbook.candidates).filter { $0.0 > 0 }.map { "\(percentText($0.0)) to \($0.1.name)" })
}

func stagePart(_ stage: Stage, _ playbook: Playbook) -> PlaybookExplanation.StagePart {
  let names = playbook.candidates.map(\.name)
  return PlaybookExplanation.StagePart(
    name: stage.name, weights: Dictionary(uniqueKeysWithValues: zip(names, stage.weights)),
    shadow: Dictionary(uniqueKeysWithValues: zip(names, stage.shadow)), hold: stage.hold.milliseconds,
    maxHold: stage.maxHold?.milliseconds, text: stageText(stage, playbook))
}

private func stageText(_ stage: Stage, _ playbook: Playbook) -> String {
  var parts: [String] = []
  let live = sharesText(stage.weights, playbook)
  let copies = sharesText(stage.shadow, playbook)
  if !live.isEmpty { parts.append("sends \(live)") }
  if !copies.isEmpty { parts.append("copies \(copies)") }
  if parts.isEmpty { parts.append("sends everything to \(playbook.baseline.name)") }
  if stage.holdback > 0 {
    parts.append("keeps \(percentText(stage.holdback)) on \(playbook.baseline.name) as the control")
  }
  parts.append("for at least \(durationText(stage.hold))")
  var waits: [String] = []
  if let share = stage.minRate {
    waits.append("it has been \(percentText(share)) as busy as the busiest minute so far")
  }
  if stage.minSamples > 0 { waits.append("\(stage.minSamples) requests are in") }
  if stage.advance == .proven {
    waits.append("'not worse than allowed' is proven at \(percentText(playbook.confidence))")
  }
  if stage.needsApproval { waits.append("someone says 'crossfade promote'") }
  if !waits.isEmpty { parts.append("until \(andList(waits))") }
  if let maxHold = stage.maxHold { parts.append("pausing if that takes longer than \(durationText(maxHold))") }
  return parts.joined(separator: ", ")
}

func conditionPart(
  _ condition: Condition, _ action: String, of count: Int, _ playbook: Playbook
) -> PlaybookExplanation.ConditionPart {
  var alpha: Double?
  if playbook.test == .sequential {
    // Rollback and pause conditions have a budget each, shared equally among candidates and conditions of the kind.
    alpha = playbook.alpha(sharedBy: count)
  }
  var limits: [String] = []
  if let above = condition.above { limits.append("above \(limitText(above, condition.metric.unit))") }
  if let ratio = condition.ratioAbove {
    limits.append("above \(decimalText(ratio, digits: 4)) times \(playbook.baseline.name)'s")
  }
  if let below = condition.below { limits.append("below \(limitText(below, condition.metric.unit))") }
  if let ratio = condition.ratioBelow {
    limits.append("below \(decimalText(ratio, digits: 4)) times \(playbook.baseline.name)'s")
  }
  let takesModels = playbook.rollbackScope == .model && playbook.tellsModelsApart && condition.metric.isOfModels
  let scope = takesModels ? ", or takes back the one model that it is about" : ""
  let does = action == "rollback" ? "rolls back\(scope)" : "pauses"
  var text = "\(condition.metric.rawValue) \(limits.joined(separator: " and ")) \(does)"
  if let alpha { text += " (false alarms: at most \(percentText(alpha)) of rollouts, per candidate)" }
  if case .threshold(let rule) = playbook.test { text += " (\(ruleText(rule)))" }
  return PlaybookExplanation.ConditionPart(
    action: action, metric: condition.metric, above: condition.above, ratioAbove: condition.ratioAbove,
    below: condition.below, ratioBelow: condition.ratioBelow, alpha: alpha, text: text)
}

private func ruleText(_ rule: ThresholdRule) -> String {
  var text = "over the last \(durationText(rule.window)), from \(rule.minSamples) requests on"
  if let interval = rule.interval { text += ", looked at every \(durationText(interval))" }
  if rule.failures > 1 { text += ", \(rule.failures) times in a row" }
  if rule.initialDelay > .zero { text += ", not in a stage's first \(durationText(rule.initialDelay))" }
  return text
}

func limitText(_ limit: Double, _ unit: Metric.Unit) -> String {
  switch unit {
  case .share: percentText(limit)
  case .milliseconds: durationText(.nanoseconds(Int64((limit * 1e6).rounded())))
  case .dollars: dollarsText(limit)
  case .tokensPerSecond, .score: decimalText(limit, digits: 4)
  }
}

/// What pictures and videos cost there, a sentence for each model.
func mediaPrices(_ arm: Arm) -> [String] {
  arm.prices.sorted { $0.key < $1.key }.compactMap { model, price in
    price.media.map { media in
      "\(model) costs " + media.parts.map { "\(dollarsText($0.dollars)) \($0.name)" }.joined(separator: " and ")
    }
  }
}
