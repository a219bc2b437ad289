//! Steps 1 to 3: nothing was altered since somebody signed the list of files.

use crate::{
    bag,
    limits::LIMITS,
    refused::{Code, Flaw, Place},
    zip::{Files, ZipFlaw, read_zip},
};
use proof::{Digest, Namespace, PublicKey, SigError, SshSig};

/// A bundle whose files are exactly those that `site` signed.
pub(super) struct Envelope<'a> {
    /// Name of the top folder.
    pub(super) folder: &'a str,
    /// Files, named from the top folder.
    pub(super) files: Files<'a>,
    /// The key that signed, as yet unknown to anybody.
    pub(super) site: PublicKey,
    /// The zip.
    pub(super) bytes: &'a [u8],
}

impl<'a> Envelope<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, Flaw> {
        let (folder, files) = top_folder(read_zip(bytes).map_err(zip_flaw)?)?;
        let signature = signature(&files, bag::SITE_SIGNATURE, Namespace::Bundle)?;
        let envelope = Self {
            folder,
            files,
            site: *signature.public(),
            bytes,
        };
        envelope.signed(bag::SITE_SIGNATURE, &signature, &envelope.site, bag::TAG_MANIFEST)?;
        envelope.exact_files()?;
        Ok(envelope)
    }

    pub(super) fn file(&self, name: &str) -> Result<&'a [u8], Flaw> {
        file(&self.files, name)
    }

    pub(super) fn text(&self, name: &str) -> Result<&'a str, Flaw> {
        text(&self.files, name)
    }

    pub(super) fn signature(&self, name: &str, namespace: Namespace) -> Result<SshSig, Flaw> {
        signature(&self.files, name, namespace)
    }

    /// Whether `key` made that signature over the file `over`.
    pub(super) fn signed(&self, name: &str, signature: &SshSig, key: &PublicKey, over: &str) -> Result<(), Flaw> {
        let message = self.file(over)?;
        proof::verify(key, signature.namespace(), message, signature).map_err(|error| {
            let flaw = Flaw::file(Code::SignatureMismatch, name).got(error.code());
            if matches!(error, SigError::Key { .. }) {
                return flaw.expected(key.fingerprint()).got(signature.public().fingerprint());
            }
            flaw
        })
    }

    fn exact_files(&self) -> Result<(), Flaw> {
        let tags = bag::read_manifest(bag::TAG_MANIFEST, self.text(bag::TAG_MANIFEST)?)?;
        if !tags.keys().eq(&bag::TAG_FILES) {
            return Err(Flaw::file(Code::ManifestForm, bag::TAG_MANIFEST));
        }
        self.as_listed(&tags)?;
        let payload = bag::read_manifest(bag::MANIFEST, self.text(bag::MANIFEST)?)?;
        if let Some(name) = payload.keys().find(|name| !name.starts_with(bag::PAYLOAD)) {
            return Err(Flaw::file(Code::ManifestForm, bag::MANIFEST).got(name));
        }
        self.as_listed(&payload)?;
        let vouched =
            |name: &&str| tags.contains_key(*name) || payload.contains_key(*name) || bag::UNLISTED.contains(name);
        match self.files.keys().find(|name| !vouched(name)) {
            Some(name) => Err(Flaw::file(Code::FileUnlisted, name)),
            None => Ok(()),
        }
    }

    fn as_listed(&self, listed: &std::collections::BTreeMap<&str, Digest>) -> Result<(), Flaw> {
        for (name, hash) in listed {
            let got = Digest::of(self.file(name)?);
            if got != *hash {
                return Err(Flaw::file(Code::ManifestHash, name).expected(hash).got(got));
            }
        }
        Ok(())
    }
}

fn file<'a>(files: &Files<'a>, name: &str) -> Result<&'a [u8], Flaw> {
    let found = files.get(name).copied();
    found.ok_or_else(|| Flaw::file(Code::FileMissing, name))
}

fn text<'a>(files: &Files<'a>, name: &str) -> Result<&'a str, Flaw> {
    std::str::from_utf8(file(files, name)?).map_err(|_| Flaw::file(Code::NotText, name))
}

/// Reads a signature file made for that purpose.
fn signature(files: &Files<'_>, name: &str, namespace: Namespace) -> Result<SshSig, Flaw> {
    let text = text(files, name)?;
    let wrong = |error: SigError| Flaw::file(Code::SignatureForm, name).got(error.code());
    if text.len() > LIMITS.signature {
        return Err(wrong(SigError::Form));
    }
    let signature = SshSig::parse(text).map_err(wrong)?;
    if signature.namespace() != namespace {
        return Err(Flaw::file(Code::SignatureForm, name)
            .expected(namespace)
            .got(signature.namespace()));
    }
    Ok(signature)
}

fn top_folder(named: Files<'_>) -> Result<(&str, Files<'_>), Flaw> {
    let folder = named.keys().next().and_then(|name| name.split_once('/'));
    let Some((folder, _)) = folder else {
        return Err(Flaw::bundle(Code::TopFolder));
    };
    let mut files = Files::new();
    for (name, bytes) in named {
        let inner = name.strip_prefix(folder).and_then(|n| n.strip_prefix('/'));
        let inner = inner.ok_or_else(|| Flaw::file(Code::TopFolder, name).expected(folder))?;
        files.insert(inner, bytes);
    }
    Ok((folder, files))
}

fn zip_flaw(flaw: ZipFlaw) -> Flaw {
    match flaw {
        ZipFlaw::TooLarge(got) => Flaw::bundle(Code::TooLarge).expected(LIMITS.bundle).got(got),
        ZipFlaw::TooMany(limit) => Flaw::bundle(Code::TooManyFiles).expected(limit),
        ZipFlaw::Name(name) => Flaw::file(Code::ZipName, &name),
        ZipFlaw::Form(at) => Flaw::new(Code::ZipForm, Place::Byte { at }),
    }
}
