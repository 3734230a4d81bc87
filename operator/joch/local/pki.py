"""The certificates of a control plane: its authority, its server, its users."""

import datetime
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from joch.local.private_files import write_private

_LEEWAY = datetime.timedelta(minutes=5)
_AUTHORITY_LIFE = datetime.timedelta(days=3650)
_LEAF_LIFE = datetime.timedelta(days=365)


@dataclass(frozen=True, repr=False)
class KeyPair:
    """A certificate and its private key, both PEM."""

    certificate: bytes
    key: bytes


class Authority:
    """A certificate authority; its key and certificate lie in a folder."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        """Use an authority that is there; `load_or_create` makes one."""
        self._certificate = certificate
        self._key = key

    @classmethod
    def load_or_create(cls, folder: Path) -> "Authority":
        """The authority whose `ca.crt` and `ca.key` are in `folder`; both are made if one lacks."""
        certificate_file, key_file = folder / "ca.crt", folder / "ca.key"
        if not (certificate_file.is_file() and key_file.is_file()):
            key = ec.generate_private_key(ec.SECP256R1())
            name = _name("joch-local-ca")
            builder = _builder(name, key.public_key(), name, key.public_key(), _AUTHORITY_LIFE)
            builder = builder.add_extension(x509.BasicConstraints(True, 0), critical=True)
            builder = builder.add_extension(_key_usage(authority=True), critical=True)
            certificate = builder.sign(key, hashes.SHA256())
            write_private(key_file, _private_pem(key))
            write_private(certificate_file, _certificate_pem(certificate))
        return cls.load(folder)

    @classmethod
    def load(cls, folder: Path) -> "Authority":
        """The authority whose `ca.crt` and `ca.key` are in `folder`."""
        key = serialization.load_pem_private_key((folder / "ca.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes()), key)

    @property
    def certificate(self) -> bytes:
        """The authority's certificate, PEM."""
        return _certificate_pem(self._certificate)

    def issue_client(self, user: str, groups: Sequence[str] = ()) -> KeyPair:
        """A client certificate: Kubernetes takes the common name as user, organizations as groups.

        Source: Kubernetes, "Authenticating", X509 client certificates.
        """
        return self._issue(_name(user, groups), ExtendedKeyUsageOID.CLIENT_AUTH, ())

    def issue_server(self, hosts: Sequence[str]) -> KeyPair:
        """A serving certificate for these DNS names and IP addresses."""
        return self._issue(_name(hosts[0]), ExtendedKeyUsageOID.SERVER_AUTH, hosts)

    def _issue(
        self, subject: x509.Name, usage: x509.ObjectIdentifier, hosts: Sequence[str]
    ) -> KeyPair:
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self._certificate.subject
        builder = _builder(subject, key.public_key(), issuer, self._key.public_key(), _LEAF_LIFE)
        builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
        builder = builder.add_extension(_key_usage(authority=False), critical=True)
        builder = builder.add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        if hosts:
            names = x509.SubjectAlternativeName([_general_name(host) for host in hosts])
            builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        return KeyPair(_certificate_pem(certificate), _private_pem(key))


def new_signing_key() -> bytes:
    """A private key for service account tokens, PEM.

    In the form "EC PRIVATE KEY", because kube-apiserver derives the public key from no other.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    return _private_pem(key, serialization.PrivateFormat.TraditionalOpenSSL)


def _private_pem(
    key: ec.EllipticCurvePrivateKey,
    form: serialization.PrivateFormat = serialization.PrivateFormat.PKCS8,
) -> bytes:
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def _builder(
    subject: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer: x509.Name,
    issuer_key: ec.EllipticCurvePublicKey,
    life: datetime.timedelta,
) -> x509.CertificateBuilder:
    """What every certificate has.

    Python 3.13 and later verify strictly by RFC 5280, which asks for both key identifiers.
    """
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LEEWAY)
        .not_valid_after(now + life)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key), critical=False
        )
    )


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    """An authority signs certificates, everybody else signs handshakes."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _name(common_name: str, organizations: Sequence[str] = ()) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, group) for group in organizations]
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _general_name(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
