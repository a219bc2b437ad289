//! README.txt: how to check a bundle without Cartwright. The texts are beside this file.

use crate::format::Header;
use proof::PublicKey;

const TEMPLATE: &str = include_str!("readme.txt");
const SCRIPT: &str = include_str!("check_chain.py");

/// The text for one bundle, for the keys of the site and of the person who exports.
pub(crate) fn readme(header: &Header, site: &PublicKey, user: &str) -> String {
    let facts = [
        ("{id}", header.external_id.as_str()),
        ("{app}", &header.app),
        ("{site}", &header.from),
        ("{study}", &header.study.id),
        ("{created}", &header.created),
        ("{principal}", &format!("site-{}", header.from)),
        ("{fingerprint}", &site.fingerprint()),
        ("{words}", &site.words().join(" ")),
        ("{user}", user),
        ("{script}", SCRIPT),
    ];
    facts
        .iter()
        .fold(TEMPLATE.to_owned(), |text, (mark, fact)| text.replace(mark, fact))
}
