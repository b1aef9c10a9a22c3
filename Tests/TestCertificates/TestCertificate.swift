/// A certificate for `localhost` and 127.0.0.1 that signs itself, with its key: for tests, and of no worth elsewhere.
package enum TestCertificate {
  package static let certificate = """
    -----BEGIN CERTIFICATE-----
    MIIBmzCCAUGgAwIBAgIUQ+zzz7cKhxeiSndqqUbtlQhc9dwwCgYIKoZIzj0EAwIw
    FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjE4MjYzOFoYDzIxMjYxMDI5
    MTgyNjM4WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
    PQMBBwNCAAQ5gXTg5ZTOekTPbwY8ggKLRmM+jYJm0oom7zZcrCNJPb+CLhJpVwAG
    YPtcQ10Navat6QkL0he7hqxo4QkSJ2Ifo28wbTAdBgNVHQ4EFgQUEO/ACWIYshiD
    gNKZhVI9Gifb+lwwHwYDVR0jBBgwFoAUEO/ACWIYshiDgNKZhVI9Gifb+lwwDwYD
    VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
    zj0EAwIDSAAwRQIhAMXs35+m56vlgvxIE/kiMJV9eZ5sukM0MQKNyq57L+rRAiAx
    8oAU+r4YuY11zxQDTKYiqrUD0w535Wi8QOVkMnlw9g==
    -----END CERTIFICATE-----
    """

  package static let privateKey = """
    -----BEGIN PRIVATE KEY-----
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgAubSaAw1Je+Xu24E
    eSIgm0f7fhhMp4w38dqvpRehKpehRANCAAQ5gXTg5ZTOekTPbwY8ggKLRmM+jYJm
    0oom7zZcrCNJPb+CLhJpVwAGYPtcQ10Navat6QkL0he7hqxo4QkSJ2If
    -----END PRIVATE KEY-----
    """
}
