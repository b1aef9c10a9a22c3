/// Why a request cannot be said in another dialect without losing something: it then stays where it is understood.

package enum Untranslatable: String, Error, Sendable, CaseIterable {
  /// The other side has nothing that does this at all, a conversation for instance.
  case endpointAbsent = "endpoint_absent"
  /// Its name cannot be said where it has to be.
  case modelUnmapped = "model_unmapped"
  case severalChoices = "several_choices"
  case logprobs
  case contentPart = "content_part"
  /// The arguments of an earlier tool call are no JSON object.
  case toolArguments = "tool_arguments"
  /// A tool's result without its call, a call without its result, or either without any tools.
  case orphanToolResult = "orphan_tool_result"
  /// The conversation ends, or begins, with the assistant's own words, and the model takes none to go on from.
  case prefill
  /// The model takes no such sampling, or not together with what else is asked for.
  case samplingRefused = "sampling_refused"
  /// Earlier thinking has to be sent along, and its signed blocks are not there.
  case thinkingUnsigned = "thinking_unsigned"
  /// An answer's form, or a tool, that the other dialect has no words for.
  case schemaNotExpressible = "schema_not_expressible"
  case serverTools = "server_tools"
  case storedState = "stored_state"
  /// It is no request of its dialect.
  case unreadable
}
