/// A PostgreSQL of the tests' own: made in a directory of its own, reached through a socket there, gone when the tests are.

import Foundation
import Synchronization

/// One for all suites; each test has a database of its own in it.
final class ThrowAwayPostgres: Sendable {
  /// Nil where no PostgreSQL is installed.
  static let shared: ThrowAwayPostgres? = try? ThrowAwayPostgres()
  static let isInstalled = binaries != nil && (getuid() != 0 || servant != nil)
  static let hasPooler = isInstalled && pooler != nil

  let directory: String
  private let keeper: Process
  private let orders = Pipe()
  private let answers = Pipe()
  private let turn = Mutex(())
  private let counter = Atomic(0)

  /// The newest version's programs, where Debian or Homebrew put them.
  static let binaries: String? = {
    let roots = ["/usr/lib/postgresql", "/opt/homebrew/opt", "/usr/local/opt"]
    let found = roots.flatMap { root in
      ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted().map { "\(root)/\($0)/bin" }
    }
    return found.last { FileManager.default.isExecutableFile(atPath: "\($0)/initdb") }
  }()

  private static let pooler = ["/usr/sbin/pgbouncer", "/opt/homebrew/bin/pgbouncer", "/usr/local/bin/pgbouncer"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// Who runs it where the tests run as root, whom PostgreSQL refuses.
  private static let servant: String? = ["postgres", "nobody"].first { (name: String) in getpwnam(name) != nil }

  private static let servers = Atomic(0)

  init() throws {
    directory = "/tmp/cf-pg-\(getpid())-\(Self.servers.add(1, ordering: .relaxed).newValue)"
    guard let binaries = Self.binaries else { throw Failure(words: "no PostgreSQL") }
    // The server ends when the pipe does, however the tests end.
    keeper = Self.process(
      """
      set -e
      rm -rf \(directory) && mkdir -m 700 \(directory) && cd \(directory)
      \(binaries)/initdb -D data -U owner -A trust -E UTF8 --locale=C -N >/dev/null
      cat >>data/postgresql.conf <<END
      listen_addresses = ''
      unix_socket_directories = '\(directory)'
      max_connections = 100
      fsync = off
      shared_buffers = 16MB
      log_min_messages = panic
      END
      sed -i.former '1i local all guarded scram-sha-256' data/pg_hba.conf
      \(binaries)/pg_ctl -D data -w -l log start >/dev/null </dev/null
      echo done
      while read -r how; do
        case $how in
          start) \(binaries)/pg_ctl -D data -w -l log start >/dev/null </dev/null ;;
          *) \(binaries)/pg_ctl -D data -m $how -w stop >/dev/null </dev/null ;;
        esac
        echo done
      done
      \(binaries)/pg_ctl -D data -m immediate stop >/dev/null 2>&1 || true
      rm -rf \(directory)
      """)
    keeper.standardInput = orders
    keeper.standardOutput = answers
    try keeper.run()
    try awaitAnswer()
  }

  private func awaitAnswer() throws {
    let said = String(decoding: answers.fileHandleForReading.availableData, as: UTF8.self)
    guard said.contains("done") else { throw Failure(words: "PostgreSQL does not start or stop") }
  }

  deinit { try? orders.fileHandleForWriting.close() }

  /// A database without tables; the user is its owner.
  func database() throws -> String {
    let name = "d\(counter.add(1, ordering: .relaxed).newValue)"
    try sql("CREATE DATABASE \(name)")
    return name
  }

  func url(_ database: String, user: String = "owner", more: String = "") -> String {
    "postgres://\(user)@/\(database)?host=\(directory)\(more)"
  }

  /// As its owner.
  @discardableResult
  func sql(_ statement: String, in database: String = "postgres") throws -> String {
    try run(
      "\(Self.binaries ?? "")/psql -h \(directory) -U owner -d \(database) -AtqX -v ON_ERROR_STOP=1", input: statement)
  }

  /// - Parameter mode: `fast` or `immediate`.
  func stop(_ mode: String = "fast") throws { try order(mode) }

  func start() throws { try order("start") }

  /// By the keeper: a server that a process of ours had started would seem to Foundation to be that process.
  private func order(_ words: String) throws {
    orders.fileHandleForWriting.write(Data("\(words)\n".utf8))
    try awaitAnswer()
  }

  /// To one of its processes.
  func signal(_ name: String, _ process: Int32) throws { try run("kill -\(name) \(process)") }

  /// A pooler in transaction mode before it, with this many sessions for everybody.
  func withPooler<Value>(sessions: Int, _ body: (_ url: (String) -> String) throws -> Value) throws -> Value {
    guard let pooler = Self.pooler else { throw Failure(words: "no PgBouncer") }
    let place = "\(directory)/pool\(counter.add(1, ordering: .relaxed).newValue)"
    let process = Self.process(
      """
      mkdir \(place) && cd \(place)
      echo '"owner" ""' >users
      cat >ini <<END
      [databases]
      * = host=\(directory)
      [pgbouncer]
      listen_addr =
      unix_socket_dir = \(place)
      auth_type = trust
      auth_file = users
      pool_mode = transaction
      default_pool_size = \(sessions)
      max_client_conn = 400
      server_reset_query_always = 0
      END
      exec \(pooler) -q ini
      """)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    for _ in 0..<100 where !FileManager.default.fileExists(atPath: "\(place)/.s.PGSQL.6432") { usleep(20_000) }
    return try body { database in "postgres://owner@/\(database)?host=\(place)&port=6432" }
  }

  @discardableResult
  private func run(_ command: String, input: String = "") throws -> String {
    // One at a time: a pipe that another child has inherited does not end.
    try turn.withLock { _ in try runAlone(command, input) }
  }

  private func runAlone(_ command: String, _ input: String) throws -> String {
    let process = Self.process(command)
    let (stdin, stdout, stderr) = (Pipe(), Pipe(), Pipe())
    (process.standardInput, process.standardOutput, process.standardError) = (stdin, stdout, stderr)
    try process.run()
    stdin.fileHandleForWriting.write(Data(input.utf8))
    try stdin.fileHandleForWriting.close()
    let said = stdout.fileHandleForReading.readDataToEndOfFile()
    let complaint = stderr.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failure(words: String(decoding: complaint, as: UTF8.self)) }
    return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func process(_ script: String) -> Process {
    let process = Process()
    if getuid() == 0, let servant {
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
      process.arguments = ["--reuid", servant, "--regid", servant, "--clear-groups", "sh", "-c", script]
    } else {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments = ["-c", script]
    }
    process.currentDirectoryURL = URL(fileURLWithPath: "/tmp")
    return process
  }

  struct Failure: Error { var words: String }
}
