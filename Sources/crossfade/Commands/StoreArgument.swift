/// Reading the operator's store for a command: what is wrong with it is said, what can be read is read.

import ArgumentParser
import Journal

/// Ends the command where there is no store of this version at the path.
func examineStore(_ path: String) throws -> StoreExamination {
  do {
    return try StoreExamination.examine(path: path)
  } catch {
    printError("error: \(error)")
    throw ExitCode(1)
  }
}

extension StoreExamination {
  var findingLines: [String] { findings.map { "damaged: \($0)" } }
}
