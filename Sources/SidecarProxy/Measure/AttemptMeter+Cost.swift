/// What an attempt has cost, or can have cost at most.

import Dialects
import RolloutJudge

extension AttemptMeter {
  /// - Returns: nil where nothing can have been billed: an error status, or no request read.
  func costAtMost(_ outcome: Outcome, _ transport: TransportEnd, _ usage: TokenUsage?) -> Double? {
    // A job that was created, or may have been, is billed whatever came of it.
    if let job = jobNote?.figures, job.isPossiblyBilled || job.fate != .absent { return job.bound }
    guard transport != .unreachable, status.map({ (200..<300).contains($0) }) ?? (transport != .cut) else { return nil }
    var bound = bound
    bound.usage = usage
    bound.isCut = transport != .complete && !isStreamOver
    let price = price ?? boundPrice
    if let endpoint = endpoints?.spoken, endpoint.isMedia {
      return (price.media ?? boundPrice.media ?? .unknown).bound(amount ?? MediaAmount(), of: endpoint)
    }
    return bound.dollars(input: price.input, output: price.output)
  }

  /// The cost that the arm reports, else by the playbook's prices, else unknown: as what nobody can believe is.
  /// - Parameter pictures: whole ones that came.
  func cost(reported: Double?, _ usage: TokenUsage?, pictures: Int) -> (Double?, CostSource) {
    let (cost, source) = told(reported: reported, usage, pictures: pictures)
    return PlausibleCost.of(cost) == nil ? (nil, .unknown) : (cost, source)
  }

  private func told(reported: Double?, _ usage: TokenUsage?, pictures: Int) -> (Double?, CostSource) {
    if let job = jobNote?.figures, let cost = job.cost {
      return job.dollars == nil ? (cost, .derived) : (cost * costFactor, .reported)
    }
    // What a video costs is settled when it is made: at its creation some say 0, which is no cost.
    let isPromise = endpoints?.spoken == .videos
    if let reported = reported ?? headerCost, reported > 0 || !isPromise {
      return (reported * costFactor, .reported)
    }
    if let endpoint = endpoints?.spoken, endpoint.isMedia, let media = price?.media {
      guard let dollars = mediaCost(media, endpoint, pictures: pictures) else { return (nil, .unknown) }
      return (dollars, .derived)
    }
    // An arm that counts nothing at all has not counted.
    guard let usage, usage.prompt + usage.completion > 0, let price, price.isOfTokens else {
      return (nil, .unknown)
    }
    let derived = derivedCost(
      usage: usage, input: price.input, output: price.output, cachedInput: price.cachedInput,
      cacheWrite: price.cacheWrite)
    return (derived, derived == nil ? .unknown : .derived)
  }

  private func mediaCost(_ price: MediaPrice, _ endpoint: Endpoint, pictures: Int) -> Double? {
    guard var amount, status.map({ (200..<300).contains($0) }) ?? false, endpoint == .videos || pictures > 0 else {
      return nil
    }
    amount.pictures = pictures
    return price.dollars(amount, of: endpoint)
  }
}
