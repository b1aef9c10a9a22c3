import Testing

@testable import Listening

@Suite struct AcceptMachineTests {
  @Test("it stops when all places are taken, and goes on when one is free")
  func full() {
    var machine = AcceptMachine()
    #expect(machine.placesTaken() == .pause)
    #expect(machine.placesTaken() == .nothing, "those of the same burst")
    #expect(!machine.isAccepting)
    #expect(machine.placeFreed() == .resume)
    #expect(machine.placeFreed() == .nothing)
    #expect(machine.isAccepting)
  }

  @Test("after a failure it rests, longer each time, and never longer than a second")
  func resting() {
    var machine = AcceptMachine()
    var rests: [Int] = []
    for _ in 0..<8 {
      guard case .pauseFor(let milliseconds) = machine.failed() else { return #expect(Bool(false)) }
      rests.append(milliseconds)
      #expect(machine.failed() == .nothing, "it rests already")
      #expect(machine.rested() == .resume)
    }
    #expect(rests == [50, 100, 200, 400, 800, 1000, 1000, 1000])
    machine.accepted()
    #expect(machine.failed() == .pauseFor(milliseconds: 50), "one that could be accepted ends the row")
  }

  @Test("every order of events leaves it accepting exactly while there is room and no rest")
  func enumerated() {
    enum Event: CaseIterable { case placesTaken, placeFreed, failed, rested }
    func walk(_ machine: AcceptMachine, isFull: Bool, isResting: Bool, isPaused: Bool, depth: Int) {
      #expect(machine.isAccepting == (!isFull && !isResting))
      #expect(isPaused == !machine.isAccepting, "the socket is where the machine thinks it is")
      guard depth > 0 else { return }
      for event in Event.allCases {
        var (next, full, resting, paused) = (machine, isFull, isResting, isPaused)
        let action: AcceptMachine.Action
        switch event {
        case .placesTaken: (action, full) = (next.placesTaken(), true)
        case .placeFreed: (action, full) = (next.placeFreed(), false)
        case .failed: (action, resting) = (next.failed(), true)
        case .rested: (action, resting) = (next.rested(), false)
        }
        switch action {
        case .pause, .pauseFor: paused = true
        case .resume: paused = false
        case .nothing: break
        }
        walk(next, isFull: full, isResting: resting, isPaused: paused, depth: depth - 1)
      }
    }
    walk(AcceptMachine(), isFull: false, isResting: false, isPaused: false, depth: 6)
  }
}
