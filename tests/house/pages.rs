//! What the pages may import and what they may never say.

use crate::source::{begins_word, demand, numbered, pages, Source};

/// The tiers of ui/src from the bottom. A file may import from its own folder and from lower tiers.
const TIERS: &[(&str, usize)] = &[
    ("bindings", 0),
    ("core", 1),
    ("i18n", 2),
    ("styles", 2),
    ("state", 3),
    ("components", 4),
    ("entry", 5),
    ("figures", 5),
    ("screens", 6),
    ("frame", 6),
];

/// The files right in ui/src, which put the application together.
const APPLICATION: usize = 7;

/// Where in ui/src a path lies: its tier, its folder, and for a screen the screen.
fn place(path: &str) -> (usize, String) {
    let parts: Vec<&str> = path.trim_start_matches("ui/src/").split('/').collect();
    let tier = tier_of(parts[0]).or((parts.len() == 1).then_some(APPLICATION));
    let folder = if parts[0] == "screens" && parts.len() > 2 {
        parts[..2].join("/")
    } else {
        parts[0].to_owned()
    };
    (tier.unwrap_or(APPLICATION + 1), folder)
}

fn tier_of(folder: &str) -> Option<usize> {
    TIERS.iter().find(|(name, _)| *name == folder).map(|(_, tier)| *tier)
}

/// Modules a text imports, each with its line.
fn imports(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (number, line) in numbered(text) {
        for opening in [
            "from '",
            "from \"",
            "import '",
            "import \"",
            "import('",
            "import(\"",
            "@import '",
            "@import \"",
        ] {
            let quote = opening.chars().next_back().unwrap();
            for (at, _) in line.match_indices(opening) {
                if let Some((module, _)) = line[at + opening.len()..].split_once(quote) {
                    found.push((number, module.to_owned()));
                }
            }
        }
    }
    found.dedup();
    found
}

