/// The shared store's tables, in numbered steps that are only ever added.

enum SharedSchema {
  /// A step happens whole or not at all. A store with a step that is not here was written by a newer version.
  static let steps: [[String]] = [
    [
      "CREATE SCHEMA IF NOT EXISTS crossfade", migrations, rollouts, decisions, decisionsForEver, keepDecisions,
      replicas,
      evidence, checkpoints, accounts, budgets, badUnits, playbooks,
    ],
    [
      samples, "CREATE INDEX sample_age ON crossfade.sample (rollout, at)",
      "CREATE INDEX sample_exchange ON crossfade.sample (exchange)", jobs,
    ],
  ]

  /// Everything that `run` needs to do; a role that only looks needs `SELECT` alone.
  static func grants(to role: String) -> [String] {
    let name = "\"" + role.replacing("\"", with: "\"\"") + "\""
    return [
      "GRANT USAGE ON SCHEMA crossfade TO \(name)",
      "GRANT SELECT ON ALL TABLES IN SCHEMA crossfade TO \(name)",
      "GRANT INSERT ON ALL TABLES IN SCHEMA crossfade TO \(name)",
      "REVOKE INSERT ON crossfade.migration FROM \(name)",
      """
      GRANT UPDATE ON crossfade.rollout, crossfade.replica, crossfade.checkpoint, crossfade.accounts,
        crossfade.budget, crossfade.playbook, crossfade.sample, crossfade.job TO \(name)
      """,
      """
      GRANT DELETE ON crossfade.replica, crossfade.evidence, crossfade.accounts, crossfade.budget,
        crossfade.bad_unit, crossfade.sample, crossfade.job TO \(name)
      """,
    ]
  }

  private static let migrations = """
    CREATE TABLE crossfade.migration (
      number bigint PRIMARY KEY,
      at timestamptz NOT NULL DEFAULT clock_timestamp())
    """

  /// `head` is the chain's after `last_seq`. `epoch` is greater with every decider, also after a server that has
  /// forgotten its last moments. This row is locked by whoever decides: one decision has a number.
  private static let rollouts = """
    CREATE TABLE crossfade.rollout (
      name text PRIMARY KEY,
      last_seq bigint NOT NULL DEFAULT 0,
      head text NOT NULL DEFAULT '',
      epoch bigint NOT NULL DEFAULT 0,
      decider bigint,
      decides_until timestamptz,
      began_at timestamptz NOT NULL DEFAULT clock_timestamp()) WITH (fillfactor = 50)
    """

  /// `at` in nanoseconds since 1970; `body` as the log has it; `seal` over the row's other values.
  private static let decisions = """
    CREATE TABLE crossfade.decision (
      rollout text NOT NULL,
      seq bigint NOT NULL CHECK (seq > 0),
      at bigint NOT NULL,
      body text NOT NULL,
      seal bigint NOT NULL,
      head text,
      written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (rollout, seq))
    """

  private static let decisionsForEver = """
    CREATE FUNCTION crossfade.keep_decisions() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'a decision is never changed and never deleted'; END$$
    """

  private static let keepDecisions = """
    CREATE TRIGGER decision_kept BEFORE UPDATE OR DELETE ON crossfade.decision
    FOR EACH ROW EXECUTE FUNCTION crossfade.keep_decisions()
    """

  /// One run of one process each. `run` as 16 hexadecimal digits.
  private static let replicas = """
    CREATE TABLE crossfade.replica (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      rollout text NOT NULL,
      name text NOT NULL,
      run text NOT NULL,
      version text NOT NULL DEFAULT '',
      playbook_sha256 text NOT NULL DEFAULT '',
      seq bigint NOT NULL DEFAULT 0,
      requests bigint NOT NULL DEFAULT 0,
      batch bigint NOT NULL DEFAULT 0,
      pruned bigint NOT NULL DEFAULT 0,
      seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      left_at timestamptz,
      UNIQUE (rollout, name, run)) WITH (fillfactor = 50)
    """

  private static let evidence = """
    CREATE TABLE crossfade.evidence (
      replica bigint NOT NULL,
      number bigint NOT NULL CHECK (number > 0),
      closed_at bigint NOT NULL,
      body bytea NOT NULL,
      PRIMARY KEY (replica, number))
    """

  /// `seq` is the last decision that `state` presumes.
  private static let checkpoints = """
    CREATE TABLE crossfade.checkpoint (
      rollout text PRIMARY KEY,
      seq bigint NOT NULL CHECK (seq > 0),
      at bigint NOT NULL,
      state bytea NOT NULL,
      seal bigint NOT NULL)
    """

  private static let accounts = """
    CREATE TABLE crossfade.accounts (
      rollout text NOT NULL,
      replica text NOT NULL,
      at bigint NOT NULL,
      state bytea NOT NULL,
      seal bigint NOT NULL,
      PRIMARY KEY (rollout, replica))
    """

  /// `taken` in billionths of a dollar, by all replicas together on that day.
  private static let budgets = """
    CREATE TABLE crossfade.budget (
      rollout text NOT NULL,
      budget text NOT NULL,
      day bigint NOT NULL,
      taken bigint NOT NULL DEFAULT 0,
      PRIMARY KEY (rollout, budget, day)) WITH (fillfactor = 50)
    """

  /// The replica whose request was the unit's first bad one.
  private static let badUnits = """
    CREATE TABLE crossfade.bad_unit (
      rollout text NOT NULL,
      unit bigint NOT NULL,
      replica bigint NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (rollout, unit))
    """

  /// `body` without what is secret.
  private static let playbooks = """
    CREATE TABLE crossfade.playbook (
      rollout text NOT NULL,
      sha256 text NOT NULL,
      body text NOT NULL,
      at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (rollout, sha256))
    """

  /// `uniform` and `different` say what a pair is kept for, `rank` orders the uniform ones. `bytes` are those of the
  /// three bodies, of which `cut` says which are not whole: 1 the request, 2 the baseline's answer, 4 the candidate's.
  private static let samples = """
    CREATE TABLE crossfade.sample (
      rollout text NOT NULL,
      candidate text NOT NULL,
      exchange text NOT NULL,
      at bigint NOT NULL,
      stage text NOT NULL,
      uniform boolean NOT NULL,
      different boolean NOT NULL,
      rank bigint NOT NULL,
      distance double precision NOT NULL,
      endpoint text NOT NULL,
      model text,
      bytes bigint NOT NULL,
      cut bigint NOT NULL,
      comparison text NOT NULL,
      request text NOT NULL,
      baseline text NOT NULL,
      answer text NOT NULL,
      PRIMARY KEY (rollout, candidate, exchange))
    """

  /// Jobs at vendors of pictures that are not known to have ended; `poll`, `result` and `cancel` are paths.
  private static let jobs = """
    CREATE TABLE crossfade.job (
      rollout text NOT NULL,
      arm text NOT NULL,
      id text NOT NULL,
      at bigint NOT NULL,
      poll text,
      result text,
      cancel text,
      PRIMARY KEY (rollout, arm, id))
    """
}
