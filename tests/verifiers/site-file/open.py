"""Opens a site file without Cartwright: header, password and keys as its documents say, the database with somebody
else's SQLCipher. Then both integrity checks, the chain of every log and the signature of every save.

Usage: open.py SITE.cartwright LOGIN PASSWORD_FILE. It reads; what it cuts out goes to a temporary folder.
"""

import base64
import hashlib
import hmac
import json
import pathlib
import struct
import subprocess
import sys
import tempfile
import unicodedata

import nacl.bindings as sodium
import nacl.exceptions
import nacl.signing
import sqlcipher3
from argon2 import low_level

HEADER = 65536
AREAS = (4096, 32768)


def b64(text):
    return base64.b64decode(text + "=" * (-len(text) % 4))


def hkdf(key, *info):
    """HKDF-SHA256 without salt, one block."""
    prk = hmac.new(bytes(32), key, hashlib.sha256).digest()
    return hmac.new(prk, b"".join(info) + b"\x01", hashlib.sha256).digest()


def context(*parts):
    return b"cartwright-slot-v1" + b"".join(struct.pack(">Q", len(part)) + part for part in parts)


def newest(header):
    """The newest of the two records whose sum is right."""
    found = []
    for at in AREAS:
        generation, length = struct.unpack_from("<QI", header, at)
        end = at + 12 + length
        if generation and hashlib.sha256(header[at:end]).digest() == header[end : end + 32]:
            found.append((generation, json.loads(header[at + 12 : end])))
    return max(found, key=lambda record: record[0])[1]


def data_key(header, login, password):
    assert header.startswith(b"CARTWRIGHT SITE\0"), "not a site file"
    assert hashlib.sha256(header[:4064]).digest() == header[4064:4096], "the fixed part of the header"
    store = header[24:40]
    body = newest(header)
    slot = next(slot for slot in body["slots"] if slot["login"] == login)
    cost = slot["kdf"]["cost"]
    stretched = low_level.hash_secret_raw(
        unicodedata.normalize("NFKC", password).encode(),
        b64(slot["kdf"]["salt"]),
        time_cost=cost["t"],
        memory_cost=cost["m"],
        parallelism=cost["p"],
        hash_len=32,
        type=low_level.Type.ID,
        version=0x13,
    )
    aad = context(
        store, slot["id"].encode(), slot["user"].encode(), b"user", struct.pack(">III", cost["m"], cost["t"], cost["p"])
    )
    secret = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
        b64(slot["wrap"]["ct"]), aad, b64(slot["wrap"]["nonce"]), hkdf(stretched, b"cartwright/kek/v1")
    )
    own = hkdf(secret, b"cartwright/x25519/v1")
    public = sodium.crypto_scalarmult_base(own)
    assert public == b64(slot["x25519_pub"]), "the slot's public key"
    sealed = slot["dek_sealed"]
    shared = sodium.crypto_scalarmult(own, b64(sealed["epk"]))
    key = hkdf(shared, b"cartwright/seal/v1", b64(sealed["epk"]), public)
    aad = context(store, slot["id"].encode(), b"user", b"dek")
    dek = sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(b64(sealed["ct"]), aad, bytes(24), key)
    bare = json.dumps({**body, "mac": ""}, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    mac = hmac.new(hkdf(dek, b"cartwright/header-mac/v1"), bare, hashlib.sha256).digest()
    assert mac == b64(body["mac"]), "the seal over the header"
    return dek


def opened(path, dek):
    database = sqlcipher3.connect(path)
    database.execute("PRAGMA cipher_log_level = NONE")
    database.execute(f"PRAGMA key = \"x'{dek.hex()}'\"")
    return database


def integrity(database):
    """What SQLCipher and SQLite find wrong."""
    try:
        found = [row[0] for row in database.execute("PRAGMA cipher_integrity_check")]
        return found + [row[0] for row in database.execute("PRAGMA integrity_check") if row[0] != "ok"]
    except sqlcipher3.DatabaseError as error:
        return [str(error)]


def string(data):
    return struct.pack(">I", len(data)) + data


def signed(log, seq, head):
    text = f"cartwright/{log}\n{seq}\n{base64.b64encode(head).decode()}\n".encode()
    parts = (b"cartwright-commit-v1", b"", b"sha512", hashlib.sha512(text).digest())
    return b"SSHSIG" + b"".join(string(part) for part in parts)


def journal(database):
    """Chain and signatures; answer: how many entries and saves."""
    keys = dict(database.execute("SELECT person, key FROM person"))
    logs = {no: (name, key) for no, name, key in database.execute("SELECT no, id, key FROM log")}
    entries = saves = 0
    at, head = None, b""
    for key, salt, body, leaf, stored, sig in database.execute(
        "SELECT key, salt, body, leaf, head, sig FROM entry ORDER BY key"
    ):
        no, seq = key >> 40, key & (1 << 40) - 1
        name, device = logs[no]
        if at != no:
            at, expected = no, 1
            head = hashlib.sha256(b"\x02" + bytes(32) + name.encode()).digest()
        assert seq == expected, f"{name}/{seq}: a gap"
        expected += 1
        assert hashlib.sha256(b"\x00" + salt + body.encode()).digest() == leaf, f"{name}/{seq}: leaf"
        head = hashlib.sha256(b"\x01" + head + leaf).digest()
        assert head == stored, f"{name}/{seq}: head"
        entries += 1
        if sig is not None:
            actor = json.loads(body)["actor"]
            public = device if actor == "device" else keys[actor]
            raw = base64.b64decode(public.split()[1])[-32:]
            nacl.signing.VerifyKey(raw).verify(signed(name, seq, head), sig)
            saves += 1
    return entries, saves


def main():
    path, login, password_file = sys.argv[1:]
    password = pathlib.Path(password_file).read_text(encoding="utf-8").splitlines()[0]
    with open(path, "rb") as file:
        header = file.read(HEADER)
    dek = data_key(header, login, password)
    try:
        data_key(header, login, password + "x")
        sys.exit("a wrong password opens the file")
    except nacl.exceptions.CryptoError:
        pass
    with tempfile.TemporaryDirectory() as folder:
        cut = f"{folder}/database"
        subprocess.run(
            ["dd", f"if={path}", f"of={cut}", "bs=65536", "skip=1", "status=none"], check=True
        )
        database = opened(cut, dek)
        assert integrity(database) == [], integrity(database)
        assert database.execute("PRAGMA application_id").fetchone()[0] == 0x43575246
        entries, saves = journal(database)
        assert entries > 3 and saves > 0
        database.close()
        # The control: one bit, and another key.
        flipped = bytearray(pathlib.Path(cut).read_bytes())
        flipped[len(flipped) // 2] ^= 1
        pathlib.Path(cut).write_bytes(flipped)
        assert integrity(opened(cut, dek)) != [], "a flipped bit goes unnoticed"
        assert integrity(opened(cut, bytes(32))) != [], "another key opens it"
    version = sqlcipher3.connect(":memory:").execute("PRAGMA cipher_version").fetchone()[0]
    print(f"SQLCipher {version}: {entries} entries, {saves} signed saves, sound")


if __name__ == "__main__":
    main()
