#!/usr/bin/env python3
"""A second client of gridkey.v1, written from docs/protocol.md and docs/gridkey-v1.cddl alone.

    gridkey.py vectors shared/protocol/vectors/gridkey-v1.json
    gridkey.py session wss://HOST:PORT/session --root root.pem --certificate certificate.pem --key key.pem [--pay BILL]

`vectors` reproduces every value of the transcript. `session` logs in with a software key (`gridkey-server dev-key` writes
those files), asks every reading operation, and with --pay submits a signed order twice. It needs the packages
cbor2, PyNaCl, cryptography, websockets and pyOpenSSL; with pycddl and --cddl every message is held against the grammar too.
"""

import argparse
import datetime
import hashlib
import hmac
import html.parser
import json
import secrets
import socket
import ssl
import sys
import time
import urllib.parse
import urllib.request

import cbor2
import nacl.bindings
import nacl.exceptions
import nacl.public
import nacl.secret
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ed25519, x25519
from cryptography.hazmat.primitives.serialization import (
    Encoding, PublicFormat, load_pem_private_key,
)
from cryptography.x509.oid import ExtensionOID

ARC = "1.3.6.1.4.1.32473.1"
CLIENT_AUTH, SERVER_AUTH = "1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.1"
PURPOSES = {
    "usbkey": {CLIENT_AUTH}, "admin": {CLIENT_AUTH, ARC + ".3"}, "envelope": {ARC + ".1"},
    "receipt": {ARC + ".2"}, "tls": {SERVER_AUTH}, "agreement": {ARC + ".4"},
}


class Refused(Exception):
    """The other side broke the contract."""


# ------------------------------------------------------------------------------------------------- section 1: notation

def lp(data):
    return len(data).to_bytes(4, "big") + data


def h(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hkdf(salt, ikm, info, length):
    prk = hmac.new(salt, ikm, hashlib.sha256).digest()
    out, block, counter = b"", b"", 1
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([counter]), hashlib.sha256).digest()
        out, counter = out + block, counter + 1
    return out[:length]


def agree(secret, public):
    try:
        shared = nacl.bindings.crypto_scalarmult(secret, public)
    except nacl.exceptions.RuntimeError as error:
        raise Refused("all-zero agreement") from error
    if shared == bytes(32):
        raise Refused("all-zero agreement")
    return shared


def seal(key, nonce, plain):
    return nacl.secret.SecretBox(key).encrypt(plain, nonce).ciphertext


def unseal(key, nonce, sealed):
    try:
        return nacl.secret.SecretBox(key).decrypt(sealed, nonce)
    except nacl.exceptions.CryptoError as error:
        raise Refused("a frame does not open") from error


def public_of(secret):
    return nacl.bindings.crypto_scalarmult_base(secret)


def fingerprint(der):
    return hashlib.sha256(der).digest()


# ----------------------------------------------------------------------------------------------------- section 3: CBOR

def encode(value):
    return cbor2.dumps(value)


def decode(data):
    """Strict by comparison: apart from the order of map entries there is one spelling, and cbor2 keeps the order."""
    try:
        value = cbor2.loads(data)
    except Exception as error:
        raise Refused(f"malformed CBOR: {error}") from error
    if cbor2.dumps(value) != data:
        raise Refused("not the one spelling of this message")
    return value


# --------------------------------------------------------------------------------------------- section 4: certificates

def extension(certificate, oid):
    try:
        return certificate.extensions.get_extension_for_oid(oid)
    except x509.ExtensionNotFound:
        return None


def check_issued(certificate, issuer, below, now):
    if certificate.issuer.public_bytes() != issuer.subject.public_bytes():
        raise Refused("the chain's names do not link")
    constraints, usage = (extension(issuer, oid) for oid in (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE))
    if not (constraints and constraints.value.ca and usage and usage.value.key_cert_sign):
        raise Refused("an issuer is no CA")
    if constraints.value.path_length is not None and below > constraints.value.path_length:
        raise Refused("the path is too long")
    if extension(issuer, ExtensionOID.EXTENDED_KEY_USAGE) or extension(issuer, ExtensionOID.NAME_CONSTRAINTS):
        raise Refused("an issuer has an extension that the profile does not know")
    if not issuer.not_valid_before_utc <= now <= issuer.not_valid_after_utc:
        raise Refused("an issuer is out of its time")
    try:
        issuer.public_key().verify(certificate.signature, certificate.tbs_certificate_bytes)
    except InvalidSignature as error:
        raise Refused("a certificate's signature is not valid") from error


