//! Compiles parsed patterns to one automaton, back to front: each emitted state leads to an existing one.
//!
//! A pattern may nest a thousand levels deep, and a Wasm host may provide half a megabyte of stack, so the tasks are
//! kept in a list.

use crate::ast::{Ast, Node, NodeId};
use crate::nfa::{Nfa, StateId, Transition};
use crate::utf8::{ByteClass, Target};

/// Compiles the automaton of all texts that one of `asts` matches as a whole.
pub(crate) fn compile(asts: &[Ast]) -> Nfa {
    let mut nfa = Nfa::new(asts.iter().map(|ast| ast.cost() as usize).sum());
    let mut start = None;
    for ast in asts {
        let ast = emit(ast, &mut nfa);
        start = Some(nfa.union(start, ast));
    }
    let start = start.unwrap_or_else(|| nfa.bytes([]));
    nfa.set_start(start);
    nfa
}

/// The remaining work. When a task ends, `at` is the state that follows the text before it.
enum Task<'t> {
    Node(NodeId),
    /// Ends a branch: records its start, and continues with the branch to the left.
    Branch {
        left: &'t [NodeId],
        start: Option<StateId>,
        end: StateId,
    },
    /// `left` more copies of a node in sequence.
    Copies {
        node: NodeId,
        left: u32,
    },
    /// `left` more copies of a node; `end` can be reached before each of them.
    Optional {
        node: NodeId,
        left: u32,
        end: StateId,
    },
    /// Ends the body of a loop; `decide` is the state that repeats it. Without `skip`, the body runs at least once.
    Loop {
        decide: StateId,
        skip: bool,
    },
    /// Makes everything emitted since `end` optional.
    Skip {
        end: StateId,
    },
}

/// Emits a pattern that leads to the match, and returns its start state.
fn emit(ast: &Ast, nfa: &mut Nfa) -> StateId {
    let mut tasks: Vec<Task<'_>> = ast.root().map(Task::Node).into_iter().collect();
    let mut at = Nfa::MATCH;
    while let Some(task) = tasks.pop() {
        match task {
            Task::Node(id) => match ast.node(id) {
                None => at = nfa.bytes([]),
                Some(Node::Char(c)) => at = character(nfa, *c, at),
                Some(Node::Class(id)) => {
                    at = match ast.class(*id) {
                        Some(class) => bytes(nfa, class, at),
                        None => nfa.bytes([]),
                    }
                }
                Some(Node::Look(look)) => at = nfa.look(*look, at),
                Some(Node::Concat(items)) => tasks.extend(items.iter().map(|item| Task::Node(*item))),
                Some(Node::Alternate(branches)) => {
                    if let Some((last, left)) = branches.split_last() {
                        tasks.push(Task::Branch { left, start: None, end: at });
                        tasks.push(Task::Node(*last));
                    }
                }
                Some(Node::Repeat { node, min, max: Some(max), .. }) => {
                    tasks.push(Task::Copies { node: *node, left: *min });
                    tasks.push(Task::Optional { node: *node, left: max.saturating_sub(*min), end: at });
                }
                Some(Node::Repeat { node, min, max: None, .. }) => {
                    let decide = nfa.open(at);
                    tasks.push(Task::Copies { node: *node, left: min.saturating_sub(1) });
                    tasks.push(Task::Loop { decide, skip: *min == 0 });
                    tasks.push(Task::Node(*node));
                    at = decide;
                }
            },
            Task::Branch { left, start, end } => {
                at = nfa.union(start, at);
                if let Some((last, left)) = left.split_last() {
                    tasks.push(Task::Branch { left, start: Some(at), end });
                    tasks.push(Task::Node(*last));
                    at = end;
                }
            }
            Task::Copies { node, left } => {
                if let Some(left) = left.checked_sub(1) {
                    tasks.push(Task::Copies { node, left });
                    tasks.push(Task::Node(node));
                }
            }
            Task::Optional { node, left, end } => {
                if let Some(left) = left.checked_sub(1) {
                    tasks.push(Task::Optional { node, left, end });
                    tasks.push(Task::Skip { end });
                    tasks.push(Task::Node(node));
                }
            }
            Task::Skip { end } => at = nfa.union(Some(end), at),
            Task::Loop { decide, skip } => {
                nfa.close(decide, at);
                if skip {
                    at = decide;
                }
            }
        }
    }
    at
}

fn character(nfa: &mut Nfa, c: char, end: StateId) -> StateId {
    let mut buffer = [0; 4];
    let bytes = c.encode_utf8(&mut buffer).bytes().rev();
    bytes.fold(end, |next, byte| nfa.byte(Transition { low: byte, high: byte, next }))
}

fn bytes(nfa: &mut Nfa, class: &ByteClass, end: StateId) -> StateId {
    let mut emitted: Vec<StateId> = Vec::with_capacity(class.states().len());
    for arcs in class.states() {
        let state = nfa.bytes(arcs.iter().filter_map(|arc| {
            let next = match arc.target {
                Target::End => end,
                Target::State(index) => *emitted.get(index)?,
            };
            Some(Transition { low: arc.low, high: arc.high, next })
        }));
        emitted.push(state);
    }
    emitted.last().copied().unwrap_or_else(|| nfa.bytes([]))
}
