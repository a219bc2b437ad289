import hashlib, json, sys
sha = lambda *parts: hashlib.sha256(b"".join(parts)).digest()
logs = json.load(open("cartwright.json", encoding="utf-8"))["logs"]
state = {l["log"]: (l["from"] - 1, bytes.fromhex(l["head_before"])) for l in logs}
for line in open("data/audit/entries.ndjson", encoding="utf-8", newline="\n"):
    e = json.loads(line)
    seq, head = state[e["log"]]
    leaf = bytes.fromhex(e["leaf"])
    if seq == 0 and head != sha(b"\2", bytes(32), e["log"].encode()): sys.exit("wrong start of " + e["log"])
    if "body" in e:
        body = json.dumps(e["body"], sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
        if sha(b"\0", bytes.fromhex(e["salt"]), body) != leaf: sys.exit("wrong leaf: " + line)
    state[e["log"]] = (e["seq"], sha(b"\1", head, leaf))
    if e["seq"] != seq + 1 or state[e["log"]][1].hex() != e["head"]: sys.exit("broken chain: " + line)
if any(state[l["log"]] != (l["to"], bytes.fromhex(l["head"])) for l in logs): sys.exit("wrong end")
