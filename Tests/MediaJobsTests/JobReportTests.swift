/// The documents of five vendors, read as their own clients read them.

import Testing
import Vendors

@testable import MediaJobs

struct JobReportTests {
  struct Document: CustomTestStringConvertible, Sendable {
    var vendor: String
    var text: String
    var state: JobReport.State
    var id: String?
    var outputs: [String] = []
    var error: String?
    var testDescription: String { "\(vendor): \(text.prefix(60))" }
  }

  private static let documents: [Document] = [
    Document(
      vendor: "replicate", text: #"{"id":"a1","status":"starting","output":null,"error":null}"#, state: .running,
      id: "a1"),
    Document(
      vendor: "replicate", text: #"{"id":"a1","status":"succeeded","output":["https://r/0.webp"],"error":null}"#,
      state: .succeeded, id: "a1", outputs: ["https://r/0.webp"]),
    Document(
      vendor: "replicate", text: #"{"id":"a1","status":"succeeded","output":"https://r/0.webp"}"#, state: .succeeded,
      id: "a1", outputs: ["https://r/0.webp"]),
    Document(
      vendor: "replicate", text: #"{"id":"a1","status":"failed","error":"NSFW content detected","output":null}"#,
      state: .failed, id: "a1", error: "NSFW content detected"),
    Document(vendor: "replicate", text: #"{"id":"a1","status":"canceled"}"#, state: .cancelled, id: "a1"),
    Document(
      vendor: "fal", text: #"{"status":"IN_QUEUE","request_id":"7","queue_position":2}"#, state: .running, id: "7"),
    Document(vendor: "fal", text: #"{"status":"IN_PROGRESS","request_id":"7","logs":[]}"#, state: .running, id: "7"),
    Document(
      vendor: "fal", text: #"{"status":"COMPLETED","request_id":"7","error":"Runner disconnected"}"#, state: .failed,
      id: "7", error: "Runner disconnected"),
    Document(vendor: "fal", text: #"{"status":"COMPLETED","request_id":"7"}"#, state: .succeeded, id: "7"),
    Document(
      vendor: "fal", text: #"{"images":[{"url":"https://f/1.png","width":2},{"url":"https://f/2.png"}],"seed":42}"#,
      state: .succeeded, outputs: ["https://f/1.png", "https://f/2.png"]),
    Document(
      vendor: "fal", text: #"{"detail":[{"loc":["body","prompt"],"msg":"field required","type":"value_error"}]}"#,
      state: .unsaid, error: "prompt: field required"),
    Document(
      vendor: "wavespeed",
      text: #"{"code":200,"message":"success","data":{"id":"9f","outputs":[],"status":"created","error":""}}"#,
      state: .running, id: "9f"),
    Document(
      vendor: "wavespeed",
      text: #"{"code":200,"data":{"id":"9f","outputs":["https://w/1.jpeg"],"status":"completed","error":""}}"#,
      state: .succeeded, id: "9f", outputs: ["https://w/1.jpeg"]),
    Document(
      vendor: "wavespeed", text: #"{"code":200,"data":{"id":"9f","status":"failed","error":"flagged as sensitive"}}"#,
      state: .failed, id: "9f", error: "flagged as sensitive"),
    Document(
      vendor: "evolink", text: #"{"id":"task-unified-1-a","status":"pending","usage":{"credits_reserved":2.5}}"#,
      state: .running, id: "task-unified-1-a"),
    Document(
      vendor: "evolink", text: #"{"id":"t","status":"completed","results":["https://e/1.png"]}"#, state: .succeeded,
      id: "t", outputs: ["https://e/1.png"]),
    Document(
      vendor: "evolink",
      text:
        #"{"id":"t","status":"failed","error":{"code":"content_policy_violation","message":"Prompt was rejected"}}"#,
      state: .failed, id: "t", error: "Prompt was rejected"),
    Document(vendor: "grsai", text: #"{"code":0,"msg":"success","data":{"id":"14-3"}}"#, state: .unsaid, id: "14-3"),
    Document(
      vendor: "grsai",
      text:
        #"{"code":0,"data":{"id":"14-3","status":"succeeded","results":[{"url":"https://g/1.png","content":"done"}]}}"#,
      state: .succeeded, id: "14-3", outputs: ["https://g/1.png"]),
    Document(
      vendor: "grsai",
      text:
        #"data: {"code":0,"data":{"id":"14-3","status":"failed","results":[],"failure_reason":"input_moderation"}}"#,
      state: .failed, id: "14-3", error: "input_moderation"),
  ]

  @Test(arguments: documents)
  func `A document says what its vendor means by it`(document: Document) throws {
    let form = try #require(Vendor.named(document.vendor)?.jobs?.pictures)
    let report = try #require(JobReport(Array(document.text.utf8), form))
    #expect(report.state == document.state)
    #expect(report.id == document.id)
    #expect(report.outputs == document.outputs)
    #expect(report.error == document.error)
    #expect(!report.isRefused)
  }

  @Test func `A refusal under a status of success is one`() throws {
    let form = try #require(Vendor.named("grsai")?.jobs?.pictures)
    let report = try #require(JobReport(Array(#"{"code":-22,"msg":"task not found","data":null}"#.utf8), form))
    #expect(report.isRefused)
    #expect(report.error == "task not found")
  }

  @Test(arguments: ["{}extra", "[1]", "<html>", "", "null", #"{"id":"#])
  func `What is no object is no document`(text: String) throws {
    let form = try #require(Vendor.named("replicate")?.jobs?.pictures)
    #expect(JobReport(Array(text.utf8), form) == nil)
  }

  @Test(arguments: [#"{"id":"../admin"}"#, #"{"id":"a b"}"#, #"{"id":".."}"#, #"{"id":"a\r\nHost: x"}"#, #"{"id":""}"#])
  func `An id that would lead elsewhere is none`(text: String) throws {
    let form = try #require(Vendor.named("replicate")?.jobs?.pictures)
    #expect(JobReport(Array(text.utf8), form)?.id == nil)
  }

  @Test func `Of a job's address only the path counts, whatever host it names`() throws {
    let form = try #require(Vendor.named("replicate")?.jobs?.pictures)
    let text = #"{"id":"a","urls":{"get":"https://evil.example/v1/predictions/a?x=1#f","cancel":"file:///etc/passwd"}}"#
    let report = try #require(JobReport(Array(text.utf8), form))
    #expect(report.pollPath == "/v1/predictions/a?x=1")
    #expect(report.cancelPath == nil)
  }
}

struct MediaURLTests {
  @Test func `An address is taken apart`() throws {
    let url = try #require(MediaURL("https://V3.fal.media:8443/files/x.png?sig=a%2Bb#frag"))
    #expect(url.host == "v3.fal.media")
    #expect(url.port == 8443)
    #expect(url.isTLS)
    #expect(url.path == "/files/x.png?sig=a%2Bb")
    #expect(MediaURL("http://h")?.path == "/")
    #expect(MediaURL("https://[2001:db8::1]/x")?.host == "2001:db8::1")
  }

  @Test func `A redirect may be relative to where it comes from`() throws {
    let url = try #require(MediaURL("https://h:444/a/b.png?x=1"))
    #expect(url.following("/c.png")?.path == "/c.png")
    #expect(url.following("c.png")?.path == "/a/c.png")
    #expect(url.following("//other/c.png")?.host == "other")
    #expect(url.following("https://third/d")?.host == "third")
    #expect(url.following("file:///etc/passwd") == nil)
    #expect(url.following("/c.png")?.port == 444)
  }

  @Test(arguments: [
    "ftp://h/x", "https://user:pass@h/x", "https:///x", "https://h/a b", "https://h/\r\nX: 1", "https://h:99999/",
    "//h/x",
    "https://h\\@evil/", "data:image/png;base64,AA",
  ])
  func `What cannot be fetched is refused`(text: String) { #expect(MediaURL(text) == nil) }

  @Test(arguments: [
    "http://127.0.0.1/x", "http://10.1.2.3/x", "http://192.168.0.1/", "http://169.254.169.254/latest",
    "http://localhost/",
    "http://[::1]/", "http://[fd00::1]/", "http://172.20.0.1/", "http://100.64.0.1/", "http://2130706433/",
    "http://0x7f000001/",
    "http://metadata.google.internal/", "http://[::ffff:10.0.0.1]/", "http://printer.local/",
  ])
  func `An address of this machine or its network is told`(text: String) {
    #expect(MediaURL(text)?.isPrivate == true)
  }

  @Test(arguments: [
    "https://replicate.delivery/x", "https://8.8.8.8/", "https://172.32.0.1/", "https://[2606:4700::1]/",
  ])
  func `A public address is told from one`(text: String) { #expect(MediaURL(text)?.isPrivate == false) }
}

struct VideoIDTests {
  @Test func `An id names its arm, and comes back as it was`() {
    let id = VideoID(arm: "fal", job: "7-a.b")
    #expect(id.text == "cf.fal.7-a.b")
    #expect(VideoID(id.text, among: ["fal", "openrouter"]) == id)
  }

  @Test func `Of two names that fit the longer one is meant`() {
    #expect(VideoID("cf.fal.eu.7", among: ["fal", "fal.eu"]) == VideoID(arm: "fal.eu", job: "7"))
  }

  @Test(arguments: ["vid_01", "cf.other.7", "cf.fal.", "cf.fal.a/b", "cf.fal...", "cf"])
  func `Another id is not ours`(text: String) { #expect(VideoID(text, among: ["fal"]) == nil) }
}

struct VideoJobTests {
  private func form(_ vendor: String) throws -> JobForm { try #require(Vendor.named(vendor)?.jobs?.videos) }

  @Test func `A vendor's own id is enough where its addresses are made from it`() throws {
    let form = try form("replicate")
    let job = VideoJob(id: "r4k3v9", JobReport(), form)
    #expect(job.text == "r4k3v9")
    #expect(VideoJob(job.text, form) == job)
  }

  @Test func `Where they are not, the id holds them`() throws {
    let form = try form("fal")
    var report = JobReport()
    report.pollPath = "/fal-ai/veo3/requests/764cabcf/status"
    report.resultPath = "/fal-ai/veo3/requests/764cabcf"
    let job = try #require(VideoJob(VideoJob(id: "764cabcf", report, form).text, form))
    #expect(job.pollPath == report.pollPath)
    #expect(job.resultPath == report.resultPath)
  }

  @Test(arguments: [
    "/v1/account", "/admin/requests/x/status", "/a/b/requests/%2e%2e/status", "/a/b/requests/1/status/more",
    "/fal-ai/x/requests/../../../v1/keys", "/fal-ai/x/requests/1?x=/", "/a/requests/1\r\nX: y",
    "requests/",
  ])
  func `An id that a client made up leads nowhere else`(path: String) throws {
    let form = try form("fal")
    let hex = path.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(VideoJob("~0~\(hex)", form) == nil)
    #expect(VideoJob("~999~2f612f72657175657374732f31", form) == nil)
    #expect(VideoJob("plain", form) == nil)
  }
}
