//! TLS 1.3 with the company root as the only trust anchor and a leaf that is a TLS server's and nothing else.

use std::sync::Arc;

use gridkey_protocol::certificate::{Certificate, Purpose, Purposes, TrustAnchor};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme,
    client::{
        Resumption, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    },
};
use rustls_pki_types::{CertificateDer, ServerName, UnixTime};

/// The TLS side of a connector.
#[derive(Debug, Clone)]
pub struct TlsSettings {
    config: Arc<ClientConfig>,
}

/// The company root cannot anchor TLS.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the company root cannot be used for TLS: {0}")]
pub struct TlsSettingsError(String);

impl TlsSettings {
    /// Trusts what `anchor` issued, and nothing else.
    pub fn new(anchor: &TrustAnchor) -> Result<Self, TlsSettingsError> {
        let fail = |error: &dyn std::fmt::Display| TlsSettingsError(error.to_string());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from(anchor.der().to_vec())).map_err(|e| fail(&e))?;
        let webpki = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .build()
            .map_err(|e| fail(&e))?;
        let verifier = CompanyVerifier { webpki, purposes: *anchor.purposes() };
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(&[&rustls::version::TLS13])
            .map_err(|e| fail(&e))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.resumption = Resumption::disabled();
        config.enable_early_data = false;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Self { config: Arc::new(config) })
    }

    pub(crate) fn connector(&self) -> tokio_rustls::TlsConnector {
        Arc::clone(&self.config).into()
    }
}

/// webpki's verdict on path, time and name, and on top of it the contract's: the leaf carries exactly `serverAuth`, critical, so
/// that no other certificate under the same root passes for a server's.
#[derive(Debug)]
struct CompanyVerifier {
    webpki: Arc<WebPkiServerVerifier>,
    purposes: Purposes,
}

impl ServerCertVerifier for CompanyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let verified = self.webpki.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)?;
        let leaf = Certificate::from_der(end_entity).map_err(|_| CertificateError::BadEncoding)?;
        if leaf.purpose(&self.purposes) == Some(Purpose::Tls) {
            Ok(verified)
        } else {
            Err(CertificateError::InvalidPurpose.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        // TLS 1.2 is not offered.
        Err(Error::General("TLS 1.2 is not spoken here".into()))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.webpki.verify_tls13_signature(message, certificate, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.webpki.supported_verify_schemes()
    }
}
