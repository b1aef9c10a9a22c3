/// An HTTP client that shares nothing with the data path: libcurl, one request after the other on the caller's thread.

import CCurl
import Dialects
import Foundation
import RolloutJudge

/// Follows no redirect, reads no .netrc, keeps no cookie. Used by one thread.
final class CurlClient {
  private let handle: UnsafeMutableRawPointer
  private let settings: ProbeSettings
  private let secrets: [String]
  private let proxy: ArmProxy?
  private let stop: StopFlag

  /// Why libcurl cannot be used; nil where it can.
  private static let loadFailure: String? = crossfade_curl_load().map { String(cString: $0) }

  /// - Parameter secrets: blotted out of every text.
  init(
    settings: ProbeSettings, secrets: [String], proxy: ArmProxy? = nil, stop: StopFlag
  ) throws(TransferFailure) {
    if let failure = Self.loadFailure {
      throw TransferFailure(.local, "probing needs libcurl, which Debian has in libcurl4: \(failure)")
    }
    guard let handle = crossfade_curl_init() else { throw TransferFailure(.local, "libcurl does not start") }
    self.handle = handle
    self.settings = settings
    self.secrets = secrets
    self.proxy = proxy
    self.stop = stop
  }

  deinit { crossfade_curl_cleanup(handle) }

  struct Request {
    var url: String
    var headers: [String] = []
    /// Posted as JSON; nil: GET.
    var body: String?
    /// Another method than these.
    var method: String?
    /// The most bytes of the answer; nil: as many as of any.
    var answerBytes: Int?
    /// Whose answer it is; nil where it is no model's.
    var endpoint: Endpoint?
    /// Whether it must be made on a connection of its own.
    var isFresh = false
    var offersHTTP2 = false
    /// Only the handshake, with any certificate: nothing is sent over such a connection.
    var isHandshakeOnly = false
  }

  /// - Returns: whether it has been slept through: false where the probe is stopped.
  func sleep(_ duration: Duration) -> Bool {
    let end = ContinuousClock().now + duration
    while !stop.isSet, ContinuousClock().now < end { usleep(50_000) }
    return !stop.isSet
  }

  func perform(_ request: Request) -> Transfer {
    crossfade_curl_reset(handle)
    var settings = settings
    if let bytes = request.answerBytes { settings.answerBytes = bytes }
    let sink = AnswerSink(handle: handle, settings: settings, endpoint: request.endpoint, stop: stop)
    var list: UnsafeMutablePointer<curl_slist>?
    defer { crossfade_curl_list_free(list) }
    // curl would wait a second for 100 Continue, and add an Accept of its own.
    for line in request.headers + ["Expect:"] {
      guard let longer = crossfade_curl_list_append(list, line) else { break }
      list = longer
    }
    return withExtendedLifetime(sink) {
      configure(request, list, sink)
      let code = crossfade_curl_perform(handle)
      return transfer(code, sink, request)
    }
  }

  private func configure(_ request: Request, _ headers: UnsafeMutablePointer<curl_slist>?, _ sink: AnswerSink) {
    text(CURLOPT_URL, request.url)
    text(CURLOPT_PROTOCOLS_STR, "http,https")
    text(CURLOPT_USERAGENT, "crossfade-probe")
    configureProxy()
    number(CURLOPT_NOSIGNAL, 1)
    number(CURLOPT_FOLLOWLOCATION, 0)
    number(CURLOPT_HTTP_VERSION, request.offersHTTP2 ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1)
    number(CURLOPT_CONNECTTIMEOUT_MS, Int(settings.connectTimeout.milliseconds))
    number(CURLOPT_TIMEOUT_MS, Int(settings.timeout.milliseconds))
    number(CURLOPT_CERTINFO, 1)
    if let path = settings.certificateAuthorities { text(CURLOPT_CAINFO, path) }
    if request.isFresh {
      number(CURLOPT_FRESH_CONNECT, 1)
      number(CURLOPT_FORBID_REUSE, 1)
      number(CURLOPT_DNS_CACHE_TIMEOUT, 0)
      // A resumed session would hide what a first handshake costs.
      number(CURLOPT_SSL_SESSIONID_CACHE, 0)
    }
    if request.isHandshakeOnly {
      number(CURLOPT_CONNECT_ONLY, 1)
      number(CURLOPT_SSL_VERIFYPEER, 0)
      number(CURLOPT_SSL_VERIFYHOST, 0)
    }
    if let body = request.body {
      number(CURLOPT_POST, 1)
      number(CURLOPT_POSTFIELDSIZE, body.utf8.count)
      text(CURLOPT_COPYPOSTFIELDS, body)
    }
    if let method = request.method { text(CURLOPT_CUSTOMREQUEST, method) }
    crossfade_curl_set_list(handle, CURLOPT_HTTPHEADER, headers)
    let context = Unmanaged.passUnretained(sink).toOpaque()
    crossfade_curl_set_sink(handle, CURLOPT_WRITEFUNCTION, AnswerSink.body)
    crossfade_curl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    crossfade_curl_set_sink(handle, CURLOPT_HEADERFUNCTION, AnswerSink.head)
    crossfade_curl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    number(CURLOPT_NOPROGRESS, 0)
    crossfade_curl_set_progress(handle, AnswerSink.progress)
    crossfade_curl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
  }

