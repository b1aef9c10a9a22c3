/// Whether events come in crowds, which decides whether what is written leaves at once.

import Testing

@testable import SidecarProxy

@Suite struct LoadGaugeTests {
  private static let window = LoadGauge.window

  /// So many entries in a window, evenly spread, for so many windows.
  private func feed(_ gauge: inout LoadGauge, perWindow: Int, windows: Int, from start: Int64 = 0) {
    for window in 0..<windows {
      for entry in 0..<perWindow {
        gauge.noteEntry(at: start + Int64(window) * Self.window + Int64(entry) * Self.window / Int64(perWindow))
      }
    }
  }

  @Test("a few requests now and then are no crowd, however long they go on")
  func quiet() {
    var gauge = LoadGauge()
    feed(&gauge, perWindow: LoadGauge.crowd - 1, windows: 100)
    #expect(!gauge.isBusy)
  }

  @Test("a crowd is known after one window, and gone after the next quiet one")
  func crowd() {
    var gauge = LoadGauge()
    feed(&gauge, perWindow: LoadGauge.crowd, windows: 1)
    #expect(!gauge.isBusy)
    feed(&gauge, perWindow: 1, windows: 1, from: Self.window)
    #expect(gauge.isBusy)
    feed(&gauge, perWindow: 1, windows: 1, from: 2 * Self.window)
    #expect(!gauge.isBusy)
  }

  @Test("a crowd of long ago says nothing about now")
  func longAgo() {
    var gauge = LoadGauge()
    feed(&gauge, perWindow: 100, windows: 1)
    gauge.noteEntry(at: 1000 * Self.window)
    #expect(!gauge.isBusy)
  }
}
