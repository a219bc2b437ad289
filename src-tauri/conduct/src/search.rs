//! Search over everything that has a name: subjects by code, records of the site's registers by theirs, forms and items by
//! their words in both languages or their identifier, queries by what was asked. Values are not searched.
//!
//! Forms and items stand in a casebook: that of the subject named in the text, else of the one at hand, else of the one
//! that was touched last.

use store::{QueryFilter, QueryState};
use study::{
    def::VisitKind,
    path::{FormPath, ItemPath, SITE},
    text::Text,
};

use crate::{
    desk::Desk,
    requests::Search,
    trouble::Outcome,
    views::{HitView, SearchView},
};

/// Hits of each kind.
const MOST: usize = 8;
/// Longest text that is looked for, in characters.
const LONGEST: usize = 80;

/// How much worse a form that nobody has begun fits than one that holds answers.
const UNTOUCHED: u32 = 2;

/// Case, full-width letters and digits, and space made alike.
fn fold(text: &str) -> String {
    let one = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    };
    text.chars().map(one).flat_map(char::to_lowercase).collect()
}

/// How well a text fits a word: whole, at its beginning, at the beginning of a word in it, inside. Less is better.
fn fits(text: &str, word: &str) -> Option<u32> {
    let at = text.find(word)?;
    if text.len() == word.len() {
        return Some(0);
    }
    if at == 0 {
        return Some(1);
    }
    let starts = text.match_indices(word).any(|(at, _)| {
        text[..at]
            .chars()
            .next_back()
            .is_some_and(|before| !before.is_alphanumeric() || !before.is_ascii())
    });
    Some(if starts { 2 } else { 3 })
}

/// The best of several texts for every word together; none when a word is in none of them.
fn rank(texts: &[String], words: &[String]) -> Option<u32> {
    let mut sum = 0;
    for word in words {
        sum += texts.iter().filter_map(|text| fits(text, word)).min()?;
    }
    Some(sum)
}

fn both(text: &Text) -> [String; 2] {
    [fold(&text.en), fold(&text.zh)]
}

/// The best of a kind, the better first; equals stay in their order.
fn best<T>(mut found: Vec<(u32, T)>) -> Vec<T> {
    found.sort_by_key(|(rank, _)| *rank);
    found.into_iter().take(MOST).map(|(_, hit)| hit).collect()
}

impl Desk {
    pub(crate) fn search(&mut self, asked: Search) -> Outcome<SearchView> {
        let text: String = asked.text.chars().take(LONGEST).collect();
        let words: Vec<String> = fold(&text).split_whitespace().map(str::to_owned).collect();
        if words.is_empty() {
            return Ok(SearchView { hits: Vec::new() });
        }
        let file = &self.sitting()?.file;
        let codes: Vec<String> = file.subjects()?.into_iter().map(|row| row.code).collect();
        let named = |word: &str| codes.iter().find(|code| fold(code) == word);
        let who = words.iter().find_map(|word| named(word)).cloned();
        let rest: Vec<String> = match &who {
            Some(code) => words.iter().filter(|word| **word != fold(code)).cloned().collect(),
            None => words.clone(),
        };
        let mut hits = best(
            codes
                .iter()
                .filter_map(|code| Some((rank(&[fold(code)], &words)?, self.subject_hit(code))))
                .collect(),
        );
        hits.extend(self.record_hits(&words)?);
        if rest.is_empty() {
            return Ok(SearchView { hits });
        }
        let at_hand = asked.subject.filter(|code| codes.contains(code));
        let subject = match who.clone().or(at_hand) {
            Some(subject) => Some(subject),
            None => {
                let last = self.lines()?.touched_last().map(str::to_owned);
                last.or_else(|| codes.first().cloned())
            }
        };
        if let Some(subject) = subject {
            hits.extend(self.form_hits(&subject, &rest)?);
            hits.extend(self.item_hits(&subject, &rest)?);
        }
        hits.extend(self.query_hits(who.as_deref(), &rest)?);
        Ok(SearchView { hits })
    }

    fn subject_hit(&self, code: &str) -> HitView {
        HitView {
            kind: "subject".to_owned(),
            subject: code.to_owned(),
            form: None,
            item: None,
            query: None,
            text: None,
            state: None,
        }
    }

    /// Every occurrence of a form in a casebook, in the order of the visits: those begun, and the one that planned visits
    /// have. With each whether it was begun.
    fn occurrences_of(&self, subject: &str, form: &str) -> Outcome<Vec<(FormPath, bool)>> {
        let file = &self.sitting()?.file;
        let mut found: Vec<(FormPath, bool)> = file
            .forms_of_subject(subject)?
            .into_iter()
            .filter(|row| row.path.form == form)
            .map(|row| (row.path, true))
            .collect();
        let study = self.study_of(subject)?;
        for visit in study.visits_of(form) {
            let held = found.iter().any(|(path, _)| path.visit == visit.oid);
            if !held && visit.kind != VisitKind::Unscheduled || found.is_empty() {
                let planned = FormPath {
                    subject: subject.to_owned(),
                    visit: visit.oid.clone(),
                    visit_no: 1,
                    form: form.to_owned(),
                    form_no: 1,
                };
                found.push((planned, false));
            }
        }
        let visits = &study.def().visits;
        found.sort_by_key(|(path, _)| {
            let planned = visits.iter().position(|visit| visit.oid == path.visit);
            (planned, path.visit_no, path.form_no)
        });
        Ok(found)
    }

