/// `GET /`: one page that shows `/status` and steers; it holds no data itself and fetches nothing from elsewhere.

enum Dashboard {
  /// A page of its own for each request: the nonce is what lets its style and script, and no other, run.
  static func answer(nonce: String = freshNonce()) -> Answer {
    var answer = Answer.text(page(nonce: nonce), contentType: "text/html; charset=utf-8")
    answer.headers = [("Content-Security-Policy", contentSecurityPolicy(nonce: nonce))]
    return answer
  }

  static func contentSecurityPolicy(nonce: String) -> String {
    """
    default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; connect-src 'self'; img-src data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'
    """
  }

  private static func freshNonce() -> String {
    var generator = SystemRandomNumberGenerator()
    return (0..<2).map { _ in String(generator.next(), radix: 16) }.joined()
  }

  private static func page(nonce: String) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Crossfade</title>
    <link rel="icon" href="data:,">
    <style nonce="\(nonce)">
    \(style)
    </style>
    </head>
    \(skeleton)
    <script nonce="\(nonce)">
    "use strict";
    \(formatScript)
    \(drawScript)
    \(steerScript)
    </script>
    </body>
    </html>
    """
  }
}
