"""The systems that people move to from OpenRouter, and how each words its errors."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class System:
    """One row of the table; `vendor` as a playbook names it."""

    name: str
    vendor: str
    #: A chat's model to the vendor's, where one of its models has rules of its own.
    model: str = "test/model"
    mapped: str | None = None
    #: Its strict row, where that has another name; or where it is, where it is a real one.
    row: str | None = None
    url: str | None = None
    #: The variable of the environment that holds its key.
    key: str = "TEST_CANDIDATE_KEY"
    #: Further settings of its arm.
    arm: dict = field(default_factory=dict)
    #: The word before its key.
    scheme: str = "Bearer"
    #: It makes pictures by jobs, and answers no chat.
    paints: bool = False
    #: The application speaks Anthropic's messages.
    speaks_messages: bool = False
    #: The form of its errors, a key of ERRORS.
    errors: str = "openai"

    @property
    def strict(self):
        return self.row or self.vendor

    @property
    def models(self):
        return {self.model: self.mapped or self.model}


#: A refusal by its status; what it leads to is what a wrong key leads to: a pause that says so.
KEY_AS_400 = "rejected"

#: Class of error to the status and the body of a vendor's answer, and the outcome that it is where that is not its class.
OPENAI = {
    "unauthorized": (401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}}),
    "unpaid": (429, {"error": {"message": "You exceeded your current quota, please check your plan and billing details.", "type": "insufficient_quota", "code": "insufficient_quota"}}),
    "rate_limited": (429, {"error": {"message": "Rate limit reached for requests", "type": "requests", "code": "rate_limit_exceeded"}}),
    "failed": (500, {"error": {"message": "The server had an error", "type": "server_error", "code": None}}),
    "rejected": (400, {"error": {"message": "Your request was rejected by the safety system.", "type": "invalid_request_error", "code": "content_policy_violation"}}),
}


def plain(unpaid=None, **changes):
    """OpenAI's words, but for what is given."""
    if unpaid:
        changes["unpaid"] = unpaid
    return {**OPENAI, **changes}


def relay(kind):
    return plain(
        (403, {"error": {"message": "用户额度不足 (request id: 2026112216420067890)", "type": kind, "param": "", "code": "insufficient_user_quota"}}),
        unauthorized=(401, {"error": {"message": "无效的令牌 (request id: 2026112216420067891)", "type": kind, "param": "", "code": ""}}),
        rate_limited=(429, {"error": {"message": "当前分组上游负载已饱和，请稍后再试", "type": "upstream_error", "param": "429", "code": 429}}),
        failed=(503, {"error": {"message": "当前分组 default 下对于模型 claude-opus-4-7 无可用渠道", "type": kind, "param": "", "code": "model_not_found"}}),
        rejected=(400, {"error": {"message": "sensitive words detected", "type": kind, "param": "", "code": "sensitive_words_detected"}}),
    )


