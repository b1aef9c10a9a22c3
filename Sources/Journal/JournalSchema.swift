/// The store's tables, and what is checked before any of them is trusted.

import GRDB

enum JournalSchema {
  /// Marks the file as ours: "XFAD".
  static let applicationID: Int32 = 0x5846_4144

  /// Steps are only ever added. A store with a step that is not here was written by a newer version.
  static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1: decisions and checkpoints") { db in
      try db.execute(sql: decisions)
      try db.execute(sql: decisionsInOrder)
      try db.execute(sql: decisionsForEver)
      try db.execute(sql: checkpoints)
    }
    migrator.registerMigration("2: samples") { db in try db.execute(sql: samples) }
    migrator.registerMigration("3: accounts") { db in try db.execute(sql: accounts) }
    // Rows that are there already keep none: they are never changed, and the next one's head covers them.
    migrator.registerMigration("4: chain") { db in try db.execute(sql: "ALTER TABLE decision ADD COLUMN head TEXT") }
    migrator.registerMigration("5: jobs") { db in try db.execute(sql: jobs) }
    return migrator
  }

  /// `at` in nanoseconds since 1970; `body` as the log has it; `seal` over the row's other values.
  private static let decisions = """
    CREATE TABLE decision (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      rollout TEXT NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      at INTEGER NOT NULL,
      body TEXT NOT NULL,
      seal INTEGER NOT NULL,
      UNIQUE (rollout, seq)
    ) STRICT
    """

  private static let decisionsInOrder = """
    CREATE TRIGGER decision_in_order BEFORE INSERT ON decision
    WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM decision WHERE rollout = NEW.rollout)
    BEGIN SELECT raise(ABORT, 'a decision continues its rollout''s journal'); END
    """

  private static let decisionsForEver = """
    CREATE TRIGGER decision_unchanged BEFORE UPDATE ON decision
    BEGIN SELECT raise(ABORT, 'a decision is never changed'); END;
    CREATE TRIGGER decision_kept BEFORE DELETE ON decision
    BEGIN SELECT raise(ABORT, 'a decision is never deleted'); END
    """

  /// `seq` is the last decision that `state` presumes.
  private static let checkpoints = """
    CREATE TABLE checkpoint (
      rollout TEXT PRIMARY KEY NOT NULL,
      seq INTEGER NOT NULL CHECK (seq > 0),
      at INTEGER NOT NULL,
      state BLOB NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT
    """

  /// `uniform` and `different` say what a pair is kept for, `rank` orders the uniform ones. `bytes` are those of the
  /// three bodies, of which `cut` says which are not whole: 1 the request, 2 the baseline's answer, 4 the candidate's.
  private static let samples = """
    CREATE TABLE sample (
      position INTEGER PRIMARY KEY AUTOINCREMENT,
      rollout TEXT NOT NULL,
      candidate TEXT NOT NULL,
      exchange TEXT NOT NULL,
      at INTEGER NOT NULL,
      stage TEXT NOT NULL,
      uniform INTEGER NOT NULL,
      different INTEGER NOT NULL,
      rank INTEGER NOT NULL,
      distance REAL NOT NULL,
      endpoint TEXT NOT NULL,
      model TEXT,
      bytes INTEGER NOT NULL,
      cut INTEGER NOT NULL,
      comparison TEXT NOT NULL,
      request TEXT NOT NULL,
      baseline TEXT NOT NULL,
      answer TEXT NOT NULL,
      UNIQUE (rollout, candidate, exchange)
    ) STRICT;
    CREATE INDEX sample_uniform ON sample (rollout, candidate, uniform, rank, bytes);
    CREATE INDEX sample_different ON sample (rollout, candidate, different, distance, at, bytes);
    CREATE INDEX sample_age ON sample (rollout, at);
    CREATE INDEX sample_exchange ON sample (exchange)
    """

  /// Jobs at vendors of pictures that are not known to have ended; `poll`, `result` and `cancel` are paths.
  private static let jobs = """
    CREATE TABLE job (
      rollout TEXT NOT NULL,
      arm TEXT NOT NULL,
      id TEXT NOT NULL,
      at INTEGER NOT NULL,
      poll TEXT,
      result TEXT,
      cancel TEXT,
      PRIMARY KEY (rollout, arm, id)
    ) STRICT
    """

  private static let accounts = """
    CREATE TABLE accounts (
      rollout TEXT PRIMARY KEY NOT NULL,
      at INTEGER NOT NULL,
      state BLOB NOT NULL,
      seal INTEGER NOT NULL
    ) STRICT
    """

  /// Refuses a file that is not ours, is newer than this program, or is damaged, before anything is changed in it.
  ///
  /// - Parameters:
  ///   - isReader: Readers cannot bring an older store up to date.
  ///   - steps: As many of the first steps as a reader needs; all but the chain's and the jobs', which it can do without.
  static func check(_ store: JournalStore, isReader: Bool, steps: Int = 3) throws(JournalError) {
    try store.run { queue in
      try queue.read { db in
        let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
        let id = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard id == applicationID || (id == 0 && tables == 0) else { throw store.error(.foreign) }
        // One finding is enough to refuse.
        let finding = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "no answer from quick_check"
        guard finding == "ok" else { throw store.error(.damaged(finding)) }
        guard tables > 0 else {
          if isReader { throw store.error(.olderFormat) }
          return
        }
        if try migrator.hasBeenSuperseded(db) { throw store.error(.newerFormat) }
        let needed = Set(migrator.migrations.prefix(steps))
        if try isReader && !needed.isSubset(of: migrator.appliedIdentifiers(db)) { throw store.error(.olderFormat) }
      }
    }
  }

  /// Whether the store has a mark beside it; one of an older version has none yet.
  static func isMarked(_ store: JournalStore) throws(JournalError) -> Bool {
    try store.run { queue in
      try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0 } > 0
    }
  }

  /// A store without its mark is from now on one that has lost it.
  static func setMarked(_ store: JournalStore) throws(JournalError) {
    guard try !isMarked(store) else { return }
    try store.run { queue in
      try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA user_version = 1") }
    }
  }

  /// Writes go to a log beside the file, so that readers and the writer never wait for each other.
  static func prepareForWriting(_ store: JournalStore) throws(JournalError) {
    try store.run { queue in
      try queue.writeWithoutTransaction { db in
        let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") ?? "none"
        guard mode == "wal" else { throw store.error(.cannotOpen("its disk supports journal mode \(mode) only")) }
        try db.execute(sql: "PRAGMA journal_size_limit = \(16 << 20)")
        try db.execute(sql: "PRAGMA synchronous = FULL")
        // Before the first table: a crash in between must not leave tables of nobody's.
        try db.execute(sql: "PRAGMA application_id = \(applicationID)")
      }
      try migrator.migrate(queue)
    }
  }
}