    /// Records of the site's registers by their code, or by it and the name of the register.
    fn record_hits(&self, words: &[String]) -> Outcome<Vec<HitView>> {
        let mut found = Vec::new();
        for (form, name) in self.record_names()? {
            let Some(register) = self.study.register(&form.visit) else {
                continue;
            };
            let kind = self
                .study
                .form(&form.form)
                .map(|def| both(&def.name))
                .unwrap_or_default();
            let [en, zh] = both(&register.name);
            let [one, one_zh] = kind;
            let code = fold(&name);
            // The name of a register alone finds the register's records of none.
            if !words.iter().any(|word| fits(&code, word).is_some()) {
                continue;
            }
            if let Some(rank) = rank(&[code, en, zh, one, one_zh], words) {
                let hit = HitView {
                    kind: "record".to_owned(),
                    form: Some(form),
                    text: Some(name),
                    ..self.subject_hit(SITE)
                };
                found.push((rank, hit));
            }
        }
        Ok(best(found))
    }

    fn form_hits(&self, subject: &str, words: &[String]) -> Outcome<Vec<HitView>> {
        let mut found = Vec::new();
        let study = self.study_of(subject)?;
        for form in &study.def().forms {
            let [en, zh] = both(&form.name);
            let Some(rank) = rank(&[en, zh, fold(&form.oid)], words) else {
                continue;
            };
            for (path, begun) in self.occurrences_of(subject, &form.oid)? {
                let rank = if begun { rank } else { rank + UNTOUCHED };
                found.push((
                    rank,
                    HitView {
                        kind: "form".to_owned(),
                        form: Some(path),
                        ..self.subject_hit(subject)
                    },
                ));
            }
        }
        Ok(best(found))
    }

    fn item_hits(&self, subject: &str, words: &[String]) -> Outcome<Vec<HitView>> {
        let mut found = Vec::new();
        let study = self.study_of(subject)?;
        for form in &study.def().forms {
            for group in &form.groups {
                for item in &group.items {
                    let [en, zh] = both(&item.question);
                    let oid = fold(&item.oid);
                    let short = oid.rsplit('.').next().unwrap_or_default().to_owned();
                    if let Some(rank) = rank(&[en, zh, oid, short], words) {
                        found.push((rank, (form, group, item)));
                    }
                }
            }
        }
        let mut hits = Vec::new();
        for (form, group, item) in best(found) {
            // Where it was answered last, else where it is asked first.
            let everywhere = self.occurrences_of(subject, &form.oid)?;
            let answered = everywhere.iter().rfind(|(_, begun)| *begun);
            let Some((at, _)) = answered.or(everywhere.first()).cloned() else {
                continue;
            };
            hits.push(HitView {
                kind: "item".to_owned(),
                item: Some(ItemPath {
                    form: at,
                    group: group.oid.clone(),
                    row: 1,
                    item: item.oid.clone(),
                }),
                ..self.subject_hit(subject)
            });
        }
        Ok(hits)
    }

    /// Queries by what was asked first; those not settled before those that are.
    fn query_hits(&self, who: Option<&str>, words: &[String]) -> Outcome<Vec<HitView>> {
        let file = &self.sitting()?.file;
        let filter = who.map_or(QueryFilter::All, QueryFilter::OfSubject);
        let mut found = Vec::new();
        for query in file.queries(filter)? {
            let Some(rank) = rank(&[fold(&query.text)], words) else {
                continue;
            };
            let (state, late) = match query.state {
                QueryState::Open => ("open", 0),
                QueryState::Answered => ("answered", 0),
                QueryState::Closed => ("closed", 10),
            };
            found.push((
                rank + late,
                HitView {
                    kind: "query".to_owned(),
                    item: Some(query.path.clone()),
                    query: Some(query.query),
                    text: Some(query.text),
                    state: Some(state.to_owned()),
                    ..self.subject_hit(&query.path.form.subject)
                },
            ));
        }
        Ok(best(found))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_fit_comes_first() {
        for (text, word, expected) in [
            ("platelets", "platelets", Some(0)),
            ("platelets", "plat", Some(1)),
            ("count of platelets", "plat", Some(2)),
            ("lab.plt", "plt", Some(2)),
            ("thrombocytes", "cyte", Some(3)),
            ("血小板计数", "血小板", Some(1)),
            ("外周血小板", "血小板", Some(2)),
            ("platelets", "neutrophils", None),
        ] {
            assert_eq!(fits(text, word), expected, "{text} {word}");
        }
    }

    #[test]
    fn width_and_case_do_not_matter() {
        assert_eq!(fold("Ｓ－００１　LAB"), "s-001 lab");
        assert_eq!(fold("CRS Grade"), "crs grade");
    }

    #[test]
    fn every_word_has_to_be_somewhere() {
        let words = |text: &str| fold(text).split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let texts = [fold("Platelets at screening"), fold("筛选期血小板"), fold("LAB.PLT")];
        assert!(rank(&texts, &words("platelets lab")).is_some());
        assert!(rank(&texts, &words("血小板 plt")).is_some());
        assert!(rank(&texts, &words("platelets neutrophils")).is_none());
    }
}
