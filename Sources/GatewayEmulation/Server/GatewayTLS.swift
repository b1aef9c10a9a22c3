/// The certificate an emulated gateway shows when it serves TLS.
import NIOCore
import NIOSSL

package struct GatewayTLS: Sendable, Equatable {
  /// The chain, the gateway's own certificate first.
  package var certificatePEM: String
  package var privateKeyPEM: String

  package init(certificatePEM: String, privateKeyPEM: String) {
    self.certificatePEM = certificatePEM
    self.privateKeyPEM = privateKeyPEM
  }

  /// What makes certificate or key unusable; nil: nothing.
  package var problem: String? {
    do {
      _ = try context()
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// - Throws: NIOSSL's error where certificate or key cannot be read or do not fit.
  func context() throws -> NIOSSLContext {
    let chain = try NIOSSLCertificate.fromPEMBytes(Array(certificatePEM.utf8)).map {
      NIOSSLCertificateSource.certificate($0)
    }
    let key = try NIOSSLPrivateKey(bytes: Array(privateKeyPEM.utf8), format: .pem)
    var configuration = TLSConfiguration.makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key))
    configuration.applicationProtocols = ["http/1.1"]
    return try NIOSSLContext(configuration: configuration)
  }
}
