/// A client's place at a shared answer.

final class FlightSeat {
  let flight: Flight
  weak var client: ClientConnection?
  let exchange: Exchange
  let isFirst: Bool
  var hasHead = false
  /// Bytes of the body that it has been given.
  var offset = 0
  var hasAll = false

  init(_ flight: Flight, _ client: ClientConnection, _ exchange: Exchange, isFirst: Bool) {
    self.flight = flight
    self.client = client
    self.exchange = exchange
    self.isFirst = isFirst
  }

  /// Its client can take more.
  func resume() { flight.resume(self) }

  /// Its client has left; the others notice nothing.
  func leave() { flight.left(self) }
}
