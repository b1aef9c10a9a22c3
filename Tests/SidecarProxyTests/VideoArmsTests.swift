/// Which candidate makes which video, as long as that is remembered.

import Testing

@testable import SidecarProxy

@Suite struct VideoArmsTests {
  @Test("a path names its video, and what is no video's path names none")
  func paths() {
    let arms = VideoArms()
    arms.note(video: "v_1", at: "a")
    for path in [
      "videos/v_1", "videos/v_1/content", "videos/v_1?x=1", "videos/generations/v_1", "video/generations/v_1",
    ] {
      #expect(arms.arm(ofPath: path[...]) == "a", "\(path)")
    }
    for path in ["", "videos", "videos/", "videos/v_2", "video/v_1", "images/v_1", "videos/generations", "v_1"] {
      #expect(arms.arm(ofPath: path[...]) == nil, "\(path)")
    }
  }

  @Test("the oldest is forgotten first")
  func limit() {
    let arms = VideoArms()
    for id in 0..<VideoArms.limit + 2 { arms.note(video: "v\(id)", at: "a") }
    #expect(arms.arm(ofPath: "videos/v0") == nil && arms.arm(ofPath: "videos/v1") == nil)
    #expect(arms.arm(ofPath: "videos/v2") == "a" && arms.arm(ofPath: "videos/v\(VideoArms.limit + 1)") == "a")
  }

  @Test("what became of a live exchange's video is news once, and of another's never")
  func settled() {
    let arms = VideoArms()
    arms.note(video: "live", at: "a", counts: true)
    arms.note(video: "named", at: "a")
    #expect(["live", "live", "named", "unknown"].map { arms.settle(video: $0) } == [true, false, false, false])
    #expect(arms.arm(ofPath: "videos/live") == "a")
  }
}
