"""Lets other people's tools judge the metadata that cartwright-cli writes.

xmlschema validates it against the official schemas (they come with odmlib); odmlib reads it and follows every
reference; then its contents are compared with the data dictionary, which is written by other code; and it is read back.
Of odmlib's checks, `verify_conformance` is not asked: it takes a second RangeCheck of an item, and conditions on groups,
for errors, which the official schema and the standard allow.
"""

import csv
import io
import pathlib
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET

import odmlib
import xmlschema
from odmlib import loader, odm_loader
from odmlib.oid_generator import create_oid_checker

SCHEMAS = pathlib.Path(odmlib.__file__).parent / "schemas" / "odm"
V1 = "{http://www.cdisc.org/ns/odm/v1.3}"
V2 = "{http://www.cdisc.org/ns/odm/v2.0}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MADE = ["--at", "2026-11-22T12:00:00+08:00"]


def cli(*args, codes=(0,)):
    ran = subprocess.run(["cartwright-cli", *map(str, args)], capture_output=True, check=False)
    if ran.returncode not in codes:
        sys.exit(f"cartwright-cli {' '.join(map(str, args))}: {ran.returncode}\n{ran.stdout.decode()}{ran.stderr.decode()}")
    return ran.stdout.decode("utf-8-sig")


def demand(true, what):
    if not true:
        sys.exit(what)


def valid(schema, file):
    errors = [f"{error.path}: {error.reason}" for error in schema.iter_errors(str(file))]
    demand(not errors, f"{file.name}: {len(errors)} errors\n" + "\n".join(errors[:10]))


def texts(element, space):
    if element is None:
        return {}
    return {one.get(LANG): one.text for one in element.iter(f"{space}TranslatedText")}


def compare(file, space, rows):
    """Items, texts, codes and units of a file with those of the dictionary."""
    root = ET.parse(file).getroot()
    items = {one.get("OID"): one for one in root.iter(f"{space}ItemDef")}
    lists = {
        one.get("OID"): [
            (code.get("CodedValue"), texts(code.find(f"{space}Decode"), space)) for code in one.iter(f"{space}CodeListItem")
        ]
        for one in root.iter(f"{space}CodeList")
    }
    refs = {}
    for one in root.iter(f"{space}ItemRef"):
        refs.setdefault(one.get("ItemOID"), one)
    for row in rows:
        oid = row["item"]
        item = items.get(oid)
        demand(item is not None, f"{file.name}: no item {oid}")
        question = texts(item.find(f"{space}Question"), space)
        demand(question == {"en": row["question_en"], "zh-Hans": row["question_zh"]}, f"{oid}: {question}")
        mandatory = refs[oid].get("Mandatory") == "Yes"
        demand(mandatory == (row["required"] == "true"), f"{oid}: Mandatory {mandatory}")
        if row["codes"]:
            codes = lists[item.find(f"{space}CodeListRef").get("CodeListOID")]
            said = "; ".join(f"{code} = {text['en']} | {text['zh-Hans']}" for code, text in codes)
            demand(said == row["codes"], f"{oid}: {said}")
        if row["kind"] == "duration":
            # A data type of its own, which has no unit: what a bare figure counts in is said beside it.
            demand(item.get("DataType") == "durationDatetime", f"{oid}: {item.get('DataType')}")
            aliases = item.findall(f"{space}Alias")
            units = [one.get("Name") for one in aliases if one.get("Context") == "cartwright.duration"]
        elif space == V1:
            units = [unit.get("MeasurementUnitOID") for unit in item.findall(f"{V1}MeasurementUnitRef")]
        else:
            unit_item = refs[oid].get("UnitsItemOID")
            ref = items[unit_item].find(f"{V2}CodeListRef") if unit_item else None
            units = [code for code, _ in lists[ref.get("CodeListOID")]] if ref is not None else []
        demand("; ".join(units) == row["units"], f"{oid}: units {units}")
    extra = set(items) - {row["item"] for row in rows} - {ref.get("UnitsItemOID") for ref in refs.values()}
    demand(not extra, f"{file.name}: items nobody knows: {sorted(extra)[:5]}")
    visits = {one.get("OID") for one in root.iter(f"{space}StudyEventDef")}
    return len(rows), len(visits), sum(map(len, lists.values()))


def by_odmlib(file, package, uri):
    read = loader.ODMLoader(odm_loader.XMLODMLoader(model_package=package, ns_uri=uri))
    read.open_odm_document(str(file))
    odm = read.load_odm()
    if package == "odm_1_3_2":
        checker = create_oid_checker(package)
        demand(odm.verify_oids(checker), f"{file.name}: OIDs twice")
        demand(checker.check_oid_refs(), f"{file.name}: references that lead nowhere")
    return len(odm.Study[0].MetaDataVersion[0].ItemDef)


def main():
    first = xmlschema.XMLSchema(str(SCHEMAS / "1.3.2" / "ODM1-3-2.xsd"))
    second = xmlschema.XMLSchema(str(SCHEMAS / "2.0" / "ODM.xsd"))
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for version in ("1.0", "1.1"):
            rows = list(csv.DictReader(io.StringIO(cli("study", "dictionary", version, "--format", "csv"), newline="")))
            demand(len(rows) > 50, f"{len(rows)} rows in the dictionary")
            for edition, space, schema in (("1.3.2", V1, first), ("2.0", V2, second)):
                file = folder / f"{version}-{edition}.xml"
                cli("study", "export", version, "--odm", edition, "--out", file, *MADE)
                valid(schema, file)
                package = "odm_1_3_2" if space == V1 else "odm_2_0"
                read = by_odmlib(file, package, space.strip("{}"))
                items, visits, codes = compare(file, space, rows)
                demand(read >= items, f"odmlib reads {read} of {items} items")
                print(f"{file.name}: {items} items, {visits} visits, {codes} codes; valid, read, compared")
            file = folder / f"{version}-1.3.2.xml"
            back = folder / f"back-{version}"
            cli("study", "import-odm", file, "--out", back)
            again = folder / f"{version}-again.xml"
            cli("study", "export", back, "--odm", "1.3.2", "--out", again, *MADE)
            demand(again.read_bytes() == file.read_bytes(), f"{version}: read back and written again, it differs")
        # The schemas do find what is wrong.
        broken = folder / "broken.xml"
        broken.write_text((folder / "1.0-1.3.2.xml").read_text(encoding="utf-8").replace(' Mandatory="Yes"', "", 1), encoding="utf-8")
        demand(any(first.iter_errors(str(broken))), "a file without Mandatory is taken for valid")


main()