/// The path a relative import means, from the top of the repository.
fn resolve(from: &str, module: &str) -> Option<String> {
    let mut parts: Vec<&str> = if module.starts_with('.') {
        from.split('/')
            .rev()
            .skip(1)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect()
    } else if let Some(alias) = module.strip_prefix('$').or_else(|| module.strip_prefix("@/")) {
        return tier_of(alias.split('/').next()?).map(|_| format!("ui/src/{alias}"));
    } else {
        return None;
    };
    for part in module.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn is_test(source: &Source) -> bool {
    source.path.contains(".test.") || source.path.contains(".spec.")
}

#[test]
fn one_folder_speaks_to_the_core() {
    let mut breaches = Vec::new();
    for source in pages()
        .iter()
        .filter(|source| !source.path.starts_with("ui/src/core/") && !is_test(source))
    {
        for (number, module) in imports(&source.text) {
            if module.starts_with("@tauri-apps") {
                breaches.push(format!("{}:{number}: imports {module}", source.path));
            }
        }
        for (number, line) in source.lines().filter(|(_, line)| line.contains("__TAURI")) {
            breaches.push(format!("{}:{number}: {}", source.path, line.trim()));
        }
    }
    demand(&breaches, "only ui/src/core may; ask it for what is needed.");
}

#[test]
fn every_folder_of_the_pages_has_a_tier() {
    let mut breaches = Vec::new();
    for source in pages() {
        if place(&source.path).0 > APPLICATION {
            breaches.push(format!("{}:1: lies in no tier", source.path));
        }
    }
    demand(
        &breaches,
        "the folders of ui/src are in TIERS (tests/house/pages.rs) and in ARCHITECTURE.md.",
    );
}

#[test]
fn imports_go_down() {
    let mut breaches = Vec::new();
    for source in pages().iter().filter(|source| !is_test(source)) {
        let (tier, folder) = place(&source.path);
        for (number, module) in imports(&source.text) {
            let Some(path) = resolve(&source.path, &module).filter(|path| path.starts_with("ui/src/")) else {
                continue;
            };
            let (other_tier, other_folder) = place(&path);
            if other_folder == folder || tier == APPLICATION || other_tier < tier {
                continue;
            }
            let both_screens = folder.starts_with("screens/") && other_folder.starts_with("screens");
            let why = if both_screens {
                "a screen imports another screen"
            } else {
                "imports from its own height or above"
            };
            breaches.push(format!("{}:{number}: {why}: {module}", source.path));
        }
    }
    demand(&breaches, "move what is shared down a tier, or hand it in from above.");
}

#[test]
fn components_know_nothing_of_trials() {
    let mut breaches = Vec::new();
    for source in pages()
        .iter()
        .filter(|source| source.path.starts_with("ui/src/components/") && !is_test(source))
    {
        for (number, module) in imports(&source.text) {
            if resolve(&source.path, &module).is_some_and(|path| path.starts_with("ui/src/bindings")) {
                breaches.push(format!("{}:{number}: imports {module}", source.path));
            }
        }
    }
    demand(
        &breaches,
        "a component takes plain values; what knows a Subject or an Item lives in entry, figures or screens.",
    );
}

/// What a page may never say, and what to do instead.
const NEVER: &[(&str, &str)] = &[
    ("{@html", "write markup; text from people must never become markup"),
    ("innerHTML", "write markup; text from people must never become markup"),
    ("outerHTML", "write markup; text from people must never become markup"),
    (
        "insertAdjacentHTML",
        "write markup; text from people must never become markup",
    ),
    ("document.write", "write markup"),
    ("eval(", "write the code itself; the content security policy refuses it"),
    (
        "new Function(",
        "write the code itself; the content security policy refuses it",
    ),
    ("console.log", "tell the person, or say nothing"),
    ("console.debug", "tell the person, or say nothing"),
    ("debugger", "remove it"),
    ("fetch(", "ask the core; the pages have no network"),
    ("XMLHttpRequest", "ask the core; the pages have no network"),
    ("WebSocket", "ask the core; the pages have no network"),
    (
        "localStorage",
        "keep it in the core: what the web view stores is not encrypted",
    ),
    (
        "sessionStorage",
        "keep it in memory: what the web view stores is not encrypted",
    ),
    (
        "indexedDB",
        "keep it in the core: what the web view stores is not encrypted",
    ),
];

/// What the web view may store all the same: how the pages look, never what they show.
const STORES: &[(&str, &str)] = &[
    ("ui/src/i18n/locale.svelte.ts", "the language, also before log-in"),
    ("ui/src/state/appearance.svelte.ts", "light or dark, also before log-in"),
];

#[test]
fn the_pages_never_say() {
    let mut breaches = Vec::new();
    for source in pages().iter().filter(|source| !is_test(source)) {
        for (number, line) in source.lines() {
            let code = line.trim_start();
            if code.starts_with("//") || code.starts_with('*') || code.starts_with("/*") {
                continue;
            }
            for (word, instead) in NEVER {
                if *word == "localStorage" && STORES.iter().any(|(path, _)| *path == source.path) {
                    continue;
                }
                if begins_word(line, word) {
                    breaches.push(format!("{}:{number}: {word}: {instead}", source.path));
                }
            }
        }
    }
    demand(&breaches, "each line says what to do instead.");
}

#[test]
fn no_style_stands_in_the_markup() {
    let mut breaches = Vec::new();
    for source in pages().iter().filter(|source| source.is(&[".svelte", ".html"])) {
        for (number, line) in source.lines() {
            for opening in [" style=\"", " style='"] {
                let quote = opening.chars().next_back().unwrap();
                let fixed = |at: usize| {
                    line[at + opening.len()..]
                        .split(quote)
                        .next()
                        .is_some_and(|value| !value.contains('{'))
                };
                if line.match_indices(opening).any(|(at, _)| fixed(at)) {
                    breaches.push(format!("{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    demand(
        &breaches,
        "use a class: the content security policy ignores style attributes that are not set by code.",
    );
}

#[test]
fn imports_are_read() {
    let found = imports("import a from './a';\nimport '../b.css';\nconst c = await import(\"$core/c\");");
    assert_eq!(
        found,
        [(1, "./a".into()), (2, "../b.css".into()), (3, "$core/c".into())]
    );
    assert_eq!(
        resolve("ui/src/screens/today/Today.svelte", "../../core/ask").as_deref(),
        Some("ui/src/core/ask")
    );
    assert_eq!(
        resolve("ui/src/entry/Item.svelte", "$core/ask").as_deref(),
        Some("ui/src/core/ask")
    );
    assert_eq!(resolve("ui/src/entry/Item.svelte", "svelte"), None);
    assert_eq!(place("ui/src/screens/today/Today.svelte"), (6, "screens/today".into()));
    assert_eq!(place("ui/src/App.svelte").0, APPLICATION);
    assert_eq!(place("ui/src/core"), (1, "core".into()));
}
