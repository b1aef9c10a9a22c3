/// The forms that are blotted out of what is kept, by what they look like. The threat model lists them; each has a test.

struct RedactionForm: Sendable {
  /// The label that stands in its place.
  var label: String
  var patterns: [String]

  static let all = [vendorKeys, credentials, mail, telephones]

  /// Keys, by the beginnings that vendors give them.
  private static let vendorKeys = RedactionForm(
    label: "[key]",
    patterns: [
      // OpenAI, OpenRouter, Anthropic, Stripe, Groq, xAI, Cerebras, Fireworks, Replicate, Nvidia, Perplexity, Tavily, EvoLink.
      "\\b(?:sk|pk|rk|ak|api|key|gsk|xai|csk|fw|r8|nvapi|pplx|tvly|esecret|tgp)[-_][\\w-]{16,}",
      // Dify, Baidu.
      "\\bapp-[0-9A-Za-z]{24}\\b", "\\bbce-v3/[\\w/-]{20,}",
      // AWS, Alibaba, Tencent, Volcengine.
      "\\b(?:AKIA|ASIA|ABIA|ACCA)[0-9A-Z]{16}\\b", "\\bLTAI[0-9A-Za-z]{12,30}\\b", "\\bAKID[0-9A-Za-z]{13,40}\\b",
      "\\bAKLT[0-9A-Za-z_-]{16,}", "\\bABSK[0-9A-Za-z+/=]{16,}",
      // Google.
      "\\bAIza[\\w-]{30,}", "\\bya29\\.[\\w-]{20,}", "\\bGOCSPX-[\\w-]{20,}",
      // GitHub, GitLab, npm, PyPI, Hugging Face, Databricks, Slack, SendGrid, Shopify, DigitalOcean, Vault, Twilio.
      "\\bgh[pousr]_\\w{20,}", "\\bgithub_pat_\\w{20,}", "\\bglpat-[\\w-]{20,}", "\\bnpm_\\w{30,}",
      "\\bpypi-[\\w-]{30,}",
      "\\bhf_\\w{20,}", "\\bdapi[0-9a-f]{32}\\b", "\\bxox[abeoprs]-[\\w-]{10,}", "\\bSG\\.[\\w-]{16,}\\.[\\w-]{16,}",
      "\\bshp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}\\b", "\\bdo[opr]_v1_[0-9a-f]{32,}", "\\bhv[sbr]\\.[\\w-]{20,}",
      "\\bwhsec_[\\w+/=]{16,}", "\\b(?:AC|SK)[0-9a-f]{32}\\b",
    ])

  /// Credentials, by what stands around them.
  private static let credentials = RedactionForm(
    label: "[key]",
    patterns: [
      "\\beyJ[\\w-]{8,}\\.[\\w-]{8,}\\.[\\w-]*", "(?i)\\b(?:bearer|basic)\\s+[\\w.~+/=-]{12,}",
      "-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY-----)?",
      "(?i)(?:api[-_ ]?key|access[-_ ]?token|secret|password|passwd|accountkey|密码|密钥)[\"']?\\s*(?:=>?|:|：|is|是)\\s*[\"']?[^\\s\"',;，。]{6,}",
      "(?i)://[^\\s/:@]+:[^\\s/@]+@",
    ])

  private static let mail = RedactionForm(
    label: "[email]", patterns: ["[\\w.!#$%&'*+/=?^`{|}~-]+@[\\w-]+(?:\\.[\\w-]+)+"])

  /// With a plus sign, an area code in brackets, or a leading zero; `PhoneNumbers` finds those without.
  private static let telephones = RedactionForm(
    label: "[phone]",
    patterns: [
      "\\+[1-9](?:[ ().\\-\\u{A0}\\u{2011}]{0,2}[0-9]){7,14}",
      "\\(?\\b[0-9]{3}\\)?[-. ]{1,2}[0-9]{3}[-. ][0-9]{4}\\b",
      "\\b00[1-9](?:[ ./-]?[0-9]){7,13}\\b", "\\b0[1-9][0-9]{0,4}[ /-][0-9]{5,9}\\b",
      "\\b0[1-9](?:[ .-][0-9]{2}){4}\\b", "\\b0[0-9]{2,4}[ -][0-9]{3,4}[ -][0-9]{3,4}\\b",
    ])
}
