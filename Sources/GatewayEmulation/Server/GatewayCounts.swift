/// Running totals of an emulated gateway, and what is open now.
package struct GatewayCounts: Sendable, Equatable {
  /// Requests whose answer began, or that the peer gave up.
  package var requests = 0
  package var complete = 0
  package var cut = 0
  package var abandoned = 0
  package var connections = 0
  package var openConnections = 0
  /// Connections reset right after accept.
  package var refusedConnections = 0
  /// Connections that ended in bytes that are no request, in too much pipelining, or in a failed TLS handshake.
  package var malformedConnections = 0
  /// Requests no longer in `received`, because the record is bounded.
  package var forgotten = 0
  package var jobs = JobCounts()
}