def anthropic(kind, message):
    return {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_1"}


def google(code, status, message):
    return [{"error": {"code": code, "message": message, "status": status}}]


ERRORS = {
    "openai": OPENAI,
    "402": plain((402, {"error": {"message": "Insufficient Balance", "type": "unknown_error", "param": None, "code": "invalid_request_error"}})),
    "relay": relay("new_api_error"),
    "one-api": relay("one_api_error"),
    "openrouter": {
        "unauthorized": (401, {"error": {"code": 401, "message": "User not found.", "metadata": {"error_type": "authentication"}}}),
        "unpaid": (402, {"error": {"code": 402, "message": "Insufficient credits. Add more credits and try again.", "metadata": {"error_type": "payment_required"}}}),
        "rate_limited": (429, {"error": {"code": 429, "message": "Rate limit exceeded", "metadata": {"error_type": "rate_limit_exceeded"}}}),
        "failed": (502, {"error": {"code": 502, "message": "Provider disconnected", "metadata": {"error_type": "provider_unavailable"}}}),
        "rejected": (403, {"error": {"code": 403, "message": "Input was flagged by moderation", "metadata": {"reasons": ["violence"], "flagged_input": "…"}}}),
    },
    "litellm": plain(
        (400, {"error": {"message": "Budget has been exceeded! Current cost: 12.0, Max budget: 10.0", "type": "budget_exceeded", "param": None, "code": "400"}}),
        unauthorized=(400, {"error": {"message": "No connected db.", "type": "no_db_connection", "param": None, "code": "400"}}, KEY_AS_400),
        rate_limited=(429, {"error": {"message": "litellm.RateLimitError: too many", "type": "throttling_error", "param": None, "code": "429"}}),
    ),
    "portkey": plain(
        unauthorized=(401, {"error": {"message": "openai error: Incorrect API key provided", "type": "invalid_request_error", "code": "invalid_api_key"}, "provider": "openai"}),
        failed=(500, {"status": "failure", "message": "Something went wrong"}),
        rejected=(446, {"error": {"message": "The guardrail checks defined in the config failed.", "type": "hooks_failed", "code": None}, "hook_results": {}}),
    ),
    "anthropic": {
        "unauthorized": (401, anthropic("authentication_error", "invalid x-api-key")),
        "unpaid": (400, anthropic("invalid_request_error", "Your credit balance is too low to access the Anthropic API.")),
        "rate_limited": (429, anthropic("rate_limit_error", "This request would exceed your organization's rate limit")),
        "failed": (500, anthropic("api_error", "Internal server error")),
        "rejected": (400, anthropic("invalid_request_error", "Output blocked by content filtering policy")),
    },
    "gemini": {
        "unauthorized": (400, google(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."), KEY_AS_400),
        "unpaid": (429, google(429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.")),
        "rate_limited": (429, google(429, "RESOURCE_EXHAUSTED", "Quota exceeded for metric: generate_content_requests, limit: 10, model: gemini")),
        "failed": (500, google(500, "INTERNAL", "An internal error has occurred.")),
        "rejected": (400, google(400, "INVALID_ARGUMENT", "The prompt was blocked: PROHIBITED_CONTENT")),
    },
    "siliconflow": plain(
        (403, {"code": 30001, "message": "Sorry, your account balance is insufficient", "data": None}),
        unauthorized=(401, "Invalid token"),
        rate_limited=(429, {"message": "Request was rejected due to rate limiting. Details:TPM limit reached.", "data": None}),
        rejected=(400, {"code": 20015, "message": "The content is not allowed.", "data": None}),
    ),
    "moonshot": plain((429, {"error": {"message": "Your account is suspended due to insufficient balance, please recharge", "type": "exceeded_current_quota_error"}})),
    "zai": plain((429, {"error": {"code": "1113", "message": "Insufficient balance or no resource package. Please recharge."}})),
    "minimax": plain((200, {"id": "", "choices": None, "base_resp": {"status_code": 1008, "status_msg": "insufficient balance"}})),
    "qwen": plain((400, {"error": {"message": "Access denied, please make sure your account is in good standing.", "type": "Arrearage", "code": "Arrearage"}})),
    "mistral": plain((402, {"object": "error", "message": "Payment required", "type": "payment_required", "param": None, "code": None})),
    "tempo": plain((402, {"type": "https://paymentauth.org/problems/payment-required", "title": "Payment Required", "status": 402, "detail": "Payment is required.", "challengeId": "c1f0"})),
    "replicate": {
        "unauthorized": (401, {"title": "Unauthenticated", "detail": "You did not pass a valid authentication token", "status": 401}),
        "unpaid": (402, {"title": "Insufficient credit", "detail": "You have insufficient credit to run this model.", "status": 402}),
        "rate_limited": (429, {"detail": "Request was throttled. Your rate limit resets in ~30s."}),
        "failed": (500, {"detail": "Internal server error"}),
        "rejected": (422, {"title": "Input validation failed", "detail": "NSFW content detected", "status": 422}),
    },
    "fal": {
        "unauthorized": (401, {"detail": "Authentication is required to access this application."}),
        "unpaid": (403, {"detail": "User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}),
        "rate_limited": (429, {"detail": "Too many requests"}),
        "failed": (500, {"detail": "Internal server error"}),
        "rejected": (422, {"detail": [{"loc": ["body", "prompt"], "msg": "The content could not be processed", "type": "content_policy_violation"}]}),
    },
    "wavespeed": {
        "unauthorized": (401, {"code": 401, "message": "invalid api key", "data": None}),
        "unpaid": (200, {"code": 402, "message": "Insufficient credits. Please top up.", "data": None}),
        "rate_limited": (429, {"code": 429, "message": "too many requests", "data": None}),
        "failed": (500, {"code": 500, "message": "internal error", "data": None}),
        "rejected": (400, {"code": 400, "message": "content flagged as sensitive", "data": None}),
    },
    "evolink": plain(
        (402, {"error": {"code": 402, "message": "Insufficient credits", "type": "insufficient_quota", "param": None, "fallback_suggestion": "Top up the account"}}),
        rejected=(400, {"error": {"code": "content_policy_violation", "message": "Prompt was rejected", "type": "task_error"}}),
    ),
    "grsai": {
        "unauthorized": (401, {"code": -1, "msg": "apikey error", "data": None}),
        "unpaid": (200, {"code": -1, "msg": "insufficient credits", "data": None}),
        "rate_limited": (429, {"code": -1, "msg": "too many requests", "data": None}),
        "failed": (500, {"code": -1, "msg": "internal error", "data": None}),
        "rejected": (400, {"code": -1, "msg": "input_moderation", "data": None}),
    },
}

CLAUDE = {"model": "anthropic/claude-opus-4.7", "mapped": "claude-opus-4-7"}
SYSTEMS = [
    System("OpenRouter", "openrouter", errors="openrouter"),
    System("LiteLLM", "litellm", errors="litellm"),
    System("Portkey", "portkey", arm={"headers": {"x-portkey-provider": "@openai"}}, errors="portkey"),
    System("Eden AI", "edenai", errors="402"),
    System("Replicate", "replicate", paints=True, errors="replicate"),
    System("fal.ai, chats", "fal", scheme="Key"),
    System("fal.ai, pictures", "fal", paints=True, errors="fal"),
    System("WaveSpeedAI, chats", "wavespeed", errors="402"),
    System("WaveSpeedAI, pictures", "wavespeed", paints=True, errors="wavespeed"),
    System("EvoLink, chats", "evolink", errors="evolink"),
    System("EvoLink, pictures", "evolink", paints=True, errors="evolink"),
    System("CometAPI", "cometapi", errors="relay"),
    System("Together", "together", errors="402"),
    System("Fireworks", "fireworks", errors="402"),
    System("SiliconFlow", "siliconflow", errors="siliconflow"),
    System("GrsAi", "grsai", paints=True, errors="grsai"),
    System("DMXAPI", "dmxapi", errors="relay"),
    System("poloapi.top, n1n.ai", "n1n", row="poloapi", errors="relay"),
    System("One-API", "oneapi", errors="one-api"),
    System("New-API", "newapi", errors="relay"),
    System("MixAPI", "mixapi", errors="one-api"),
    System("a commercial relay", "relay", row="newapi", errors="relay"),
    System("Anthropic, messages", "anthropic", **CLAUDE, speaks_messages=True, errors="anthropic"),
    System("Anthropic, chats translated", "anthropic", **CLAUDE, errors="anthropic"),
    System("OpenAI", "openai", "openai/gpt-5-mini", "gpt-5-mini"),
    System("Gemini", "gemini", errors="gemini"),
    System("DeepSeek", "deepseek", errors="402"),
    System("Moonshot (Kimi)", "moonshot", "moonshotai/kimi-k2.6", "kimi-k2.6", errors="moonshot"),
    System("Z.ai (GLM)", "zai", errors="zai"),
    System("MiniMax", "minimax", errors="minimax"),
    System("Qwen (DashScope)", "qwen", errors="qwen"),
    System("xAI", "xai", "x-ai/grok-4.7", "grok-4.7"),
    System("Mistral", "mistral", errors="mistral"),
    System("Groq", "groq"),
    System("DeepInfra", "deepinfra", errors="402"),
    System("Tempo, behind a payer", "tempo", row="openrouter", errors="tempo"),
]
