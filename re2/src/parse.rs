//! Parses the dialect of Go's `regexp`, restricted to what RE2 also accepts: it is not public which of the two
//! evaluates a cluster's allowlists. If they disagree on a meaning, Go's applies.

use crate::ast::{Ast, ClassId, Node, NodeId};
use crate::bracket;
use crate::characters::Characters;
use crate::charset::{self, Charset};
use crate::cursor::Cursor;
use crate::error::{Kind, PatternError};
use crate::escape;
use crate::group::{self, Flags, Opening};
use crate::nfa::Look;
use crate::repeat::{self, Braces, Times};
use crate::utf8::ByteClass;

/// Parses a pattern.
pub(crate) fn parse(pattern: &str) -> Result<Ast, PatternError> {
    let mut parser = Parser::new(pattern);
    while let Some(next) = parser.cursor.peek() {
        let before = parser.cursor.at();
        let repeated = parser.step(next)?;
        parser.last_repeat = repeated.then_some(before);
    }
    parser.finish()
}

/// An open group, or the whole pattern.
struct Group {
    start: usize,
    captures: bool,
    /// The flags to restore after it.
    outer: Flags,
    branches: Vec<NodeId>,
    /// The number of the parser's items that belong to the enclosing groups.
    items_before: usize,
}

struct Parser<'p> {
    cursor: Cursor<'p>,
    flags: Flags,
    ast: Ast,
    /// The enclosing groups of `current`, outermost first.
    outer: Vec<Group>,
    current: Group,
    /// The items of the current branch, after those of the enclosing branches.
    items: Vec<NodeId>,
    /// The class of `.`, without and with newlines, because patterns often use it several times.
    dots: [Option<ClassId>; 2],
    /// The start of the last repetition operator, if nothing follows it.
    last_repeat: Option<usize>,
}

impl<'p> Parser<'p> {
    fn new(pattern: &'p str) -> Self {
        let whole =
            Group { start: 0, captures: false, outer: Flags::default(), branches: vec![], items_before: 0 };
        Parser {
            cursor: Cursor::new(pattern),
            flags: Flags::default(),
            ast: Ast::with_capacity(pattern.len()),
            outer: Vec::new(),
            current: whole,
            items: Vec::with_capacity(pattern.len()),
            dots: [None; 2],
            last_repeat: None,
        }
    }

    /// Parses the text that starts with `next`, and returns whether it was a repetition operator.
    fn step(&mut self, next: char) -> Result<bool, PatternError> {
        let start = self.cursor.at();
        match next {
            '\\' => return self.escape().map(|()| false),
            '[' => {
                let class = bracket::class(&mut self.cursor, self.flags.fold)?;
                return self.class(&class).map(|()| false);
            }
            '(' if self.cursor.rest().starts_with("(?") => return self.perl_group(start).map(|()| false),
            '{' => match repeat::braces(&mut self.cursor) {
                Braces::Times(times) => return self.repeat(start, times, true).map(|()| true),
                Braces::Invalid => return Err(self.cursor.error_since(start, Kind::RepeatCount)),
                Braces::Literal => {}
            },
            _ => {}
        }
        self.cursor.bump();
        match next {
            '(' => self.open(start, true),
            '|' => {
                let branch = self.concat(start)?;
                self.current.branches.push(branch);
            }
            ')' => self.close(start)?,
            '^' if self.flags.multi_line => self.look(Look::StartOfLine)?,
            '^' => self.look(Look::Start)?,
            '$' if self.flags.multi_line => self.look(Look::EndOfLine)?,
            '$' => self.look(Look::End)?,
            '.' => self.dot()?,
            '*' => return self.repeat(start, Times { min: 0, max: None }, false).map(|()| true),
            '+' => return self.repeat(start, Times { min: 1, max: None }, false).map(|()| true),
            '?' => return self.repeat(start, Times { min: 0, max: Some(1) }, false).map(|()| true),
            _ => self.literal(u32::from(next))?,
        }
        Ok(false)
    }

    fn escape(&mut self) -> Result<(), PatternError> {
        let looks = [
            ("\\A", Look::Start),
            ("\\z", Look::End),
            ("\\b", Look::WordBoundary),
            ("\\B", Look::NoWordBoundary),
        ];
        if let Some((_, look)) = looks.into_iter().find(|(text, _)| self.cursor.eat(text)) {
            return self.look(look);
        }
        if self.cursor.eat("\\Q") {
            let quoted = self.cursor.eat_until("\\E").unwrap_or_else(|| self.cursor.eat_rest());
            return quoted.chars().try_for_each(|c| self.literal(u32::from(c)));
        }
        if let Some((group, negated)) = escape::group(&mut self.cursor)? {
            let mut set = Charset::default();
            set.add_group(group, negated, self.flags.fold);
            return self.class(&set.finish(false, self.flags.fold));
        }
        let code = escape::character(&mut self.cursor)?;
        self.literal(code)
    }

