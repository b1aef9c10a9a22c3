/// Recognises prose that says an account has nothing left to pay with: many gateways say so in no code or type.

extension ShortText {
  /// Whether the text says that quota, credit or balance is spent, and does not speak of a rate.
  ///
  /// Only its first bytes are looked at, and nothing of it is kept.
  var saysAccountIsSpent: Bool {
    !isEmpty
      && withBytes { bytes in
        let text = Lowercase(bytes)
        return text.holdsAny(SpentWords.spent) && !text.holdsAny(SpentWords.rates)
      }
  }
}

/// The same of a small document, wherever in it the words stand; its codes, such as `insufficient_user_quota`, count too.
package func saysAccountIsSpent(_ document: [UInt8]) -> Bool {
  let words = document.prefix(4096).map { $0 == UInt8(ascii: "_") ? UInt8(ascii: " ") : $0 }
  let text = Lowercase(words.span.bytes)
  return text.holdsAny(SpentWords.spent) && !text.holdsAny(SpentWords.rates)
}

private enum SpentWords {
  /// In the words of OpenAI, Anthropic, xAI, fal, LiteLLM, Hugging Face, One-API and New-API, SiliconFlow, Z.ai, DeepSeek,
  /// Moonshot, MiniMax and Volcengine.
  static let spent: [[UInt8]] = [
    "insufficient balance", "insufficient credit", "insufficient fund", "insufficient quota", "insufficient user quota",
    "insufficient account balance", "balance is insufficient", "balance insufficient", "balance is not enough",
    "balance not enough", "not enough balance", "not enough credit", "enough credits", "exhausted balance",
    "balance exhausted", "balance is exhausted", "balance is too low", "credit balance", "out of credit", "no credits",
    "any credits", "available credits", "credits have been", "credits are depleted", "credits exhausted",
    "credits are exhausted", "monthly included credits", "add more credits", "purchase credits", "buy credits",
    "payment required", "exceeded your current quota", "exceeded current quota", "quota exceeded", "quota exhausted",
    "quota is exhausted", "quota has been exhausted", "quota is not enough", "quota not enough",
    "quota is insufficient",
    "quota used up", "quota has been used up", "out of quota", "budget has been exceeded", "exceededbudget",
    "budget exceeded", "arrear", "overdue", "spending limit", "spend limit", "billing hard limit", "billing limit",
    "in good standing", "key limit exceeded", "top up your", "please recharge", "please top up",
    "余额不足", "余额已用", "余额耗尽", "额度不足", "额度已用", "额度用尽", "额度耗尽", "额度已耗尽", "额度已经用", "剩余额度", "配额不足",
    "配额已用", "配额耗尽", "点数不足", "积分不足", "欠费", "充值", "餘額不足", "額度不足", "額度已用",
  ].map { Array($0.utf8) }

  /// A limit on how much goes in a span of time comes back by itself.
  static let rates: [[UInt8]] = [
    "rate limit", "rate-limit", "rate_limit", "ratelimit", "per minute", "per second", "requests per", "per_minute",
    "per_day", "requests_per", "quota metric", "quota exceeded for metric", "free-models-per", "too many requests",
    "max rpm", "速率", "频率", "每分钟", "頻率",
  ].map { Array($0.utf8) }
}
