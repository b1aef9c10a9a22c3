/// A job's life as every vendor tells it: created once, asked after patiently, fetched, called off.

import Testing
import Vendors

@testable import MediaJobs

struct JobMachineTests {
  private let replicate = Vendor.named("replicate")?.jobs?.pictures
  private let fal = Vendor.named("fal")?.jobs?.pictures

  private func machine(_ form: JobForm?) throws -> (JobMachine, JobForm) {
    let form = try #require(form)
    return (JobMachine(form), form)
  }

  private func reply(_ text: String, _ form: JobForm) throws -> JobMachine.Reply {
    .report(try #require(JobReport(Array(text.utf8), form)))
  }

  private let created = #"""
    {"id":"r4k3v9","status":"starting","output":null,"error":null,
     "urls":{"get":"https://api.replicate.com/v1/predictions/r4k3v9","cancel":"https://api.replicate.com/v1/predictions/r4k3v9/cancel"}}
    """#

  @Test func `A job is journaled before it is asked after, asked after until it is done, and then fetched`() throws {
    var (machine, form) = try machine(replicate)
    #expect(machine.start() == [.submit])
    #expect(
      machine.created(try reply(created, form)) == [.journal(id: "r4k3v9"), .wait(.milliseconds(500), isAsked: false)])
    #expect(machine.woke() == [.poll])
    #expect(machine.report.pollPath == "/v1/predictions/r4k3v9")
    #expect(
      machine.polled(try reply(#"{"id":"r4k3v9","status":"processing"}"#, form), retryAfter: nil)
        == [.wait(.milliseconds(750), isAsked: false)])
    #expect(machine.woke() == [.poll])
    let done =
      #"{"id":"r4k3v9","status":"succeeded","output":["https://f.example/a.webp","https://f.example/b.webp"],"metrics":{"predict_time":0.85}}"#
    #expect(machine.polled(try reply(done, form), retryAfter: nil) == [.fetch(file: 0)])
    #expect(machine.fetched() == [.fetch(file: 1)])
    #expect(machine.fetched() == [.finish])
    #expect(machine.report.seconds == 0.85)
    #expect(machine.polls == 2)
    #expect(machine.phase == .ended)
  }

  @Test func `The wait between polls grows to five seconds and no further`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    var waits: [Duration] = []
    for _ in 0..<10 {
      _ = machine.woke()
      for case .wait(let duration, _) in machine.polled(try reply(#"{"status":"queued"}"#, form), retryAfter: nil) {
        waits.append(duration)
      }
    }
    #expect(waits.first == .milliseconds(750))
    #expect(waits.last == .seconds(5))
    #expect(waits == waits.sorted())
  }

  @Test func `A vendor that says when to come back is obeyed, up to a minute`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    _ = machine.woke()
    #expect(
      machine.polled(.refused(status: 429, message: nil), retryAfter: .seconds(7)) == [
        .wait(.seconds(7), isAsked: true)
      ])
    _ = machine.woke()
    #expect(
      machine.polled(.refused(status: 503, message: nil), retryAfter: .seconds(900))
        == [.wait(.seconds(60), isAsked: true)])
  }

  @Test(arguments: [400, 401, 402, 403, 404, 409, 422, 429, 500, 503])
  func `A creation that is refused is never asked for again`(status: Int) throws {
    var (machine, _) = try machine(replicate)
    #expect(
      machine.created(.refused(status: status, message: "no")) == [.fail(.refused(status: status, message: "no"))])
    #expect(machine.phase == .ended)
  }

  @Test func `A creation that was sent and not answered may be billed; one that was never sent is not`() throws {
    var (sent, _) = try machine(replicate)
    #expect(sent.creationLost(wasSent: true) == [.possiblyBilled, .fail(.lost)])
    var (unsent, _) = try machine(replicate)
    #expect(unsent.creationLost(wasSent: false) == [.fail(.failed(nil))])
  }

  @Test func `A poll that fails tells nothing, whatever way it fails`() throws {
    for reply: JobMachine.Reply in [
      .unreadable, .refused(status: 502, message: nil), .refused(status: 429, message: nil),
    ] {
      var (machine, form) = try machine(replicate)
      _ = machine.created(try self.reply(created, form))
      for _ in 0..<30 {
        #expect(machine.woke() == [.poll])
        #expect(machine.polled(reply, retryAfter: nil).count == 1)
        #expect(machine.phase == .waiting(result: false))
      }
    }
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    _ = machine.woke()
    #expect(machine.pollLost().count == 1)
  }

  @Test func `A job that its vendor does not find yet is looked for three times`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    for _ in 0..<3 {
      _ = machine.woke()
      #expect(machine.polled(.refused(status: 404, message: nil), retryAfter: nil).count == 1)
    }
    _ = machine.woke()
    #expect(
      machine.polled(.refused(status: 404, message: nil), retryAfter: nil) == [
        .fail(.failed("the vendor does not know it"))
      ])
  }

  @Test func `A job that was found once and is lost afterwards has failed`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    _ = machine.woke()
    _ = machine.polled(try reply(#"{"status":"processing"}"#, form), retryAfter: nil)
    _ = machine.woke()
    #expect(
      machine.polled(.refused(status: 404, message: "gone"), retryAfter: nil) == [.fail(.failed("gone"))])
  }

  @Test func `A result that is kept elsewhere is asked for there, and its refusal is the job's failure`() throws {
    let queued = #"""
      {"status":"IN_QUEUE","request_id":"7","response_url":"https://queue.fal.run/fal-ai/flux/requests/7",
       "status_url":"https://queue.fal.run/fal-ai/flux/requests/7/status","cancel_url":"https://queue.fal.run/fal-ai/flux/requests/7/cancel"}
      """#
    for isGood in [true, false] {
      var (machine, form) = try machine(fal)
      _ = machine.created(try reply(queued, form))
      #expect(machine.woke() == [.poll])
      #expect(
        machine.polled(try reply(#"{"status":"COMPLETED","request_id":"7"}"#, form), retryAfter: nil) == [.askForResult]
      )
      #expect(machine.report.resultPath == "/fal-ai/flux/requests/7")
      let answer =
        isGood
        ? try reply(#"{"images":[{"url":"https://v3.fal.media/x.png","width":1}]}"#, form)
        : .refused(status: 422, message: "prompt: too rude")
      #expect(
        machine.polled(answer, retryAfter: nil) == (isGood ? [.fetch(file: 0)] : [.fail(.failed("prompt: too rude"))]))
    }
  }

  @Test func `Whoever leaves has the job called off, as does the deadline`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(created, form))
    var other = machine
    #expect(machine.clientLeft() == [.cancel])
    #expect(other.deadlinePassed() == [.cancel, .fail(.expired)])
    #expect(other.deadlinePassed() == [])
  }

  @Test func `A client that leaves before the job has a name has it called off as soon as it has one`() throws {
    var (machine, form) = try machine(replicate)
    #expect(machine.clientLeft() == [])
    #expect(machine.created(try reply(created, form)) == [.cancel])
    #expect(machine.phase == .ended)
  }

  @Test func `A deadline that passes before the job has a name leaves a job that may be billed`() throws {
    var (machine, _) = try machine(replicate)
    #expect(machine.deadlinePassed() == [.possiblyBilled, .fail(.expired)])
  }

  @Test func `A file is fetched three times while nothing of it has been given, and once when something has`() throws {
    var (machine, form) = try machine(replicate)
    _ = machine.created(try reply(#"{"id":"a","status":"succeeded","output":"https://f.example/a.png"}"#, form))
    #expect(machine.phase == .fetching(file: 0))
    var begun = machine
    #expect(machine.fileFailed("404", mayTryAgain: true).count == 1)
    #expect(machine.woke() == [.fetch(file: 0)])
    #expect(machine.fileFailed("404", mayTryAgain: true).count == 1)
    #expect(machine.fileFailed("404", mayTryAgain: true) == [.fail(.noFile("404"))])
    #expect(begun.fileFailed("cut", mayTryAgain: false) == [.fail(.noFile("cut"))])
  }
}