    fn perl_group(&mut self, start: usize) -> Result<(), PatternError> {
        match group::opening(&mut self.cursor, self.flags)? {
            Opening::Flags(flags) => self.flags = flags,
            Opening::Group(flags) => {
                self.open(start, false);
                self.flags = flags;
            }
            Opening::Capture => self.open(start, true),
        }
        Ok(())
    }

    fn open(&mut self, start: usize, captures: bool) {
        let items_before = self.items.len();
        let inner = Group { start, captures, outer: self.flags, branches: vec![], items_before };
        self.outer.push(std::mem::replace(&mut self.current, inner));
    }

    fn close(&mut self, at: usize) -> Result<(), PatternError> {
        let content = self.alternate(at)?;
        let Some(around) = self.outer.pop() else {
            return Err(self.cursor.error_whole(at, Kind::UnexpectedParen));
        };
        let group = std::mem::replace(&mut self.current, around);
        self.flags = group.outer;
        if group.captures {
            self.ast.raise(content).map_err(|kind| self.cursor.error_whole(group.start, kind))?;
        }
        self.items.push(content);
        Ok(())
    }

    fn finish(mut self) -> Result<Ast, PatternError> {
        if !self.outer.is_empty() {
            return Err(self.cursor.error_whole(self.current.start, Kind::MissingParen));
        }
        let root = self.alternate(0)?;
        self.ast.set_root(root);
        Ok(self.ast)
    }

    /// Ends the current branch.
    fn concat(&mut self, at: usize) -> Result<NodeId, PatternError> {
        let items = self.items.split_off(self.current.items_before);
        self.join(items, at, Node::Concat)
    }

    /// Ends the current group.
    fn alternate(&mut self, at: usize) -> Result<NodeId, PatternError> {
        let branch = self.concat(at)?;
        let mut branches = std::mem::take(&mut self.current.branches);
        branches.push(branch);
        self.join(branches, at, Node::Alternate)
    }

    /// A single part needs no node.
    fn join(
        &mut self,
        parts: Vec<NodeId>,
        at: usize,
        node: fn(Vec<NodeId>) -> Node,
    ) -> Result<NodeId, PatternError> {
        match parts.as_slice() {
            [only] => Ok(*only),
            _ => self.ast.add(node(parts)).map_err(|kind| self.cursor.error_whole(at, kind)),
        }
    }

    fn push(&mut self, node: Node) -> Result<(), PatternError> {
        let at = self.cursor.at();
        let id = self.ast.add(node).map_err(|kind| self.cursor.error_whole(at, kind))?;
        self.items.push(id);
        Ok(())
    }

    fn look(&mut self, look: Look) -> Result<(), PatternError> {
        self.push(Node::Look(look))
    }

    fn literal(&mut self, code: u32) -> Result<(), PatternError> {
        match char::from_u32(code) {
            Some(c) if !self.flags.fold => self.push(Node::Char(c)),
            _ => {
                let mut set = Charset::default();
                set.add_range(code, code);
                self.class(&set.finish(false, self.flags.fold))
            }
        }
    }

    fn class(&mut self, class: &Characters) -> Result<(), PatternError> {
        let id = self.ast.add_class(ByteClass::new(class));
        self.push(Node::Class(id))
    }

    fn dot(&mut self) -> Result<(), PatternError> {
        let newline = self.flags.dot_newline;
        let [without, with] = &mut self.dots;
        let known = if newline { with } else { without };
        let id = *known.get_or_insert_with(|| self.ast.add_class(ByteClass::new(&charset::dot(newline))));
        self.push(Node::Class(id))
    }

    fn repeat(&mut self, start: usize, times: Times, counted: bool) -> Result<(), PatternError> {
        // A lazy repetition matches the same whole texts as a greedy one.
        self.cursor.eat("?");
        if let Some(last) = self.last_repeat {
            return Err(self.cursor.error_since(last, Kind::RepeatOperator));
        }
        let in_branch = self.items.len() > self.current.items_before;
        let Some(node) = self.items.pop_if(|_| in_branch) else {
            return Err(self.cursor.error_since(start, Kind::MissingRepeatArgument));
        };
        let Times { min, max } = times;
        let repeat = self.ast.add(Node::Repeat { node, min, max, counted }).map_err(|kind| match kind {
            Kind::RepeatCount => self.cursor.error_since(start, kind),
            _ => self.cursor.error_whole(start, kind),
        })?;
        self.items.push(repeat);
        Ok(())
    }
}
