/// The operator reads these at a bad moment: what, where, what to do.

import Testing

@testable import Journal

@Suite("JournalError")
struct JournalErrorTests {
  @Test(
    "says what is wrong with which store, and what to do",
    arguments: [
      (.missing, "there is no such file; give the path that crossfade run was started with as --store"),
      (
        .cannotOpen("No such file or directory"),
        "cannot be opened (No such file or directory); check the directory and its permissions"
      ),
      (.inUse(by: "process 12"), "is in use by process 12; stop it first, or give each rollout its own --store"),
      (.foreign, "is the database of another program; give another --store"),
      (.newerFormat, "was written by a newer crossfade; use that version, or give another --store"),
      (.olderFormat, "was written by an older crossfade; crossfade run brings it up to date"),
      (
        .damaged("page 3"),
        "is damaged (page 3); crossfade verify shows how far it can be trusted. Restore a backup, its -mark with it, or let "
          + "crossfade rearm take it as it is: the rollback that this journals, and then the stage you name, follow it"
      ),
      (.moved, "was moved, replaced or deleted while in use; put it back and restart crossfade"),
      (.full, "no space is left on its disk; free some"),
      (.locked, "is locked by another program; end what holds it open for writing"),
      (.stalled, "its disk does not answer; see what holds it up"),
      (.readOnly, "cannot be written; check that the file, its directory and the disk are writable"),
      (
        .inputOutput("disk I/O error"),
        "its disk failed to read or write (disk I/O error); check it and the space left on it"
      ),
      (.outOfOrder(rollout: "r", seq: 9, expected: 4), "decision 9 of r refused: the next is 4"),
      (
        .checkpointAhead(rollout: "r", seq: 9, last: 4),
        "checkpoint of r refused: it presumes decision 9, the last is 4"
      ),
      (.checkpointTooLarge(bytes: 9, limit: 4), "checkpoint of 9 bytes refused: at most 4 are kept"),
      (.unexpected("m"), "unexpected: m"),
    ] as [(JournalError.Problem, String)])
  func messages(_ problem: JournalError.Problem, _ text: String) {
    #expect("\(JournalError(path: "/var/lib/c.db", problem: problem))" == "store /var/lib/c.db: \(text)")
  }
}
