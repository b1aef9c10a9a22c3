/// All runs of a simulation, side by side on every core, with a bar on a terminal meanwhile.

import Foundation
import RolloutSimulation
import Synchronization

struct Rehearsals {
  let simulation: Simulation

  init(_ simulation: Simulation) { self.simulation = simulation }

  /// - Returns: As many as the scenario asks for, in no particular order.
  func run() async -> [SimulatedRun] {
    let simulation = simulation
    let count = simulation.scenario.runs
    let numbers = RunNumbers()
    let bar = ProgressBar(of: count, "runs")
    let cores = max(1, min(count, ProcessInfo.processInfo.activeProcessorCount))
    return await withTaskGroup(of: [SimulatedRun].self) { group in
      for _ in 0..<cores {
        group.addTask {
          var own: [SimulatedRun] = []
          while true {
            let number = numbers.next
            guard number <= count else { return own }
            own.append(simulation.run(number))
            bar.advance()
          }
        }
      }
      var all: [SimulatedRun] = []
      for await runs in group { all += runs }
      bar.finish()
      return all
    }
  }
}

/// 1, 2, 3…, each given out once.
private final class RunNumbers: Sendable {
  private let given = Atomic<Int>(0)

  var next: Int { given.add(1, ordering: .relaxed).newValue }
}

/// Drawn over itself on standard error; where that is no terminal, a line every ten seconds.
final class ProgressBar: Sendable {
  private let count: Int
  private let what: String
  private let isShown = isatty(2) == 1
  private let began = ContinuousClock.now
  private let state = Mutex<(done: Int, drawnAt: ContinuousClock.Instant?)>((0, nil))

  init(of count: Int, _ what: String) {
    self.count = count
    self.what = what
  }

  func advance() {
    let pause: Duration = isShown ? .milliseconds(100) : .seconds(10)
    let done: Int? = state.withLock { state in
      state.done += 1
      let now = ContinuousClock.now
      let last = state.drawnAt ?? (isShown ? nil : began)
      if let last, now - last < pause, !isShown || state.done < count { return nil }
      state.drawnAt = now
      return state.done
    }
    if let done { draw(done) }
  }

  private func draw(_ done: Int) {
    let passed = ContinuousClock.now - began
    let left = done > 0 ? passed / Double(done) * Double(count - done) : .zero
    let words =
      "\(FigureText.count(done)) of \(FigureText.count(count)) \(what), \(FigureText.seconds(left)) left"
    let bar = Glyphs.unicode.bar(Double(done) / Double(count), width: 30)
    let text = isShown ? "\r\(bar) \(words)\u{1b}[K" : words + "\n"
    FileHandle.standardError.write(Data(text.utf8))
  }

  func finish() {
    if isShown { FileHandle.standardError.write(Data("\r\u{1b}[K".utf8)) }
  }
}
