/// What every arm did and cost, live and shadow apart, by stage, model and tag: the figures that a report is made of.

package struct Accounts: Sendable {
  package init() {}
}