def validate(chain, root, kind, now):
    """The leaf of a chain of this kind; its own dates are left to the caller."""
    if not 1 <= len(chain) <= 3:
        raise Refused("a chain has 1 to 3 certificates")
    chain = [x509.load_der_x509_certificate(der) for der in chain]
    known = {ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
             ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.SUBJECT_KEY_IDENTIFIER,
             ExtensionOID.AUTHORITY_KEY_IDENTIFIER}
    for place, certificate in enumerate(chain):
        if any(found.critical and found.oid not in known for found in certificate.extensions):
            raise Refused("an unknown critical extension")
        check_issued(certificate, chain[place + 1] if place + 1 < len(chain) else root, place, now)
    leaf = chain[0]
    constraints, usage = extension(leaf, ExtensionOID.BASIC_CONSTRAINTS), extension(leaf, ExtensionOID.KEY_USAGE)
    if constraints and constraints.value.ca:
        raise Refused("the leaf is a CA")
    purposes = extension(leaf, ExtensionOID.EXTENDED_KEY_USAGE)
    stated = [oid.dotted_string for oid in purposes.value] if purposes else []
    if not purposes or not purposes.critical or set(stated) != PURPOSES[kind] or len(stated) != len(PURPOSES[kind]):
        raise Refused(f"a certificate of another kind than {kind}")
    key, bits = leaf.public_key(), usage and usage.value
    fits = {
        "usbkey": lambda: isinstance(key, ed25519.Ed25519PublicKey) and bits.digital_signature and bits.content_commitment,
        "envelope": lambda: isinstance(key, x25519.X25519PublicKey) and bits.key_agreement,
        "receipt": lambda: isinstance(key, ed25519.Ed25519PublicKey) and bits.digital_signature,
        "tls": lambda: bits.digital_signature,
    }
    if not usage or not fits[kind]():
        raise Refused("the key does not fit its kind")
    return leaf


def in_time(certificate, now):
    return certificate.not_valid_before_utc <= now <= certificate.not_valid_after_utc


# ------------------------------------------------------------------------------------------------ section 5: handshake

class Handshake:
    """The client's side. `sign` is the USBKEY."""

    def __init__(self, root, chain, sign, exporter, ephemeral=None, allow_unbound=False):
        self.root, self.chain, self.sign, self.exporter = root, chain, sign, exporter
        self.ephemeral = ephemeral or secrets.token_bytes(32)
        self.allow_unbound = allow_unbound

    def on_hello(self, message, now):
        hello = decode(message)
        if hello.get("v") != 1:
            raise Refused(f"unknown version {hello.get('v')}")
        if set(hello) != {"v", "challenge", "ephemeral", "envelope", "binding"}:
            raise Refused("hello has other fields")
        leaf = validate(hello["envelope"], self.root, "envelope", now)
        if not in_time(leaf, now):
            raise Refused("the envelope certificate is out of its time")
        if hello["binding"] == "tls-exporter":
            binding = self.exporter
        elif hello["binding"] == "none" and self.allow_unbound:
            binding = b""
        else:
            raise Refused("the server does not bind the session to its channel")
        self.envelope_der = hello["envelope"][0]
        self.envelope = leaf.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.th1 = h(b"gridkey.v1/hello", lp(message), lp(binding), public_of(self.ephemeral))
        self.ee = agree(self.ephemeral, hello["ephemeral"])
        self.k_auth = hkdf(self.th1, self.ee, b"gridkey.v1/authenticate", 32)

    def authenticate(self, resume=None, agent="gridkey.py/1", locale="en"):
        signature = self.sign(b"gridkey.v1/authenticate\0" + self.th1)
        self.proof = encode({"chain": self.chain, "signature": signature, "resume": resume,
                             "agent": agent, "locale": locale})
        message = encode({"ephemeral": public_of(self.ephemeral), "sealed": seal(self.k_auth, bytes(24), self.proof)})
        self.th2 = h(b"gridkey.v1/session", self.th1, lp(message))
        self.es = agree(self.ephemeral, self.envelope)
        keys = hkdf(self.th2, self.ee + self.es, b"gridkey.v1/session", 64)
        return message, keys[:32], keys[32:]


