//! The groups that `\p{...}` may name.

use regex_syntax::ast::{Ast, ClassUnicode as Named, ClassUnicodeKind, ClassUnicodeOpKind, Position, Span};
use regex_syntax::hir::{Class, ClassUnicode, HirKind, translate::Translator};

use super::charset;

/// General categories, as both Go and RE2 spell them. `C` is not one of them: Go 1.25 and later count unassigned
/// characters as `C`, RE2 and older Go do not, and a pattern that is not read the same everywhere is refused.
const CATEGORIES: [&str; 35] = [
    "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No",
    "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs",
];

/// Scripts that Go, RE2 and the tables at hand all have. A script that only the newest of them know is
/// refused: whether the cluster knows it cannot be told.
const SCRIPTS: &str = "\
    Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali \
    Bhaiksuki Bopomofo Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma \
    Cham Cherokee Chorasmian Common Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari \
    Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic \
    Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana \
    Imperial_Aramaic Inherited Inscriptional_Pahlavi Inscriptional_Parthian Javanese Kaithi Kannada Katakana \
    Kawi Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki Khudawadi Lao Latin Lepcha Limbu Linear_A \
    Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean Marchen Masaram_Gondi \
    Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi Mongolian Mro \
    Multani Myanmar Nabataean Nag_Mundari Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong \
    Ogham Ol_Chiki Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian \
    Old_South_Arabian Old_Turkic Old_Uyghur Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa \
    Phoenician Psalter_Pahlavi Rejang Runic Samaritan Saurashtra Sharada Shavian Siddham SignWriting Sinhala \
    Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet \
    Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto Ugaritic Vai Vithkuqi Wancho \
    Warang_Citi Yezidi Yi Zanabazar_Square";

/// The group of that exact name. Go 1.25 and later also read `Letter`, `ASCII` or `greek`; RE2 and older Go
/// do not, so they are refused here.
pub(super) fn group(name: &str) -> Option<ClassUnicode> {
    match name {
        "Any" => Some(charset::any()),
        // No text has surrogates.
        "Cs" => Some(ClassUnicode::empty()),
        _ if CATEGORIES.contains(&name) => table("gc", name),
        _ if scripts().any(|script| script == name) => table("sc", name),
        _ => None,
    }
}

/// The name that was probably meant: the same letters, written otherwise.
pub(super) fn suggestion(name: &str) -> Option<&'static str> {
    scripts().chain(CATEGORIES).find(|known| letters(known).eq(letters(name)))
}

fn scripts() -> impl Iterator<Item = &'static str> {
    SCRIPTS.split(' ')
}

fn letters(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_lowercase())
}

/// One table of regex-syntax, asked for through the tree of its parser: its tables are private.
fn table(property: &str, value: &str) -> Option<ClassUnicode> {
    let start = Position::new(0, 1, 1);
    let named = Named {
        span: Span::splat(start),
        negated: false,
        kind: ClassUnicodeKind::NamedValue {
            op: ClassUnicodeOpKind::Equal,
            name: property.to_owned(),
            value: value.to_owned(),
        },
    };
    let hir = Translator::new().translate("", &Ast::class_unicode(named)).ok()?;
    match hir.into_kind() {
        HirKind::Class(Class::Unicode(class)) => Some(class),
        // A table of one character becomes a literal.
        HirKind::Literal(literal) => {
            let text = std::str::from_utf8(&literal.0).ok()?;
            let mut set = charset::Charset::default();
            text.chars().for_each(|c| set.add_range(u32::from(c), u32::from(c)));
            Some(set.finish(false, false))
        }
        _ => None,
    }
}
