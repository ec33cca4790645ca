//! `hallpass partners [WORD]`

use clap::builder::{PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use hallpass_document::nearest;
use hallpass_renderer::partners::Partners;

use crate::cli::{self, Output};
use crate::exit::Exit;
use crate::output::json::print_json;
use crate::output::pretty::partners::print_partners;

pub(crate) fn run(arguments: &cli::Partners) -> Exit {
    let known = Partners::known();
    let found = match &arguments.word {
        Some(word) => &known.with(word),
        None => known,
    };
    match arguments.output {
        Output::Json => print_json(found, Exit::Success),
        Output::Pretty => print_partners(found),
    }
}

/// A word that finds a partner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Word;

impl TypedValueParser for Word {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        _: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<String, clap::Error> {
        let word = value.to_string_lossy();
        let known = Partners::known();
        if !known.with(&word).partners.is_empty() {
            return Ok(word.into_owned());
        }
        let words: Vec<(String, &str)> = known.words().map(|word| (word.to_lowercase(), word)).collect();
        let near = nearest(&word.to_lowercase(), words.iter().map(|(lower, _)| lower.as_str()));
        let meant = words.iter().find(|(lower, _)| near == Some(lower));
        let help = match meant {
            Some((_, meant)) => format!("did you mean `{meant}`?"),
            None => "`hallpass partners` lists all known partners".to_owned(),
        };
        Err(command.clone().error(
            ErrorKind::InvalidValue,
            format!("no partner has `{word}` in its name, paths or labels: {help}"),
        ))
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Partners::known().words().map(PossibleValue::new)))
    }
}
