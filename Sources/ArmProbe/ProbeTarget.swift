/// What is asked of one arm when it is probed.

package import RolloutJudge

package struct ProbeTarget: Sendable {
  package var arm: Arm
  package init(arm: Arm) { self.arm = arm }
}
