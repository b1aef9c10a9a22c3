import Foundation
import Testing

@testable import OperatorLog

@Suite("DescriptorSink")
struct DescriptorSinkTests {
  /// A pipe whose reader stands still until it is told to read.
  private struct Pipe: ~Copyable {
    let reader: Int32
    let writer: Int32

    init() {
      var ends: [Int32] = [0, 0]
      precondition(pipe(&ends) == 0)
      (reader, writer) = (ends[0], ends[1])
    }

    /// What is in the pipe now.
    func read() -> [UInt8] {
      var result: [UInt8] = []
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      var ready = pollfd(fd: reader, events: Int16(POLLIN), revents: 0)
      while poll(&ready, 1, 0) == 1 {
        let count = Foundation.read(reader, &buffer, buffer.count)
        guard count > 0 else { break }
        result += buffer[..<count]
      }
      return result
    }

    deinit {
      close(reader)
      close(writer)
    }
  }

  private func line(_ number: Int, length: Int) -> [UInt8] {
    Array("\(number):".utf8) + Array(repeating: UInt8(ascii: "x"), count: length) + [0x0a]
  }

  @Test("Lines arrive whole and in order")
  func order() {
    let pipe = Pipe()
    let sink = DescriptorSink(descriptor: pipe.writer)
    let lines = (0..<10).map { line($0, length: $0 * 700) }
    for line in lines { #expect(sink.write(line)) }
    #expect(pipe.read() == lines.flatMap(\.self))
  }

  @Test("A reader that has gone refuses every line, without a signal and without a wait")
  func brokenPipe() {
    var ends: [Int32] = [0, 0]
    precondition(pipe(&ends) == 0)
    close(ends[0])
    let sink = DescriptorSink(descriptor: ends[1], patience: 60_000)
    for number in 0..<1000 { #expect(!sink.write(line(number, length: 10))) }
    close(ends[1])
  }

  @Test("A reader that stalls is waited for once; later lines are refused until it reads again, and no line is torn")
  func stalledReader() {
    let pipe = Pipe()
    let sink = DescriptorSink(descriptor: pipe.writer, patience: 1)
    var taken: [[UInt8]] = []
    for number in 0..<500 {
      let line = line(number, length: 1000)
      if sink.write(line) { taken.append(line) }
    }
    #expect(taken.count < 200)
    #expect(sink.waits == 1)
    var read = pipe.read()
    let last = line(1000, length: 5)
    #expect(sink.write(last))
    read += pipe.read()
    #expect(read == (taken + [last]).flatMap(\.self))
  }

  @Test("A reader that is always a little late is waited for once in a hundred lines")
  func lateReader() {
    let pipe = Pipe()
    let sink = DescriptorSink(descriptor: pipe.writer, patience: 1)
    var taken = 0
    for number in 0..<5000 {
      if sink.write(line(number, length: 1000)) { taken += 1 } else { _ = pipe.read() }
    }
    #expect(taken > 4000 && taken < 5000)
    #expect(sink.waits >= 1 && sink.waits <= taken / 100 + 1)
  }

  @Test("A long line that only half fits is finished before the next one begins")
  func halfALine() {
    let pipe = Pipe()
    let sink = DescriptorSink(descriptor: pipe.writer, patience: 1)
    let long = line(1, length: 60_000)
    #expect(sink.write(long))
    #expect(sink.write(long), "begun, so it counts as taken")
    #expect(!sink.write(long), "the rest of the one before still waits")
    var read = pipe.read()
    let next = line(2, length: 10)
    #expect(sink.write(next))
    read += pipe.read()
    #expect(read == long + long + next)
  }

  @Test("Lines of many threads are never mixed")
  func threads() async {
    var ends: [Int32] = [0, 0]
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("sink-\(UUID().uuidString)").path
    ends[1] = open(path, O_CREAT | O_RDWR | O_EXCL, 0o600)
    defer {
      close(ends[1])
      unlink(path)
    }
    let sink = DescriptorSink(descriptor: ends[1])
    await withTaskGroup(of: Void.self) { group in
      for number in 0..<8 {
        group.addTask { for _ in 0..<50 { _ = sink.write(line(number, length: 9000)) } }
      }
    }
    let written = FileManager.default.contents(atPath: path) ?? Data()
    let lines = written.split(separator: 0x0a).map { Array($0) + [0x0a] }
    #expect(lines.count == 400)
    #expect(lines.allSatisfy { found in (0..<8).contains { found == line($0, length: 9000) } })
  }

  @Test("A closed descriptor refuses lines")
  func closedDescriptor() {
    let sink = DescriptorSink(descriptor: 1_000_000)
    #expect(!sink.write([0x0a]))
    #expect(!sink.isTerminal)
  }
}
