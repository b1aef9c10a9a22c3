/// Answers in the shapes that vendors send, with values of our own.

enum Chat {
  static let comment = ": OPENROUTER PROCESSING\n\n"
  static let li = #"""
    data: {"id":"gen-1795360002-XyZ","provider":"Anthropic","model":"anthropic/claude-opus-4.7","object":"chat.completion.chunk","created":1795360002,"choices":[{"index":0,"delta":{"role":"assistant","content":"Li"},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}


    """#
  static let ma = #"""
    data: {"id":"gen-1795360002-XyZ","provider":"Anthropic","model":"anthropic/claude-opus-4.7","object":"chat.completion.chunk","created":1795360002,"choices":[{"index":0,"delta":{"role":"assistant","content":"ma"},"finish_reason":null,"native_finish_reason":null,"logprobs":null}]}


    """#
  static let finish = #"""
    data: {"id":"gen-1795360002-XyZ","provider":"Anthropic","model":"anthropic/claude-opus-4.7","object":"chat.completion.chunk","created":1795360002,"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":"stop","native_finish_reason":"end_turn","logprobs":null}]}


    """#
  static let usage = #"""
    data: {"id":"gen-1795360002-XyZ","provider":"Anthropic","model":"anthropic/claude-opus-4.7","object":"chat.completion.chunk","created":1795360002,"choices":[],"usage":{"prompt_tokens":21,"completion_tokens":4,"total_tokens":25,"cost":0.000205,"is_byok":false}}


    """#
  /// LiteLLM's: one choice with an empty delta.
  static let usageWithChoice = #"""
    data: {"id":"chatcmpl-aB84","created":1795366939,"model":"google/gemma-3-270m-it","object":"chat.completion.chunk","choices":[{"index":0,"delta":{}}],"usage":{"completion_tokens":24,"prompt_tokens":29,"total_tokens":53,"completion_tokens_details":{"reasoning_tokens":0,"text_tokens":24},"prompt_tokens_details":{"cached_tokens":24},"cost":0.000012499999999999999}}


    """#
  static let roleOnly = #"""
    data: {"choices":[{"finish_reason":null,"index":0,"delta":{"role":"assistant","content":null}}],"created":1795366933,"id":"chatcmpl-XMr9","model":"gemma3-270m","object":"chat.completion.chunk"}


    """#
  static let error = #"""
    data: {"id":"gen-1795360003-Q","object":"chat.completion.chunk","created":1795360003,"model":"deepseek/deepseek-v3.2","error":{"code":502,"message":"Provider disconnected","metadata":{"error_type":"provider_unavailable","provider_code":null}},"choices":[{"index":0,"delta":{"content":""},"finish_reason":"error"}]}


    """#
  static let done = "data: [DONE]\n\n"
  static let stream = comment + li + ma + finish + usage + done

  static let body = #"""
    {"id":"gen-1795360001-AbCdEf","provider":"Anthropic","model":"anthropic/claude-opus-4.7","object":"chat.completion","created":1795360001,
     "choices":[{"index":0,"logprobs":null,"finish_reason":"stop","native_finish_reason":"end_turn","message":{"role":"assistant","content":"Lima","refusal":null,"reasoning":null}}],
     "usage":{"prompt_tokens":21,"completion_tokens":4,"total_tokens":25,"cost":0.000205,"is_byok":false,
      "prompt_tokens_details":{"cached_tokens":0,"cache_write_tokens":0,"audio_tokens":0,"video_tokens":0},
      "cost_details":{"upstream_inference_cost":null,"upstream_inference_prompt_cost":0.000105,"upstream_inference_completions_cost":0.0001},
      "completion_tokens_details":{"reasoning_tokens":0}}}
    """#
}

enum Messages {
  static let start = #"""
    event: message_start
    data: {"type":"message_start","message":{"id":"msg_01B","type":"message","role":"assistant","model":"claude-opus-4-7","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":21,"cache_read_input_tokens":12,"cache_creation_input_tokens":3,"output_tokens":1}}}


    """#
  static let blockStart = #"""
    event: content_block_start
    data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}


    """#
  static let ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n"
  static let text = #"""
    event: content_block_delta
    data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Let me look."}}


    """#
  static let blockStop = #"""
    event: content_block_stop
    data: {"type":"content_block_stop","index":0}


    """#
  static let toolStart = #"""
    event: content_block_start
    data: {"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"toolu_01","name":"lookup","input":{}}}


    """#
  static let toolDelta = #"""
    event: content_block_delta
    data: {"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"q\":\"ca"}}


    """#
  static let delta = #"""
    event: message_delta
    data: {"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":37}}


    """#
  static let stop = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"
  static let error = #"""
    event: error
    data: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}


    """#
  static let stream = start + blockStart + ping + text + blockStop + toolStart + toolDelta + delta + stop

  static let body = #"""
    {"id":"msg_01A","type":"message","role":"assistant","model":"claude-opus-4-7","content":[{"type":"text","text":"Lima"}],"stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":9,"cache_creation_input_tokens":0,"cache_read_input_tokens":12,"output_tokens":4}}
    """#
}

enum Responses {
  static let created = #"""
    event: response.created
    data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_01","object":"response","status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-5","output":[],"usage":null}}


    """#
  static let itemAdded = #"""
    event: response.output_item.added
    data: {"type":"response.output_item.added","output_index":0,"item":{"id":"msg_1","type":"message","status":"in_progress","content":[],"role":"assistant"}}


    """#
  static let text = #"""
    event: response.output_text.delta
    data: {"type":"response.output_text.delta","item_id":"msg_1","output_index":0,"content_index":0,"delta":"Lima","logprobs":[]}


    """#
  static let completed = #"""
    event: response.completed
    data: {"type":"response.completed","response":{"id":"resp_01","object":"response","status":"completed","error":null,"incomplete_details":null,"model":"gpt-5","output":[{"id":"msg_1","type":"message","status":"completed","content":[{"type":"output_text","annotations":[],"text":"Lima"}],"role":"assistant"}],"usage":{"input_tokens":36,"input_tokens_details":{"cached_tokens":16},"output_tokens":87,"output_tokens_details":{"reasoning_tokens":64},"total_tokens":123}}}


    """#
  static let incomplete = #"""
    event: response.incomplete
    data: {"type":"response.incomplete","response":{"id":"resp_01","status":"incomplete","error":null,"incomplete_details":{"reason":"max_output_tokens"},"output":[{"type":"message","content":[{"type":"output_text","text":"Li"}]}],"usage":{"input_tokens":36,"output_tokens":2}}}


    """#
  static let failed = #"""
    event: response.failed
    data: {"type":"response.failed","response":{"id":"resp_01","status":"failed","error":{"code":"server_error","message":"The model failed to generate a response."},"output":[],"usage":null}}


    """#
  static let stream = created + itemAdded + text + completed
}
