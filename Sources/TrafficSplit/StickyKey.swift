/// The key by which requests belong together, so that they are answered by one arm.

package enum StickyKey: Sendable, Hashable {
  /// OpenRouter's own order: body `session_id`, header `x-session-id`, body `prompt_cache_key`, else a hash of the
  /// first system and the first other message together with the caller's key.
  case conversation
  /// A header's value, by lower-case name.
  case header(String)
  /// A body field's value, by dotted path.
  case body(String)
}