  /// The arm's own, by CONNECT whatever it speaks, as the sidecar does; else none, unless the environment's is asked for.
  private func configureProxy() {
    guard let proxy else { return settings.usesProxy ? () : text(CURLOPT_PROXY, "") }
    text(CURLOPT_PROXY, "http://\(proxy.authority)")
    text(CURLOPT_NOPROXY, "")
    number(CURLOPT_HTTPPROXYTUNNEL, 1)
    number(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    if let credentials = proxy.credentials { text(CURLOPT_PROXYUSERPWD, credentials.exposed) }
  }

  private func number(_ option: CURLoption, _ value: Int) { crossfade_curl_set_long(handle, option, value) }
  private func text(_ option: CURLoption, _ value: String) { crossfade_curl_set_text(handle, option, value) }

  // MARK: what came of it

  private func transfer(_ code: CURLcode, _ sink: AnswerSink, _ request: Request) -> Transfer {
    let status = long(CURLINFO_RESPONSE_CODE)
    var times = TransferTimes(
      nameLookup: time(CURLINFO_NAMELOOKUP_TIME_T), connect: time(CURLINFO_CONNECT_TIME_T),
      handshake: time(CURLINFO_APPCONNECT_TIME_T), ready: time(CURLINFO_PRETRANSFER_TIME_T),
      firstByte: time(CURLINFO_STARTTRANSFER_TIME_T), total: time(CURLINFO_TOTAL_TIME_T))
    if request.body != nil { times.firstByte = sink.firstByte ?? .zero }
    times.firstToken = sink.firstToken
    return Transfer(
      times: times, status: status > 0 ? status : nil, httpVersion: Self.version(long(CURLINFO_HTTP_VERSION)),
      remoteAddress: address, openedConnections: long(CURLINFO_NUM_CONNECTS), certificates: certificates,
      body: sink.body, facts: sink.facts(), failure: failure(code, sink, times, request),
      location: word(CURLINFO_REDIRECT_URL))
  }

  private func long(_ info: CURLINFO) -> Int {
    var value = 0
    crossfade_curl_get_long(handle, info, &value)
    return value
  }

  private func time(_ info: CURLINFO) -> Duration {
    var microseconds: curl_off_t = 0
    crossfade_curl_get_offset(handle, info, &microseconds)
    return .microseconds(Int64(microseconds))
  }

  private func word(_ info: CURLINFO) -> String? {
    var text: UnsafePointer<CChar>?
    crossfade_curl_get_text(handle, info, &text)
    return text.flatMap { $0.pointee == 0 ? nil : String(cString: $0) }
  }

  private var address: String? {
    guard let address = word(CURLINFO_PRIMARY_IP) else { return nil }
    return "\(address.contains(":") ? "[\(address)]" : address):\(long(CURLINFO_PRIMARY_PORT))"
  }

  private var certificates: [Certificate] {
    var chain: UnsafePointer<curl_certinfo>?
    crossfade_curl_get_certificates(handle, &chain)
    guard let chain, let lists = chain.pointee.certinfo else { return [] }
    return (0..<min(Int(chain.pointee.num_of_certs), 16)).compactMap { index in
      var fields: [String] = []
      var entry = lists[index]
      while let current = entry, fields.count < 256 {
        fields.append(String(cString: current.pointee.data))
        entry = current.pointee.next
      }
      return Certificate(curlFields: fields)
    }
  }

  private static func version(_ value: Int) -> String? {
    switch value {
    case CURL_HTTP_VERSION_1_0: "1.0"
    case CURL_HTTP_VERSION_1_1: "1.1"
    case CURL_HTTP_VERSION_2_0: "2"
    case CURL_HTTP_VERSION_3: "3"
    default: nil
    }
  }

  private func failure(
    _ code: CURLcode, _ sink: AnswerSink, _ times: TransferTimes, _ request: Request
  ) -> TransferFailure? {
    if code == CURLE_OK { return nil }
    if sink.isStopped { return TransferFailure(.cancelled, "stopped") }
    if sink.isHeadTooLarge {
      return TransferFailure(.broken, "its answer's head is longer than \(settings.headBytes >> 10) KiB")
    }
    if sink.isTooLarge {
      return TransferFailure(
        .tooLarge, "its answer is longer than \((request.answerBytes ?? settings.answerBytes) >> 20) MiB")
    }
    if code == CURLE_OPERATION_TIMEDOUT { return timedOut(times, isTLS: request.url.hasPrefix("https")) }
    let text = String(cString: crossfade_curl_message(code)).withoutSecrets(secrets)
    return TransferFailure(Self.kind(code), text.prefix(1).lowercased() + text.dropFirst())
  }

  private func timedOut(_ times: TransferTimes, isTLS: Bool) -> TransferFailure {
    let limit = "\(Int(settings.connectTimeout.milliseconds)) ms"
    if times.nameLookup == .zero { return TransferFailure(.dns, "its name was not resolved within \(limit)") }
    if times.connect == .zero { return TransferFailure(.timeout, "no connection within \(limit)") }
    if isTLS, times.handshake == .zero { return TransferFailure(.timeout, "no TLS handshake within \(limit)") }
    let total = "\(Int(settings.timeout.milliseconds)) ms"
    return TransferFailure(
      .timeout,
      times.firstByte == .zero
        ? "accepts the connection but does not answer within \(total)" : "did not finish its answer within \(total)")
  }

  private static func kind(_ code: CURLcode) -> TransferFailure.Kind {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .dns
    case CURLE_COULDNT_CONNECT: .connect
    case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      .tls
    case CURLE_SSL_CACERT_BADFILE, CURLE_OUT_OF_MEMORY, CURLE_FAILED_INIT, CURLE_URL_MALFORMAT: .local
    case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING: .reset
    default: .broken
    }
  }
}

extension String {
  /// With asterisks in place of each.
  func withoutSecrets(_ secrets: [String]) -> String {
    secrets.reduce(self) { text, secret in
      text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "****")
    }
  }
}
