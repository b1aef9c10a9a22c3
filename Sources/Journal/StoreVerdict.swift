/// Whether a store may be believed: its journal against its mark, and its log by itself.

import RolloutJudge

/// Found before the store is used. Damage is nobody's to repair but a person's.
enum StoreVerdict {
  /// Damage before SQLite has opened the file. Bytes behind the log's last whole frame are damage only where no mark
  /// vouches for the decisions: each is in the file or in the mark before it takes effect, so that such a log can lack
  /// nothing but evidence.
  ///
  /// - Parameter exists: whether there is a file with something in it.
  static func beforeOpening(mark: MarkFile.Reading, log: LogInspection, exists: Bool) -> String? {
    if !exists, log.frames > 0 { return "the store is gone, and its log is still there" }
    switch mark {
    case .unreadable(let detail): return "its mark, the file beside it ending in -mark, is not to be read: \(detail)"
    case .absent:
      guard exists, log.lost > 0 else { return nil }
      return "its log has \(log.lost) bytes behind its last whole frame, and there is no mark to tell what they were"
    case .whole(let mark, _, _):
      if let damage = mark.damage { return damage }
      guard !exists, let last = mark.rollouts.last else { return nil }
      return "the store is gone; its mark knows \(last.words)"
    }
  }

  /// The part of its mark that the journal lacks.
  ///
  /// - Parameter seal: of a decision's row, by rollout and number; nil where there is none.
  static func behind(_ mark: StoreMark, seal: (String, Int) throws(JournalError) -> Int64?) throws(JournalError)
    -> String?
  {
    for entry in mark.rollouts {
      guard let expected = entry.seal else { continue }
      guard let found = try seal(entry.rollout, entry.seq) else {
        return "its mark knows \(entry.words), which the journal does not have"
      }
      if found != expected { return "\(entry.words) is another one than its mark knows: the store was replaced" }
    }
    return nil
  }
}
