//! What no form may ask: anything that tells who a person is.
//!
//! Subjects are known by code. Names, initials, record numbers, telephone numbers, addresses and numbers of identity
//! documents stay at the hospital; a definition that asks for one does not load.

use crate::{
    load::reader::{At, Desk},
    path::Oid,
    problem::ProblemCode,
    text::Text,
};

/// Last parts of identifiers and CDASH variables that stand for a person.
const NAMES: [&str; 30] = [
    "NAME",
    "SURNAME",
    "LASTNAME",
    "FIRSTNAME",
    "FULLNAME",
    "INITIALS",
    "SUBJINIT",
    "MRN",
    "HOSPNO",
    "RECORDNO",
    "ADMNO",
    "PHONE",
    "TEL",
    "TELNO",
    "MOBILE",
    "EMAIL",
    "ADDRESS",
    "POSTCODE",
    "IDCARD",
    "IDNO",
    "PASSPORT",
    "WECHAT",
    "QQ",
    "INSURANCE",
    "SSN",
    "INPATIENTNO",
    "OUTPATIENTNO",
    "CASENO",
    "BANKCARD",
    "PHOTO",
];

/// Wordings that ask for a person. The bedside identity check compares such things and keeps none of them.
const WORDINGS: [&str; 26] = [
    "patient name",
    "subject name",
    "patient's name",
    "subject's name",
    "initials",
    "record number",
    "telephone",
    "phone number",
    "home address",
    "identity card",
    "姓名",
    "住院号",
    "病案号",
    "身份证",
    "电话",
    "手机",
    "家庭住址",
    "donor name",
    "donor's name",
    "e-mail",
    "passport",
    "微信",
    "护照",
    "医保卡",
    "门诊号",
    "病历号",
];

pub(crate) fn refuse(desk: &Desk<'_>, oid: &At<Oid>, cdash: &str, question: &Text) {
    let last = oid.value.rsplit('.').next().unwrap_or("");
    let english = question.en.to_lowercase();
    let why = NAMES.iter().find(|name| last == **name || cdash == **name).or_else(|| {
        WORDINGS
            .iter()
            .find(|wording| english.contains(**wording) || question.zh.contains(**wording))
    });
    if let Some(why) = why {
        desk.say(
            &oid.spot,
            ProblemCode::IdentifiesAPerson,
            &[("oid", &oid.value), ("why", why)],
        );
    }
}
