/// What became of all jobs, as JSON at `/emulated/jobs`: for tests and for whoever rehearses, not a vendor's endpoint.

struct JobLedger {
  let jobs: [EmulatedJob]
  let counts: JobCounts
  let now: Duration

  var answer: Answer {
    Answer(headers: [.init(name: "Content-Type", value: "application/json")], body: .document(document))
  }

  private var document: String {
    #"{"created":\#(counts.created),"polled":\#(counts.polled),"cancelled":\#(counts.cancelled),"#
      + #""contents":\#(counts.contents),"files_fetched":\#(counts.filesFetched),"#
      + #""files_fetched_with_key":\#(counts.filesFetchedWithKey),"strays":\#(counts.strays),"#
      + #""strays_with_key":\#(counts.straysWithKey),"forgotten":\#(counts.forgotten),"#
      + #""jobs":[\#(jobs.map(line).joined(separator: ","))]}"#
  }

  private func line(_ job: EmulatedJob) -> String {
    let tally = job.tally
    return #"{"id":"\#(job.id)","kind":"\#(job.kind.rawValue)","model":"\#(job.model)","prompt":"\#(job.prompt)","#
      + #""width":\#(job.asked.width),"height":\#(job.asked.height),"count":\#(job.asked.count),"#
      + #""fate":"\#(job.fate.rawValue)","state":"\#(job.state(at: now).rawValue)","polled":\#(tally.polled),"#
      + #""cancels":\#(tally.cancels),"contents":\#(tally.contents),"files_fetched":\#(tally.fetched),"#
      + #""files_fetched_with_key":\#(tally.fetchedWithKey)}"#
  }
}
