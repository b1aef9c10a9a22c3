/// Certificates for `localhost` that sign themselves, with their keys: for these tests and of no worth elsewhere.
enum TestCertificate {
  /// Until 2126-01-01.
  static let valid = """
    -----BEGIN CERTIFICATE-----
    MIIBZjCCAQ2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
    c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyNjAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
    CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOSXmdZxMmO41j8Q
    hOvqldHmzttN8py+KDFUemAjMHZz7TAVO8xFjoitMR/8c9dS4HViVMAlzvs6jleL
    i1UZzYOjTjBMMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
    BTADAQH/MB0GA1UdDgQWBBRQDWeVVuRRxQNzfZ1GHTg09hgf9TAKBggqhkjOPQQD
    AgNHADBEAiBP7wuzHeKzTPpQl0jIZCq54cAHTCjEZhz05HByK8NWzQIgJrI4Tok/
    Y8NFYS+0T8dnpwijdt4jT61vzopGcUAny5g=
    -----END CERTIFICATE-----
    """

  static let validKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg7cUafBVo8CrwJK3/
    Kf1G6vn0xsDNyPaV9cEzlRcio9yhRANCAATkl5nWcTJjuNY/EITr6pXR5s7bTfKc
    vigxVHpgIzB2c+0wFTvMRY6IrTEf/HPXUuB1YlTAJc77Oo5Xi4tVGc2D
    -----END PRIVATE KEY-----
    """

  /// Until 2021-01-01.
  static let expired = """
    -----BEGIN CERTIFICATE-----
    MIIBZDCCAQugAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
    c3QwHhcNMjAwMTAxMDAwMDAwWhcNMjEwMTAxMDAwMDAwWjAUMRIwEAYDVQQDDAls
    b2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARVr19WfUddsO0EfWqj
    Qz0+VGmETLeUyu+OzPECX28vt7YGCDjIIfbM49UYJqYxaRvHegERLkeKdxzZ+eKc
    73K1o04wTDAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwDwYDVR0TAQH/BAUw
    AwEB/zAdBgNVHQ4EFgQUMwJD0y1gicuYIjOrFtShhienQWgwCgYIKoZIzj0EAwID
    RwAwRAIgL8foxRu0A7o/aZL5UXtPMFqxywp2KzmlPSvpYKjgqygCICM5FGnBai/F
    Z5nwbgXJLZCYo55fD3UTE3kZdqguh9hL
    -----END CERTIFICATE-----
    """

  static let expiredKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgqYBAGwKboVSOw6HS
    1U/q20+NFH6F6dsIgOSZZJ81UC6hRANCAARVr19WfUddsO0EfWqjQz0+VGmETLeU
    yu+OzPECX28vt7YGCDjIIfbM49UYJqYxaRvHegERLkeKdxzZ+eKc73K1
    -----END PRIVATE KEY-----
    """
}
