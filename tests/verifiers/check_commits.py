"""Checks every commit signature of an unpacked bundle with ssh-keygen; run in the bundle's folder.

A commit is 64 bytes of Ed25519 over the SSHSIG envelope of a checkpoint's three lines. Here the armoured
signature is built again from those bytes and the signer's public key, and handed to ssh-keygen.
"""

import base64
import json
import pathlib
import struct
import subprocess
import sys
import tempfile

NAMESPACE = "cartwright-commit-v1"


def lines(name):
    with open(name, encoding="utf-8", newline="\n") as file:
        return [json.loads(line) for line in file]


def string(data):
    return struct.pack(">I", len(data)) + data


def armoured(key, signature):
    blob = b"SSHSIG" + struct.pack(">I", 1) + string(base64.b64decode(key.split()[1]))
    blob += string(NAMESPACE.encode()) + string(b"") + string(b"sha512")
    blob += string(string(b"ssh-ed25519") + string(signature))
    text = base64.b64encode(blob).decode()
    rows = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join(["-----BEGIN SSH SIGNATURE-----", *rows, "-----END SSH SIGNATURE-----", ""])


def holds(folder, key, text, signature):
    (folder / "signers").write_text(f"signer {key}\n")
    (folder / "sig").write_text(armoured(key, signature))
    command = ["ssh-keygen", "-Y", "verify", "-f", folder / "signers", "-I", "signer", "-n", NAMESPACE]
    command += ["-s", folder / "sig"]
    return subprocess.run(command, input=text.encode(), capture_output=True, check=False).returncode == 0


def main():
    people = json.load(open("data/people.json", encoding="utf-8"))
    keys = {p["id"]: [p["key"], *p.get("former_keys", [])] for p in people["people"]}
    devices = {d["log"]: [d["key"]] for d in people["devices"]}
    entries = {}
    for entry in lines("data/audit/entries.ndjson"):
        entries.setdefault(entry["log"], {})[entry["seq"]] = entry
    done = {log: min(of) - 1 for log, of in entries.items()}
    with tempfile.TemporaryDirectory() as folder:
        for commit in lines("data/audit/commits.ndjson"):
            log, seq, signer = commit["log"], commit["seq"], commit["signer"]
            for covered in range(done[log] + 1, seq + 1):
                body = entries[log][covered].get("body")
                if body is not None and body["actor"] != signer:
                    sys.exit(f"{log}/{covered} is by {body['actor']}, signed by {signer}")
            done[log] = seq
            head = base64.b64encode(bytes.fromhex(entries[log][seq]["head"])).decode()
            text = f"cartwright/{log}\n{seq}\n{head}\n"
            signature = base64.b64decode(commit["sig"])
            candidates = devices[log] if signer == "device" else keys[signer]
            if not any(holds(pathlib.Path(folder), key, text, signature) for key in candidates):
                sys.exit(f"{log}/{seq} is not signed by {signer}")
    for log, of in entries.items():
        if done[log] != max(of):
            sys.exit(f"{log}: entries after {done[log]} are not signed")


main()
