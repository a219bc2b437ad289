//! The four font files: found by name, read once, asked which characters they have.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use conduct::renderings::RenderFault;
use typst::{
    foundations::Bytes,
    text::{Font, FontBook},
    utils::LazyHash,
};

/// File names in the order of [`Loaded::fonts`]: Latin before Chinese, each regular and bold.
const FILES: [&str; 4] = [
    "Inter_400Regular.ttf",
    "Inter_700Bold.ttf",
    "NotoSansSC_400Regular.ttf",
    "NotoSansSC_700Bold.ttf",
];
/// Where they stand in the npm packages, tried before the folder is searched.
const USUAL: [&str; 6] = [
    "",
    "fonts",
    "@expo-google-fonts/inter/400Regular",
    "@expo-google-fonts/inter/700Bold",
    "@expo-google-fonts/noto-sans-sc/400Regular",
    "@expo-google-fonts/noto-sans-sc/700Bold",
];
/// Folders below the one given that are looked into.
const DEEPEST: usize = 6;

/// Paths of the font files, and the fonts once a page was asked for.
#[derive(Debug)]
pub(crate) struct Fonts {
    paths: [PathBuf; 4],
    loaded: OnceLock<Result<Loaded, String>>,
}

/// Fonts in memory.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) fonts: Vec<Font>,
    pub(crate) book: LazyHash<FontBook>,
    latin: Characters,
    chinese: Characters,
}

/// A set of characters, one bit each.
#[derive(Debug)]
struct Characters(Vec<u64>);

impl Fonts {
    /// Finds all four or says which are absent.
    pub(crate) fn find(folder: &Path) -> Result<Self, RenderFault> {
        let found = FILES.map(|name| find(folder, name));
        let absent: Vec<&str> = FILES
            .iter()
            .zip(&found)
            .filter(|(_, path)| path.is_none())
            .map(|(name, _)| *name)
            .collect();
        match found {
            [Some(a), Some(b), Some(c), Some(d)] => Ok(Self {
                paths: [a, b, c, d],
                loaded: OnceLock::new(),
            }),
            [..] => Err(RenderFault::NoFonts(format!(
                "{} ({})",
                folder.display(),
                absent.join(", ")
            ))),
        }
    }

    /// The fonts, read at the first call.
    pub(crate) fn loaded(&self) -> Result<&Loaded, RenderFault> {
        let loaded = self.loaded.get_or_init(|| Loaded::read(&self.paths));
        loaded.as_ref().map_err(|what| RenderFault::NoFonts(what.clone()))
    }
}

impl Loaded {
    fn read(paths: &[PathBuf; 4]) -> Result<Self, String> {
        let mut fonts = Vec::with_capacity(paths.len());
        for path in paths {
            let bytes = fs::read(path).map_err(|fault| format!("{}: {fault}", path.display()))?;
            let font = Font::new(Bytes::new(bytes), 0).ok_or_else(|| format!("{}: not a font", path.display()))?;
            fonts.push(font);
        }
        let both = |regular: usize| {
            let regular_and_bold = fonts.get(regular).zip(fonts.get(regular + 1));
            regular_and_bold.map_or_else(
                || Characters(Vec::new()),
                |(a, b)| Characters::of(a).and(&Characters::of(b)),
            )
        };
        let (latin, chinese) = (both(0), both(2));
        Ok(Self {
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            latin,
            chinese,
        })
    }

    /// Whether the Latin font has it, in both weights.
    pub(crate) fn in_latin(&self, character: char) -> bool {
        self.latin.has(character)
    }

    /// Whether the Chinese font has it, in both weights.
    pub(crate) fn in_chinese(&self, character: char) -> bool {
        self.chinese.has(character)
    }
}

impl Characters {
    fn of(font: &Font) -> Self {
        let mut bits = vec![0; 0x11_0000 / 64];
        for code in font.info().coverage.iter() {
            if let Some(word) = usize::try_from(code / 64).ok().and_then(|at| bits.get_mut(at)) {
                *word |= 1_u64 << (code % 64);
            }
        }
        Self(bits)
    }

    fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(a, b)| a & b).collect())
    }

    fn has(&self, character: char) -> bool {
        let code = u32::from(character);
        let word = usize::try_from(code / 64).ok().and_then(|at| self.0.get(at));
        word.is_some_and(|word| word >> (code % 64) & 1 == 1)
    }
}

/// The file of that name in one of the usual places, else anywhere below the folder.
fn find(folder: &Path, name: &str) -> Option<PathBuf> {
    let usual = USUAL
        .iter()
        .map(|place| folder.join(place).join(name))
        .find(|path| path.is_file());
    usual.or_else(|| below(folder, name, DEEPEST))
}

/// Folders in order of name, so that the same tree always gives the same file; links are not followed, so no circle.
fn below(folder: &Path, name: &str, deeper: usize) -> Option<PathBuf> {
    let here = folder.join(name);
    if here.is_file() {
        return Some(here);
    }
    let deeper = deeper.checked_sub(1)?;
    let entries = fs::read_dir(folder).ok()?;
    let folders = entries
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
    let mut folders: Vec<PathBuf> = folders.map(|entry| entry.path()).collect();
    folders.sort();
    folders.iter().find_map(|folder| below(folder, name, deeper))
}
