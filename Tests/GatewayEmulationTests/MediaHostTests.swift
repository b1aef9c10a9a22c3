import Foundation
import Testing

@testable import GatewayEmulation

@Suite("Media of hosts")
struct MediaHostTests {
  private static let prompt = #"{"model":"m","prompt":"A red kite"}"#

  @Test("OpenRouter: pictures at once as bytes, whole and streamed, videos by jobs")
  func openRouter() throws {
    var asker = try MediaAsker("openrouter")
    let body = #"{"model":"google/gemini-2.5-flash-image","prompt":"x","n":2,"aspect_ratio":"16:9","resolution":"2K"}"#
    let told = try asker.ask("POST", "/api/v1/images", body)
    #expect(told.status == 200 && told.wait == .seconds(4) && told["usage.cost"] as? Double == 0.08)
    #expect((told["data"] as? [Any])?.count == 2 && told["data.0.media_type"] as? String == "image/png")
    let picture = try #require(Data(base64Encoded: told["data.1.b64_json"] as? String ?? ""))
    #expect(picture.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    #expect(asker.board.all[0].asked.width == 2688 && asker.board.all[0].asked.height == 1536)
    let streamed = try asker.ask("POST", "/images", #"{"model":"m","prompt":"x","stream":true}"#)
    #expect(streamed.text.contains("image_generation.completed") && streamed.text.hasSuffix("data: [DONE]\n\n"))

    let created = try asker.ask("POST", "/api/v1/videos", #"{"model":"m","prompt":"x","duration":8}"#)
    #expect(created.status == 202 && created["status"] as? String == "pending")
    let poll = try #require(created["polling_url"] as? String)
    #expect(try asker.ask("GET", poll, at: 2)["status"] as? String == "in_progress")
    #expect(try asker.ask("GET", poll + "/content", at: 2).status == 404)
    let done = try asker.ask("GET", poll, at: 4)
    #expect(done["status"] as? String == "completed" && done["usage.cost"] as? Double == 0.32)
    let address = try #require(done["unsigned_urls.0"] as? String)
    #expect(try asker.ask("GET", address, at: 4).headers["Content-Type"] == "video/mp4")
    #expect(try asker.ask("GET", poll + "/content", at: 4).headers["Content-Type"] == "video/mp4")
    #expect(asker.board.counts.contents == 2 && asker.board.counts.filesFetched == 1)
  }

  @Test(
    "OpenAI refuses what it does not know, and what one of its models does not",
    arguments: [
      ("/v1/images/generations", #"{"model":"gpt-image-1","prompt":"x","aspect_ratio":"16:9"}"#, "'aspect_ratio'"),
      ("/v1/images/generations", #"{"model":"gpt-image-1","prompt":"x","response_format":"url"}"#, "'response_format'"),
      ("/v1/images/generations", #"{"model":"gpt-image-1","prompt":"x","provider":{}}"#, "'provider'"),
      ("/v1/images/generations", #"{"model":"gpt-image-1"}"#, "Missing required parameter: 'prompt'"),
      ("/v1/images/generations", #"{"model":"gpt-image-1","prompt":"x","quality":"2K"}"#, "'quality' must be one of"),
      ("/v1/videos", #"{"model":"sora-2","prompt":"x","duration":4}"#, "'duration'"),
      ("/v1/videos", #"{"model":"sora-2","prompt":"x","seconds":"5"}"#, "'seconds' must be one of"),
    ])
  func openAI(path: String, body: String, words: String) throws {
    var asker = try MediaAsker("openai")
    let told = try asker.ask("POST", path, body)
    #expect(told.status == 400 && (told["error.message"] as? String)?.contains(words) == true, "\(told.text)")
  }

  @Test("OpenAI answers gpt-image with bytes, and other models with addresses unless bytes are asked for")
  func encodings() throws {
    var asker = try MediaAsker("openai")
    let path = "/v1/images/generations"
    #expect(try asker.ask("POST", path, #"{"model":"gpt-image-1","prompt":"x"}"#)["data.0.b64_json"] is String)
    #expect(try asker.ask("POST", path, #"{"model":"dall-e-3","prompt":"x"}"#)["data.0.url"] is String)
    let asked = #"{"model":"dall-e-3","prompt":"x","response_format":"b64_json"}"#
    #expect(try asker.ask("POST", path, asked)["data.0.b64_json"] is String)
  }

  @Test("A video is asked for by a form, too")
  func form() throws {
    var asker = try MediaAsker("openai")
    func part(_ name: String, _ value: String) -> String {
      "--b\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
    }
    let body = part("prompt", "A \"red\" kite") + part("model", "sora-2") + part("seconds", "8") + "--b--\r\n"
    let type = ["content-type": "multipart/form-data; boundary=b"]
    let told = try asker.ask("POST", "/v1/videos", body, headers: type)
    #expect(told["seconds"] as? String == "8" && told["prompt"] as? String == #"A "red" kite"#)
    #expect(try asker.ask("POST", "/v1/videos", part("model", "sora-2") + "--b--\r\n", headers: type).status == 400)
  }

  @Test("Pictures that fail are refused at once, stuck ones hang, lost ones close")
  func fates() throws {
    let fates: [(JobManners, Int, Fault?)] = [
      (JobManners(failRate: 1), 400, nil), (JobManners(stuckRate: 1), 200, .hangBeforeHead),
      (JobManners(lostRate: 1), 200, .closeBeforeHead),
    ]
    for (jobs, status, fault) in fates {
      var asker = try MediaAsker("openai", jobs: jobs)
      let told = try asker.ask("POST", "/v1/images/generations", #"{"prompt":"x"}"#)
      #expect(told.status == status && told.fault == fault)
    }
  }

  @Test("Together, SiliconFlow, New-API, Z.ai and Qwen: each where it differs")
  func hosts() throws {
    var together = try MediaAsker("together")
    let sized = #"{"model":"m","prompt":"x","width":640,"height":320,"response_format":"base64"}"#
    #expect(try together.ask("POST", "/v1/images/generations", sized)["data.0.type"] as? String == "b64_json")
    let video = try together.ask("POST", "/v2/videos", Self.prompt)
    let id = try #require(video["id"] as? String)
    #expect(video["status"] as? String == "in_progress")
    #expect(try together.ask("GET", "/v2/videos/\(id)", at: 4)["outputs.video_url"] is String)

    var silicon = try MediaAsker("siliconflow", key: "k")
    let refused = try silicon.ask("POST", "/v1/images/generations", Self.prompt)
    #expect(refused.status == 401 && refused.text == #""Invalid token""#)
    silicon.behavior.requireKey = nil
    let batch = #"{"model":"m","prompt":"x","image_size":"512x256","batch_size":3}"#
    let pictures = try silicon.ask("POST", "/v1/images/generations", batch)
    #expect((pictures["images"] as? [Any])?.count == 3 && pictures["data"] == nil)

    var relay = try MediaAsker("newapi")
    for path in ["/v1/videos", "/v1/video/generations"] {
      let created = try relay.ask("POST", path, Self.prompt)
      #expect(created.status == 201 && created["status"] as? String == "processing")
      let id = try #require(created["id"] as? String)
      #expect(try relay.ask("GET", "\(path)/\(id)", at: 4)["status"] as? String == "succeeded")
    }

    var dmx = try MediaAsker("dmxapi")
    let film = #"{"model":"doubao-seedance-2-0-260128","input":[{"type":"text","text":"A red kite"}],"duration":8}"#
    let film1 = try #require(try dmx.ask("POST", "/v1/responses", film)["id"] as? String)
    let look = #"{"model":"seedance-2-0-get","input":"\#(film1)"}"#
    #expect(try dmx.ask("POST", "/v1/responses", look, at: 1)["status"] as? String == "running")
    #expect(try dmx.ask("POST", "/v1/responses", look, at: 4)["content.video_url"] is String)
    #expect(MediaRow.dmxAPI.place("POST", "/v1/responses", model: "gpt-5") == nil)

    var zai = try MediaAsker("zai")
    for (path, member) in [("async/images/generations", "image_result"), ("videos/generations", "video_result")] {
      let id = try #require(try zai.ask("POST", "/api/paas/v4/" + path, Self.prompt)["id"] as? String)
      let poll = "/api/paas/v4/async-result/\(id)"
      #expect(try zai.ask("GET", poll, at: 1)["task_status"] as? String == "PROCESSING")
      let done = try zai.ask("GET", poll, at: 4)
      #expect(done["task_status"] as? String == "SUCCESS" && done["\(member).0.url"] is String)
    }

    var qwen = try MediaAsker("qwen")
    let path = "/api/v1/services/aigc/text2image/image-synthesis"
    let task = #"{"model":"wanx","input":{"prompt":"x"},"parameters":{"size":"768*512","n":2}}"#
    #expect(try qwen.ask("POST", path, task).status == 400)
    let created = try qwen.ask("POST", path, task, headers: ["x-dashscope-async": "enable"])
    let taskID = try #require(created["output.task_id"] as? String)
    #expect(qwen.board[taskID]?.asked.width == 768 && qwen.board[taskID]?.asked.count == 2)
    let done = try qwen.ask("GET", "/api/v1/tasks/\(taskID)", at: 4)
    #expect(done["output.task_status"] as? String == "SUCCEEDED" && done["output.results.1.url"] is String)
    #expect(try qwen.ask("GET", "/api/v1/tasks/none")["output.task_status"] as? String == "UNKNOWN")
  }

  @Test(
    "Every row's answers are JSON, whatever becomes of the job",
    arguments: VendorRow.all.filter { $0.media != nil }.map(\.name))
  func documents(vendor: String) throws {
    let media = try #require(VendorRow.named(vendor)?.media)
    for service in media.services {
      for fate in JobFate.allCases {
        var asked = AskedMedia(.object([]), service.params)
        asked.count = 2
        let job = EmulatedJob(
          number: 1, id: "id", kind: service.kind ?? .image, model: "a/b", asked: asked, fate: fate, isEncoded: false,
          prompt: #"say \"x\""#, input: "{}", createdAt: .zero, takes: .seconds(4))
        for now in [0, 2, 4] {
          let values = MediaValues(job: job, service: service, now: .seconds(now), base: "http://gateway")
          let replies = [service.created, service.reply(to: values.state), service.result(in: values.state)]
          for reply in replies + [service.cancelled, service.cancelledLate].compactMap({ $0 }) {
            let text = MediaTemplate.fill(reply.template, values.value)
            #expect(throws: Never.self) { try Wire.object(text) }
            #expect(!text.contains("<"), "\(vendor): \(text)")
          }
        }
      }
    }
  }
}
