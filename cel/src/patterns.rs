//! `matches`, with the RE2 of this repository: Kubernetes uses Go's patterns, and the `cel` crate another dialect.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use cel::common::types::{CelBool, CelString};
use cel::{DeclarationError, Env, ExecutionError, add_member_overload};
use hallpass_re2::{Entry, Matcher};

pub(crate) fn extension(env: &mut Env) -> Result<(), DeclarationError> {
    add_member_overload!(env, fn matches: (CelString, CelString) -> Result<CelBool>)
}

thread_local! {
    static MATCHERS: RefCell<HashMap<String, Rc<Matcher<'static>>>> = RefCell::default();
}

/// Whether any part of the text matches.
fn matches(text: &CelString<'_>, pattern: &CelString<'_>) -> Result<CelBool, ExecutionError> {
    let pattern = pattern.inner();
    if let Some(matcher) = MATCHERS.with_borrow(|matchers| matchers.get(pattern).cloned()) {
        return Ok(matcher.matches(text.inner()).into());
    }
    // The tests have few patterns, and matchers borrow them.
    let anywhere: &'static str = format!("(?s:.*)(?:{pattern})(?s:.*)").leak();
    let (Ok(_), Ok(matcher)) =
        (Matcher::new([Entry::Pattern(pattern)]), Matcher::new([Entry::Pattern(anywhere)]))
    else {
        return Err(ExecutionError::function_error("matches", format!("`{pattern}` is not a pattern")));
    };
    let is_match = matcher.matches(text.inner());
    MATCHERS.with_borrow_mut(|matchers| matchers.insert(pattern.to_owned(), Rc::new(matcher)));
    Ok(is_match.into())
}
