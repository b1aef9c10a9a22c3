/// The findings about the pictures and videos that an arm makes by jobs.

import Dialects

package struct MediaFindings: Sendable, Equatable {
  /// Where its jobs are asked for.
  package var url: String
  /// Why that could not be reached.
  package var unreachable: TransferFailure?
  package var authentication = AuthenticationFinding.notAsked
  /// Nil where none was asked for.
  package var picture: PictureFinding?

  package init(url: String) { self.url = url }
}

/// What became of one small picture.
package enum PictureFinding: Sendable, Equatable {
  /// - Parameter time: from the request that creates the job to the file's last byte.
  case made(model: String, time: Duration, file: PictureFile)
  case failed(model: String, String)
  /// It was not ready in time, and was called off where the vendor can do that.
  case late(model: String, isCalledOff: Bool)
  /// Its creation had no answer: it may be made, and billed.
  case lost(model: String)
  /// No model is known that makes pictures.
  case noModel

  package struct PictureFile: Sendable, Equatable {
    package var bytes: Int
    /// Nil where its first bytes are no picture's.
    package var type: String?
    package var width: Int?
    package var height: Int?

    init(_ bytes: [UInt8]) {
      let header = PictureHeader(bytes)
      self.bytes = bytes.count
      (type, width, height) = (header?.type, header?.width, header?.height)
    }
  }
}
