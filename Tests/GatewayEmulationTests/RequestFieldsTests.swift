import NIOCore
import Testing

@testable import GatewayEmulation

@Suite("RequestFields")
struct RequestFieldsTests {
  private func fields(_ text: String) -> RequestFields? { RequestFields(body: ByteBuffer(string: text)) }

  @Test("The model is kept as it was written, escapes and all")
  func model() {
    #expect(fields(#" { "model" : "a\/\u0062\"" , "stream":true } "#)?.modelLiteral == #""a\/\u0062\"""#)
    #expect(fields(#"{"stream":true}"#)?.modelLiteral == #""emulated/default""#)
  }

  @Test("Only true is true, and only at its own place")
  func flags() {
    #expect(fields(#"{"stream":true,"stream_options":{"include_usage":true}}"#)?.includesUsage == true)
    #expect(fields(#"{"stream":false,"metadata":{"stream":true,"include_usage":true}}"#)?.streams == false)
    #expect(fields(#"{"stream":"true","stream_options":null}"#)?.streams == false)
  }

  @Test("The prompt's fingerprint leaves out model and other fields")
  func promptHash() {
    let first = fields(#"{"model":"a","messages":["x"],"provider":{}}"#)
    let second = fields(#"{"messages":["x"],"model":"b"}"#)
    let other = fields(#"{"messages":["y"],"model":"b"}"#)
    #expect(first?.promptHash == second?.promptHash)
    #expect(first?.promptHash != other?.promptHash)
  }

  @Test(
    "What is no JSON object is refused",
    arguments: [
      "", "[]", "1", "{", "{}{}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, #"{"a":[1,]}"#, #"{"a":tru}"#, #"{"a":"b}"#,
      #"{a:1}"#, "{\"a\":\"\n\"}", #"{"a":"\"#, #"{"a":{]}"#,
    ])
  func invalid(text: String) {
    #expect(fields(text) == nil)
  }

  @Test("A valid body cut at any byte is refused, and none of it crashes")
  func cuts() {
    let body = #"{"model":"é\"\\","messages":[{"role":"user","content":[1.5e3,null,{}]}],"stream":true}"#
    #expect(fields(body) != nil)
    for count in 0..<body.utf8.count {
      #expect(RequestFields(body: ByteBuffer(bytes: body.utf8.prefix(count))) == nil)
    }
  }

  @Test("Nesting is followed to its limit and refused beyond")
  func depth() {
    func nested(_ depth: Int) -> String {
      #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}"
    }
    #expect(fields(nested(JSONScan.deepest - 1)) != nil)
    #expect(fields(nested(JSONScan.deepest)) == nil)
    #expect(fields(nested(1_000_000)) == nil)
  }
}
