/// The free questions to vendors of jobs, and how their answers are read.

import MediaJobs
import RolloutJudge
import Testing
import Vendors

@testable import ArmProbe

struct JobQuestionTests {
  private static let nobodys = "00000000-0000-0000-0000-000000000000"

  @Test(
    "each vendor is asked by its own poll, at its own address",
    arguments: [
      ("replicate", "GET", "/v1/predictions/\(nobodys)"), ("fal", "GET", "/fal-ai/flux/requests/\(nobodys)/status"),
      ("wavespeed", "GET", "/api/v3/predictions/\(nobodys)/result"), ("evolink", "GET", "/v1/tasks/\(nobodys)"),
      ("grsai", "POST", "/v1/draw/result"),
    ])
  func unknownJob(_ vendor: String, _ method: String, _ path: String) throws {
    let url = ArmURL(isTLS: true, host: "jobs.example", port: 443, basePath: path.hasPrefix("/v1") ? "/v1" : "")
    let jobs = ArmJobs(try #require(Vendor.named(vendor)?.jobs), at: url)
    let question = JobQuestion.unknownJob(jobs, jobs.form, model: "fal-ai/flux/schnell")
    #expect(question.method == method)
    #expect(question.url == "https://jobs.example\(path)")
    #expect(question.body == (method == "POST" ? #"{"id":"\#(Self.nobodys)"}"# : ""))
  }

  @Test("only a vendor that has a place for a model is asked for it")
  func model() throws {
    let url = ArmURL(isTLS: true, host: "jobs.example", port: 443, basePath: "/v1")
    for vendor in ["replicate", "fal", "wavespeed", "evolink", "grsai"] {
      let jobs = ArmJobs(try #require(Vendor.named(vendor)?.jobs), at: url)
      let question = JobQuestion.model("owner/painter", jobs, jobs.form)
      #expect(question?.url == (vendor == "replicate" ? "https://jobs.example/v1/models/owner/painter" : nil))
      #expect(JobQuestion.model("owner/../painter?x", jobs, jobs.form) == nil)
    }
  }

  @Test("a key is refused by a status or by words")
  func replies() throws {
    let form = try #require(Vendor.named("grsai")?.jobs?.pictures)
    func reply(_ status: Int, _ body: String = "{}") -> JobReply {
      JobReply(status: status, body: Array(body.utf8), form)
    }
    #expect(reply(401) == .refused(status: 401))
    #expect(reply(200, #"{"code":-1,"msg":"invalid api key"}"#) == .refused(status: 200))
    #expect(reply(200, #"{"code":-22,"msg":"task not found"}"#) == .heard(isThere: false))
    #expect(reply(200, #"{"code":0,"msg":"success","data":{}}"#) == .heard(isThere: true))
    #expect(reply(404) == .heard(isThere: false))
    #expect(reply(402) == .unpaid)
    for status in [301, 429, 500, 503] { #expect(reply(status) == .unclear(status: status)) }
  }
}