# --------------------------------------------------------------------------------------------------- section 6: frames

class Direction:
    def __init__(self, key):
        self.key, self.counter = key, 0

    def nonce(self):
        nonce = bytes(16) + self.counter.to_bytes(8, "big")
        self.counter += 1
        return nonce

    def seal(self, plain):
        return seal(self.key, self.nonce(), plain)

    def open(self, sealed):
        return unseal(self.key, self.nonce(), sealed)


# ------------------------------------------------------------------------------------- sections 11, 12: orders, receipts

def sign_order(sign, chain, order):
    data = encode(order)
    return {"order": data, "signature": sign(b"gridkey.v1/order\0" + h(data)), "chain": chain}


def seal_order(signed, envelope):
    return nacl.public.SealedBox(nacl.public.PublicKey(envelope)).encrypt(encode(signed))


def verify_receipt(signed, order, root):
    receipt = decode(signed["receipt"])
    at = datetime.datetime.strptime(receipt["at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    leaf = validate(signed["chain"], root, "receipt", at)
    if not in_time(leaf, at):
        raise Refused("the receipt's certificate was out of its time")
    leaf.public_key().verify(signed["signature"], b"gridkey.v1/receipt\0" + h(signed["receipt"]))
    stated = (receipt["v"], receipt["currency"], receipt["state"], receipt["order"])
    if stated != (1, "CNY", "paid", h(order)):
        raise Refused("the receipt states something else")
    return receipt


def uuid7():
    data = bytearray(int(time.time() * 1000).to_bytes(6, "big") + secrets.token_bytes(10))
    data[6], data[8] = 0x70 | data[6] & 0x0F, 0x80 | data[8] & 0x3F
    return bytes(data)


def utc(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


# -------------------------------------------------------------------------------------------------------- the programs

def vectors(path):
    with open(path, encoding="utf-8") as file:
        v = {name: bytes.fromhex(text) for name, text in json.load(file).items() if name != "about"}
    now = datetime.datetime(2026, 11, 22, 8, tzinfo=datetime.timezone.utc)
    root = x509.load_der_x509_certificate(v["root"])
    key = ed25519.Ed25519PrivateKey.from_private_bytes(v["usbkey_seed"])
    count = 0

    def same(name, value):
        nonlocal count
        count += 1
        assert value == v[name], f"{name}\n  is        {value.hex()}\n  should be {v[name].hex()}"

    validate([v["usbkey_certificate"]], root, "usbkey", now)
    client = Handshake(root, [v["usbkey_certificate"]], key.sign, v["tls_exporter"], v["client_ephemeral_private"])
    client.on_hello(v["hello"], now)
    for name in ("th1", "ee", "k_auth"):
        same(name, getattr(client, name))
    proof = decode(v["proof"])
    message, up, down = client.authenticate(proof["resume"], proof["agent"], proof["locale"])
    same("auth_signature", decode(client.proof)["signature"])
    for name, value in (("proof", client.proof), ("authenticate", message), ("th2", client.th2), ("es", client.es),
                        ("client_to_server_key", up), ("server_to_client_key", down)):
        same(name, value)
    incoming, outgoing = Direction(down), Direction(up)
    same("welcome", incoming.open(v["welcome_frame"]))
    same("request_frame", outgoing.seal(v["request"]))
    decode(unseal(up, bytes(23) + b"\1", v["second_request_frame_counter_1"]))
    none = h(b"gridkey.v1/hello", lp(v["hello"]), lp(b""), public_of(client.ephemeral))
    same("th1_for_binding_none_and_same_hello", none)
    same("to", fingerprint(v["envelope_certificate"]))
    signed = sign_order(key.sign, [v["usbkey_certificate"]], decode(v["order"]))
    same("order", signed["order"])
    same("order_signature", signed["signature"])
    same("sealed_plaintext", encode(signed))
    box = nacl.public.SealedBox(nacl.public.PrivateKey(v["envelope_private"]))
    same("sealed_plaintext", box.decrypt(v["sealed_order"]))
    receipt = {"receipt": v["receipt"], "signature": v["receipt_signature"], "chain": [v["receipt_certificate"]]}
    verify_receipt(receipt, v["order"], root)
    refused = 0
    for name, bad in (("hello", lambda data: client.on_hello(data, now)), ("welcome_frame", Direction(down).open)):
        for place in range(0, len(v[name]), 7):
            changed = bytearray(v[name])
            changed[place] ^= 1
            try:
                bad(bytes(changed))
                # A changed hello may look right; then nothing that follows from it is the same.
                assert name == "hello" and client.th1 != v["th1"]
            except Exception:
                refused += 1
    assert refused > 0
    print(f"ok  {count} values reproduced")


class Session:
    """A session over a real connection. pyOpenSSL, because Python's own ssl module has no exporter (RFC 9266)."""

    def __init__(self, url, root, chain, key, allow_unbound=False, grammar=None):
        from OpenSSL import SSL, crypto
        from websockets.client import ClientProtocol
        from websockets.uri import parse_uri

        where, self.root, self.grammar = urllib.parse.urlsplit(url), root, grammar
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.set_min_proto_version(SSL.TLS1_3_VERSION)
        context.get_cert_store().add_cert(crypto.X509.from_cryptography(root))
        context.set_verify(SSL.VERIFY_PEER, lambda _connection, _certificate, _error, _depth, ok: bool(ok))
        raw = socket.create_connection((where.hostname, where.port), timeout=20)
        raw.settimeout(None)
        self.tls = SSL.Connection(context, raw)
        self.tls.set_tlsext_host_name(where.hostname.encode())
        self.tls.set_connect_state()
        self.tls.do_handshake()
        leaf = self.tls.get_peer_certificate().to_cryptography()
        names = extension(leaf, ExtensionOID.SUBJECT_ALTERNATIVE_NAME).value
        wanted = names.get_values_for_type(x509.DNSName) + [str(ip) for ip in names.get_values_for_type(x509.IPAddress)]
        if where.hostname not in wanted:
            raise Refused("the TLS certificate names another host")
        usage = extension(leaf, ExtensionOID.EXTENDED_KEY_USAGE)
        if not usage or not usage.critical or {oid.dotted_string for oid in usage.value} != PURPOSES["tls"]:
            raise Refused("the TLS certificate is of another kind")
        exporter = self.tls.export_keying_material(b"EXPORTER-Channel-Binding", 32, b"")
        self.socket = ClientProtocol(parse_uri(url), subprotocols=["gridkey.v1"], max_size=1 << 20)
        self.socket.send_request(self.socket.connect())
        self.flush()
        self.messages, self.pushes, self.id = [], [], 0
        while self.socket.state.name == "CONNECTING":
            self.pump()
        if self.socket.handshake_exc:
            raise self.socket.handshake_exc
        handshake = Handshake(root, chain, key.sign, exporter, allow_unbound=allow_unbound)
        now = datetime.datetime.now(datetime.timezone.utc)
        handshake.on_hello(self.check("hello", self.receive()), now)
        message, up, down = handshake.authenticate()
        self.check("proof", handshake.proof)
        self.send(self.check("authenticate", message))
        self.out, self.into = Direction(up), Direction(down)
        self.welcome = decode(self.check("welcome-frame", self.into.open(self.receive())))["welcome"]
        self.envelope, self.envelope_der = handshake.envelope, handshake.envelope_der

    def check(self, rule, message):
        if self.grammar:
            self.grammar(rule, message)
        return message

    def flush(self):
        for data in self.socket.data_to_send():
            if data:
                self.tls.sendall(data)

    def pump(self):
        from OpenSSL import SSL
        try:
            data = self.tls.recv(65536)
        except (SSL.ZeroReturnError, SSL.SysCallError):
            data = b""
        self.socket.receive_data(data) if data else self.socket.receive_eof()
        self.flush()
        for event in self.socket.events_received():
            opcode = getattr(event, "opcode", None)
            if opcode is not None and opcode.name == "BINARY":
                self.messages.append(event.data)
        if not data or self.socket.state.name == "CLOSED":
            if not self.messages:
                raise Refused(f"closed: {self.socket.close_code} {self.socket.close_reason}")

    def receive(self):
        while not self.messages:
            self.pump()
        return bytes(self.messages.pop(0))

    def send(self, message):
        self.socket.send_binary(message)
        self.flush()

    def ask(self, op, body=None):
        self.id += 1
        request = encode({"id": self.id, "op": op, "body": body or {}})
        self.check("any-request", request)
        self.send(self.out.seal(request))
        while True:
            data = self.into.open(self.receive())
            frame = decode(data)
            if "push" in frame:
                self.pushes.append(decode(self.check("push-frame", data))["push"])
            elif frame["id"] == self.id:
                self.check("response", data)
                if "ok" in frame:
                    self.check(f"op-{op.replace('.', '-')}-result", encode(frame["ok"]))
                return frame


class Form(html.parser.HTMLParser):
    """The first form of a page, with its first button pressed."""

    def __init__(self, page):
        super().__init__()
        self.action, self.fields = None, {}
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form" and self.action is None:
            self.action = attributes["action"]
        if tag in ("input", "button") and "name" in attributes:
            self.fields.setdefault(attributes["name"], attributes.get("value", ""))


def confirm_at_bank(page, web_root):
    """What the payer's browser does: the one-time page, the gateway's page, the button that confirms."""
    context = ssl.create_default_context(cafile=web_root)
    with urllib.request.urlopen(page, context=context) as answer:
        form = Form(answer.read().decode())
    bank = form.action
    with urllib.request.urlopen(bank, urllib.parse.urlencode(form.fields).encode()) as answer:
        form = Form(answer.read().decode())
    target = urllib.parse.urljoin(bank, form.action)
    with urllib.request.urlopen(target, urllib.parse.urlencode(form.fields).encode()) as answer:
        answer.read()


def grammar(path):
    """Holds messages against single rules of the grammar."""
    import pycddl
    with open(path, encoding="utf-8") as file:
        text = file.read()
    schemas = {}

    def check(rule, message):
        if rule not in schemas:
            schemas[rule] = pycddl.Schema(f"root-of-the-test = {rule}\n{text}")
        schemas[rule].validate_cbor(message)
    return check


def session(arguments):
    with open(arguments.root, "rb") as file:
        root = x509.load_pem_x509_certificate(file.read())
    with open(arguments.certificate, "rb") as file:
        chain = [c.public_bytes(Encoding.DER) for c in x509.load_pem_x509_certificates(file.read())]
    with open(arguments.key, "rb") as file:
        key = load_pem_private_key(file.read(), None)
    check = grammar(arguments.cddl) if arguments.cddl else None
    client = Session(arguments.url, root, chain, key, arguments.allow_unbound, check)
    print("ok  login", client.welcome["customer"], client.welcome["session"])

    def ask(op, body=None, error=None):
        frame = client.ask(op, body)
        outcome = frame.get("error", {}).get("code")
        shown = {key: value for key, value in frame.get("error", frame.get("ok") or {}).items() if key != "content"}
        print("ok " if outcome == error else "FAIL", op, str(shown)[:160])
        if outcome != error:
            sys.exit(1)
        return frame.get("ok")

    account = ask("account.get")
    meter = account["meters"][0]["meter"]
    for op in ("settings.get", "usage.summary", "bill.list", "arrears.get", "arrears.history", "payment.list",
               "mandate.list"):
        ask(op)
    ask("settings.update", {"notify_bills": True})
    ask("usage.series", {"meter": meter, "from": "2016-01-01", "to": "2016-01-31", "resolution": "day"})
    bills = ask("bill.list", {"limit": 3})["bills"]
    if bills:
        ask("bill.get", {"bill": bills[0]["bill"]})
        ask("bill.document", {"bill": bills[0]["bill"], "format": "csv"})
        ask("bill.document", {"bill": bills[0]["bill"], "format": "papyrus"}, "unsupported-format")
    ask("stream.ack", {"offset": client.welcome["offset"]})
    ask("account.eat", None, "unknown-op")
    ask("key.issue", None, "forbidden")
    ask("bill.get", {"bill": 1}, "bad-request")
    ask("bill.get", {"bill": "B-1999-01-M9"}, "not-found")
    ask("account.get", {"extra": 1}, "bad-request")
    ask("payment.get", {"payment": uuid7()}, "not-found")
    if arguments.pay:
        bill = ask("bill.get", {"bill": arguments.pay})
        now = int(time.time())
        order = {"v": 1, "id": uuid7(), "customer": client.welcome["customer"],
                 "bills": [{"bill": bill["bill"], "amount": bill["open"]}], "amount": bill["open"], "currency": "CNY",
                 "method": "gateway", "created": utc(now), "not_after": utc(now + 72 * 3600),
                 "key": fingerprint(chain[0])}
        client.check("order", encode(order))
        signed = sign_order(key.sign, chain, order)
        client.check("signed-order", encode(signed))
        to = fingerprint(client.envelope_der)

        def submit(signed, error=None, to=to):
            return ask("payment.submit", {"to": to, "sealed": seal_order(signed, client.envelope)}, error)
        first, again = submit(signed), submit(signed)
        assert first["payment"] == again["payment"] == order["id"] and first["page"] != again["page"]
        other = dict(order, not_after=utc(now + 3600))
        submit(sign_order(key.sign, chain, other), "order-conflict")
        submit(sign_order(key.sign, chain, dict(order, id=uuid7())), "bill-in-payment")
        submit(sign_order(key.sign, chain, dict(order, id=uuid7(), amount=1)), "bad-request")
        submit(dict(sign_order(key.sign, chain, dict(order, id=uuid7())), signature=bytes(64)), "order-refused")
        submit(sign_order(key.sign, chain, dict(order, id=uuid7(), customer="1999999999")), "forbidden")
        submit(signed, "envelope-unknown", bytes(32))
        ask("payment.confirm", {"payment": order["id"]})
        if not arguments.web_root:
            ask("payment.cancel", {"payment": order["id"]})
        else:
            page = ask("payment.confirm", {"payment": order["id"]})["page"]
            confirm_at_bank(page, arguments.web_root)
            ask("payment.cancel", {"payment": order["id"]}, "not-cancellable")
            while ask("payment.confirm", {"payment": order["id"]})["state"] != "paid":
                time.sleep(0.5)
            detail = ask("payment.get", {"payment": order["id"]})
            print("ok  receipt", verify_receipt(detail["receipt"], signed["order"], root)["reference"])
            submit(sign_order(key.sign, chain, dict(order, id=uuid7())), "already-paid")
            assert submit(signed)["state"] == "paid"
            assert any(push["kind"] == "payment" and push["body"]["state"] == "paid" for push in client.pushes)
    print(f"ok  {client.id} requests, {len(client.pushes)} pushes")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    programs = parser.add_subparsers(required=True)
    one = programs.add_parser("vectors")
    one.add_argument("file")
    one.set_defaults(run=lambda arguments: vectors(arguments.file))
    two = programs.add_parser("session")
    two.add_argument("url")
    for name in ("--root", "--certificate", "--key"):
        two.add_argument(name, required=True)
    two.add_argument("--allow-unbound", action="store_true")
    two.add_argument("--cddl")
    two.add_argument("--pay", metavar="BILL")
    two.add_argument("--web-root", help="with --pay: confirm on the sandbox's bank page, as a browser would")
    two.set_defaults(run=session)
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
